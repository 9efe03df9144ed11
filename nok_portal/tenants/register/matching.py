"""Lines of a list beside the register: which are new, which change something, which are the same or wrong."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nok_portal.common.text import fold

from .cells import Value
from .names import ALIKE, core_words, short_name_of, similarity
from .reading import Line, Problem

# with the same INN a name this alike is the same institution renamed, one less alike is a branch
_RENAMED = 0.6
FIELDS = (
    "name", "short_name", "inn", "sphere", "organization_type", "founder", "site", "address",
    "head_post", "head_name", "recipients_last_year", "active_from", "active_to",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """An organization of the register. `merged` ones are known too, so that a list does not bring them back."""

    pk: int
    version: int
    values: dict[str, Value]
    merged: bool = False


@dataclass
class Outcome:
    """What a line means: kind is 'new', 'changed', 'same', 'error' or 'skipped'."""

    line: Line
    kind: str
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    organization: int | None = None
    version: int | None = None
    values: dict[str, Value] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)


class _Register:
    """The organizations, found by number and by name."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_name: dict[tuple[str, str], list[Known]] = defaultdict(list)
        self.by_inn: dict[str, list[Known]] = defaultdict(list)
        self.by_core: dict[tuple[str, ...], list[Known]] = defaultdict(list)
        for one in known:
            names = {fold(str(one.values["name"])), fold(str(one.values["short_name"]))}
            for name in names:
                self.by_name[str(one.values["inn"]), name].append(one)
            if not one.merged:
                if one.values["inn"]:
                    self.by_inn[str(one.values["inn"])].append(one)
                for core in {core_words(str(one.values["name"])), core_words(str(one.values["short_name"]))}:
                    self.by_core[tuple(sorted(core))].append(one)


def classify(lines: Iterable[Line], known: Iterable[Known]) -> list[Outcome]:
    """Each line in one of the five kinds; lines that mean the same organization twice are told."""
    register = _Register(known)
    lines = list(lines)
    inn_lines: dict[str, int] = defaultdict(int)
    for line in lines:
        if line.values.get("inn"):
            inn_lines[str(line.values["inn"])] += 1
    outcomes: list[Outcome] = []
    taken: dict[int, int] = {}
    created: dict[tuple[str, str], int] = {}
    for line in lines:
        outcome = _classify(line, register, only_one_with_inn=inn_lines.get(str(line.values.get("inn"))) == 1)
        outcomes.append(outcome)
        if outcome.kind in {"skipped", "error"}:
            continue
        key = (str(outcome.values["inn"]), fold(str(outcome.values["name"])))
        earlier = taken.get(outcome.organization) if outcome.organization else created.get(key)
        if earlier is not None:
            outcome.kind = "error"
            outcome.problems.append(
                _whole(f"Та же организация, что в строке {earlier}. Оставьте в файле одну из этих строк.")
            )
        elif outcome.organization:
            taken[outcome.organization] = line.number
        else:
            created[key] = line.number
    return outcomes


def _classify(line: Line, register: _Register, *, only_one_with_inn: bool) -> Outcome:
    if line.skipped:
        return Outcome(line, "skipped", notes=[line.skipped])
    outcome = Outcome(line, "new", problems=list(line.faults))
    if line.values.get("name"):
        candidates = _candidates(line.values, register, only_one_with_inn=only_one_with_inn)
        if len(candidates) > 1:
            outcome.problems.append(_whole(_which_of(candidates, line.values)))
        elif candidates:
            _compare(outcome, candidates[0])
        else:
            _fill_new(outcome, register)
    if not outcome.problems:
        _check_whole(outcome, register)
    if outcome.problems:
        outcome.kind, outcome.changes = "error", []
    return outcome


