"""Changes of a line in its place: its words, its step and quantity, its responsible parties; one or several lines."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.models import AuditEntry
from nok_portal.audit.services import changed_fields, record
from nok_portal.common.errors import DomainError
from plans.deadlines import Deadline, to_json
from plans.importing.drafts import read_words, reading_of
from plans.lines.fields import OWN, as_kept, parties_in_text, put_back, same_value
from plans.models import Activity, ActivityParty, Plan
from plans.permissions import Part
from plans.services.building import party_key, write_parties
from plans.services.days import refresh_days
from plans.services.notices import tell_new_responsibles
from plans.services.plan_locks import LineGone, lock_line, lock_plan_lines
from plans.services.plans import refresh_findings

EDITED = "Изменена строка"
PARTIES_SET = "Назначены исполнители"
STEP_SET = "Указан шаг оценки"
_DAYS_FOLLOW = frozenset({"deadline_text", "deadline_rule"})
_FINDINGS_FOLLOW = frozenset({"number", "title", "deadline_rule", "expected_result", "responsible", "step", "settled"})


class NoLines(DomainError):
    def __init__(self) -> None:
        super().__init__("Не выбрано ни одной строки. Отметьте строки плана и повторите.")


class Assignment(StrEnum):
    """What becomes of the parties of the lines that were chosen."""

    ADD = "add"
    REPLACE = "replace"
    REMOVE = "remove"


@transaction.atomic
def edit_activity(
    *, activity: Activity, version: int, changes: Mapping[str, Any], actor: User, at: datetime
) -> AuditEntry | None:
    """Change fields of a line: those of plans.lines.fields WORDS and OWN that `changes` names.

    Other words of the deadline are read anew, a corrected reading is dropped with the words it was made for; due
    dates, findings and those who are to be told follow. Answers the journal's entry, None where nothing is different.
    Raises PlanGone, LineGone, WordsAreFixed, StaleVersion.
    """
    locked = lock_line(activity, version, part=Part.OWN if set(changes) <= set(OWN) else Part.WORDS)
    names = names_of_parties([locked.pk])[locked.pk]
    return write_line(
        locked.plan, locked, with_what_follows(as_kept(locked, names), changes), names, actor=actor, at=at
    )


def with_what_follows(kept: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes with what they bring about: the reading of other words, fields that are no more inherited."""
    found = {name: value for name, value in changes.items() if not same_value(kept.get(name), value)}
    if "deadline_text" in found:
        found |= reading_fields(read_words(found["deadline_text"]))
    if "responsible" in found:
        found["responsible"] = list(found["responsible"])
        found["responsible_text"] = parties_in_text(found["responsible"])
    if found:
        found["inherited"] = [name for name in kept.get("inherited", ()) if name not in found]
        # what was settled was settled for other words
        found["settled"] = [key for key in kept.get("settled", ()) if key.partition(":")[2] not in found]
    return found


def reading_fields(deadline: Deadline) -> dict[str, Any]:
    """The portal's own reading, as it stands on a line."""
    return {
        "deadline_rule": to_json(deadline),
        "deadline_reading": reading_of(deadline),
        "reading_corrected_by": None,
        "reading_corrected_at": None,
    }


def with_known_corrector(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal kept of a line, to be put back: without a corrector whose account is deleted by now."""
    by = kept.get("reading_corrected_by")
    gone = by is not None and not User.objects.filter(pk=by).exists()
    return {**kept, "reading_corrected_by": None} if gone else dict(kept)


def write_line(
    plan: Plan,
    locked: Activity,
    changes: Mapping[str, Any],
    names: Sequence[str],
    *,
    actor: User,
    at: datetime,
    verb: str = EDITED,
) -> AuditEntry | None:
    """Write the changes, as the journal keeps them, to a line that is held; None where nothing is different."""
    before, after = changed_fields(as_kept(locked, names), with_known_corrector(changes))
    if not after:
        return None
    put_back(locked, after)
    locked.version += 1
    locked.save()
    if "responsible" in after:
        set_parties({locked: after["responsible"]}, plan, actor=actor, at=at)
    entry = record(verb=verb, on=locked, actor=actor, at=at, before=before, after=after)
    if _DAYS_FOLLOW & set(after):
        refresh_days(plan, actor=actor, at=at, reason="изменены слова срока", only=[locked.pk])
    if _FINDINGS_FOLLOW & set(after):
        refresh_findings(plan)
    return entry


@transaction.atomic
def assign_parties(
    *,
    plan: Plan,
    activity_ids: Collection[int],
    how: Assignment,
    names: Sequence[str],
    actor: User,
    at: datetime,
) -> AuditEntry | None:
    """Add parties to several lines, take them away, or put them in the place of all others.

    Answers the one entry of the journal; None where the lines are so already. Raises PlanGone, WordsAreFixed,
    NoLines, LineGone.
    """
    locked = lock_plan_lines(plan.pk)
    lines = _asked(locked, activity_ids)
    known = names_of_parties(lines)
    changes = {}
    for pk, line in lines.items():
        now = _assigned(known[pk], how, names)
        found = with_what_follows(as_kept(line, known[pk]), {"responsible": now})
        if found:
            changes[pk] = found
    return write_lines(locked, lines, changes, known, verb=PARTIES_SET, actor=actor, at=at)


@transaction.atomic
def set_steps(*, plan: Plan, activity_ids: Collection[int], step: str, actor: User, at: datetime) -> AuditEntry | None:
    """Say of several lines which step of the assessment they mean ('' for none). Raises as `assign_parties` does."""
    locked = lock_plan_lines(plan.pk, part=Part.OWN)
    lines = _asked(locked, activity_ids)
    changes = {pk: {"step": step} for pk, line in lines.items() if line.step != step}
    return write_lines(locked, lines, changes, names_of_parties(lines), verb=STEP_SET, actor=actor, at=at)


def write_lines(
    plan: Plan,
    lines: Mapping[int, Activity],
    changes: Mapping[int, Mapping[str, Any]],
    names: Mapping[int, Sequence[str]],
    *,
    verb: str,
    actor: User,
    at: datetime,
) -> AuditEntry | None:
    """Write the changes of several lines that are held, under one entry of the plan's journal."""
    before, after = {}, {}
    for pk, some in changes.items():
        was, now = changed_fields(as_kept(lines[pk], names[pk]), dict(some))
        if now:
            before[str(pk)], after[str(pk)] = was, now
            put_back(lines[pk], now)
            lines[pk].version += 1
    if not after:
        return None
    changed = [lines[int(pk)] for pk in after]
    fields = {name for some in after.values() for name in some} - {"responsible"}
    Activity.objects.bulk_update(changed, [*fields, "version"])
    parties = {line: after[str(line.pk)]["responsible"] for line in changed if "responsible" in after[str(line.pk)]}
    if parties:
        set_parties(parties, plan, actor=actor, at=at)
    entry = record(verb=verb, on=plan, actor=actor, at=at, before={"rows": before}, after={"rows": after})
    refresh_findings(plan)
    return entry


def set_parties(names: Mapping[Activity, Sequence[str]], plan: Plan, *, actor: User, at: datetime) -> None:
    """Give lines their parties by name, in that order; those who stand behind new ones are told."""
    new = write_parties(list(names), list(names.values()), plan.municipality)
    tell_new_responsibles(links=new, actor=actor, at=at)


def lock_lines(plan: Plan, keys: Iterable[int]) -> dict[int, Activity]:
    """Those of the lines that are still there, for update, in the order of the plan."""
    found = Activity.objects.select_for_update(of=("self",)).filter(plan=plan, pk__in=list(keys)).order_by("position")
    lines = {line.pk: line for line in found}
    for line in lines.values():
        line.plan = plan
    return lines


def names_of_parties(keys: Iterable[int]) -> dict[int, list[str]]:
    """The names of each line's parties, in the order of the document."""
    keys = list(keys)
    found: dict[int, list[str]] = {key: [] for key in keys}
    links = ActivityParty.objects.filter(activity__in=keys).order_by("position")
    for activity, name in links.values_list("activity", "party__name"):
        found[activity].append(name)
    return found


def _asked(plan: Plan, keys: Collection[int]) -> dict[int, Activity]:
    if not keys:
        raise NoLines
    lines = lock_lines(plan, keys)
    if len(lines) < len(set(keys)):
        raise LineGone
    return lines


def _assigned(present: Sequence[str], how: Assignment, names: Sequence[str]) -> list[str]:
    if how is Assignment.REPLACE:
        return list(names)
    named = {party_key(name) for name in names}
    others = [name for name in present if party_key(name) not in named]
    if how is Assignment.REMOVE:
        return others
    known = {party_key(name) for name in present}
    return [*present, *(name for name in names if party_key(name) not in known)]