def _candidates(values: dict[str, Value], register: _Register, *, only_one_with_inn: bool) -> list[Known]:
    inn, name = str(values.get("inn", "")), fold(str(values["name"]))
    exact = register.by_name.get((inn, name), [])
    if exact:
        standing = [one for one in exact if not one.merged]
        full = [one for one in standing if fold(str(one.values["name"])) == name]
        return full or standing or exact[:1]
    core = core_words(str(values["name"]))
    if inn:
        same = register.by_inn.get(inn, [])
        alike = [one for one in same if _alike(core, one) >= ALIKE]
        if alike:
            return alike
        if len(same) == 1 and only_one_with_inn and _alike(core, same[0]) >= _RENAMED:
            return same
    # without a number on one of the sides the words of the name must be the same ones
    same_words = register.by_core.get(tuple(sorted(core)), [])
    return [
        one
        for one in same_words
        if (not inn or not one.values["inn"]) and (not values.get("sphere") or values["sphere"] == one.values["sphere"])
    ]


def _alike(core: tuple[str, ...], one: Known) -> float:
    return max(similarity(core, core_words(str(one.values[name]))) for name in ("name", "short_name"))


def _which_of(candidates: list[Known], values: dict[str, Value]) -> str:
    names = " и ".join(f"«{one.values['short_name']}»" for one in candidates[:2])
    what = "Уточните название" if values.get("inn") else "Впишите ИНН или уточните название"
    return f"В реестре подходят {names}. {what}, чтобы портал не ошибся."


def _compare(outcome: Outcome, known: Known) -> None:
    outcome.organization, outcome.version = known.pk, known.version
    if known.merged:
        outcome.kind, outcome.values = "same", dict(known.values)
        outcome.notes.append("Раньше объединена с другой организацией как дубль, поэтому не меняется.")
        return
    given = {name: value for name, value in outcome.line.values.items() if name in FIELDS}
    if _is_abbreviated(str(given["name"]), known):
        del given["name"]
    outcome.values = {**known.values, **given}
    outcome.changes = [
        {"field": name, "before": known.values[name], "after": given[name]}
        for name in FIELDS
        if name in given and given[name] != known.values[name]
    ]
    outcome.kind = "changed" if outcome.changes else "same"


def _is_abbreviated(name: str, known: Known) -> bool:
    """Whether a list merely names the organization shorter than the register: «МБОУ СОШ № 2». No news, then."""
    full = str(known.values["name"])
    if name == known.values["short_name"] != full:
        return True
    return len(name) < len(full) and core_words(name) == core_words(full)


def _fill_new(outcome: Outcome, register: _Register) -> None:
    given = outcome.line.values
    blank: dict[str, Value] = dict.fromkeys(FIELDS, "")
    blank |= {"recipients_last_year": None, "active_from": None, "active_to": None}
    outcome.values = {**blank, **given}
    if not outcome.values["short_name"]:
        outcome.values["short_name"] = short_name_of(str(given["name"]))
    if not outcome.values["sphere"] and not any("фера" in fault.title for fault in outcome.problems):
        outcome.problems.append(
            _whole("Сфера не указана. Добавьте столбец «Сфера» или выберите сферу для всего файла при загрузке.")
        )
    for one in register.by_inn.get(str(given.get("inn", "")), [])[:1]:
        outcome.notes.append(f"С этим ИНН в реестре уже есть «{one.values['short_name']}».")
    alike = register.by_core.get(tuple(sorted(core_words(str(given["name"])))), [])
    for one in alike[:1]:
        if one.values["inn"] != outcome.values["inn"]:
            outcome.notes.append(f"Похожее название уже есть: «{one.values['short_name']}», ИНН {one.values['inn']}.")


def _check_whole(outcome: Outcome, register: _Register) -> None:
    start, end = outcome.values.get("active_from"), outcome.values.get("active_to")
    if start and end and date.fromisoformat(str(end)) < date.fromisoformat(str(start)):
        outcome.problems.append(_whole("Организация закрыта раньше, чем открыта. Проверьте обе даты."))
    namesakes = register.by_name.get((str(outcome.values["inn"]), fold(str(outcome.values["name"]))), [])
    for one in namesakes:
        if one.pk != outcome.organization and not one.merged and one.values["name"] == outcome.values["name"]:
            outcome.problems.append(
                _whole(f"Такое название с тем же ИНН уже у «{one.values['short_name']}». Уточните название.")
            )


def _whole(message: str) -> Problem:
    return Problem("", "", message)
