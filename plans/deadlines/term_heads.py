"""The heads of terms and events: «в течение 5 рабочих дней», «в месячный срок», «за неделю до», «после», «при»."""

from dataclasses import dataclass

from nok_portal.common.text import plural
from nok_portal.common.workdays import TermUnit

from .numbers import cardinal, value_of
from .tokens import Tokens
from .years import is_unit, is_year

_LONGEST = 3660
_SINGULAR = frozenset(
    "дня день днем месяца месяц недели неделю года год полугода полгода полугодия полмесяца полумесяца суток сутки квартала квартал декады декаду".split()
)
# «13 месяц» is no length of time
_ONE = frozenset({"день", "неделя", "месяц", "час"})
_HOURS_IN_DAY = 24
_MOST_WORDS = 6
_COUNTED = {
    "week": (TermUnit.WEEKS, 1), "month": (TermUnit.MONTHS, 1), "quarter": (TermUnit.MONTHS, 3), "year": (TermUnit.YEARS, 1),
    "half_year": (TermUnit.MONTHS, 6), "half_month": (TermUnit.DAYS, 15), "ten_days": (TermUnit.DAYS, 10), "hour": (TermUnit.DAYS, 1),
}  # fmt: skip
# half a month is 15 days (ст. 192 ГК РФ), so a month and a half are counted as 45
_HALF_MORE = {"month": (45, TermUnit.DAYS), "year": (18, TermUnit.MONTHS)}
_TWO_WORDS = frozenset(
    {("в", "течение"), ("в", "течении"), ("на", "протяжении"), ("по", "истечении"), ("по", "прошествии")}
)
_ONE_WORD = frozenset({"течение", "течении", "через", "спустя", "максимум", "до", "в", "во", "за"})
_BOUNDS = frozenset({"позднее", "позже", "более", "менее", "ранее", "раньше", "превышающий", "превышая", "превышающие"})
NOT_BEFORE = "Сказано, с какого дня можно начать, но не сказано, до какого дня нужно сделать"
_MOMENTS = frozenset({"дня", "день", "момента", "даты", "времени", "дату", "дней", "днем"})
# «27 года» is a year that lost its century, not a length of time
_YEARS_AFTER = {"1": ("год", "года"), "2": ("года", "лет"), "5": ("лет",)}
_NOUNS_AFTER_PO = ("завершени", "окончани", "результат", "итог", "факт", "поступлени", "получени", "истечени", "выявлени", "прибыти", "достижени", "подписани")  # fmt: skip
_OCCASIONS = ("заседани", "совещани", "сесси", "комисси", "конференци", "собрани", "слушани")
# «приложение к постановлению» is no event
_DOCUMENTS = ("постановлени", "распоряжени", "положени", "соглашени")
_EVENT_ENDINGS = ("ния", "нию", "нии", "ние", "тия", "тию", "тии", "ции", "цию", "ция", "рки", "рке", "сии", "са", "ов", "вы", "ды", "ания")  # fmt: skip


@dataclass(frozen=True)
class Head:
    """How long a term is, and the direction in which it counts."""

    amount: int
    unit: TermUnit
    before: bool = False
    problem: str = ""


def term_head(t: Tokens, i: int) -> tuple[Head, int] | None:
    """The length of a term with the words before it; the event is read by others."""
    return _next_day(t, i) or _adjective(t, i) or _amount(t, i)


def _prefix(t: Tokens, i: int) -> tuple[int, bool]:
    """Past 'в течение', 'не позднее чем за', 'через', …; whether 'за' was among them."""
    j, before = i, False
    for _ in range(_MOST_WORDS):
        step = _prefix_words(t, j, inside=j > i)
        if step == 0:
            break
        before = before or t[j].form == "за"
        j += step
    return j, before


def _prefix_words(t: Tokens, j: int, *, inside: bool) -> int:
    """How many words of a prefix stand at `j`."""
    form, following = t[j].form, t[j + 1].form
    if form == "не" and following in _BOUNDS:
        comma = t[j + 2].form == "," and t[j + 3].form == "чем"
        return 4 if comma else 3 if t[j + 2].form == "чем" else 2
    if form == "," and following == "не" and inside:
        return 1
    two_words = (form, following) in _TWO_WORDS or (form in ("в", "во") and t[j + 1].cat == "term")
    if two_words or (t[j].cat == "term" and following == "-"):
        return 2
    return int(form in _ONE_WORD or (t[j].cat == "term" and following in ("не", "до")))


def _amount(t: Tokens, i: int) -> tuple[Head, int] | None:  # noqa: PLR0911 — each refusal has its reason
    j, before = _prefix(t, i)
    prefixed = j > i
    figures = t[j].cat == "int"
    if halved := _half(t, j, prefixed=prefixed):
        amount, kind, k = halved
        return Head(amount, kind, before), k
    counted = cardinal(t, j)
    if counted is None:
        if not prefixed or (t[i].form in ("в", "до") and j == i + 1):
            return None
        unit = term_unit(t, j)
        if unit is None or t[unit[2] - 1].form not in _SINGULAR:
            return None
        return Head(unit[1], unit[0], before), unit[2]
    amount, k = counted
    if t[k].form in ("-", "или") and (upper := cardinal(t, k + 1)):
        # the later of the two days: «за 3–5 дней до» leaves three
        amount, k = (min(amount, upper[0]) if before else upper[0]), upper[1]
    if t[k].form == "полных":
        k += 1
    unit = term_unit(t, k)
    if unit is None or (is_year(t, j) and is_unit(t, k, "year")) or amount > _LONGEST:
        return None
    # «1 квартал» in figures is the first quarter, and «5 день» the fifth day
    if figures and is_unit(t, k, "year") and t[k].form not in _YEARS_AFTER[plural(amount, "1", "2", "5")]:
        return None
    if t[i].form == "не" and t[i + 1].form in ("ранее", "раньше"):
        return Head(0, TermUnit.DAYS, before, NOT_BEFORE), unit[2]
    if (
        figures
        and is_unit(t, unit[2] - 1, "quarter", "half_year")
        and t[unit[2] - 1].form not in ("кварталов", "полугодий")
    ):
        return None
    if is_unit(t, k, "hour"):
        if amount % _HOURS_IN_DAY:
            return Head(0, TermUnit.DAYS, before, f"Срок в часах ({amount}) не переводится в дни"), unit[2]
        return Head(amount // _HOURS_IN_DAY, TermUnit.DAYS, before), unit[2]
    if amount * unit[1] > _LONGEST or (not prefixed and not _stands_alone(t, unit[2], amount)):
        return None
    kind, after = _kind_in_brackets(t, unit[0], unit[2])
    return Head(amount * unit[1], kind, before), after


def _half(t: Tokens, j: int, *, prefixed: bool) -> tuple[int, TermUnit, int] | None:
    """'полтора месяца', 'полмесяца со дня': lengths that no number names."""
    if t[j].cat == "one_and_half" and (length := _HALF_MORE.get(str(t[j + 1].value))):
        return *length, j + 2
    if not prefixed and is_unit(t, j, "half_month", "half_year") and event_connector(t, j + 1):
        unit, amount = _COUNTED[str(t[j].value)]
        return amount, unit, j + 1
    return None


def _kind_in_brackets(t: Tokens, unit: TermUnit, j: int) -> tuple[TermUnit, int]:
    """'10 дней (рабочих)'."""
    if (
        unit is not TermUnit.DAYS
        or t[j].form != "("
        or t[j + 1].cat not in ("working", "calendar")
        or t[j + 2].form != ")"
    ):
        return unit, j
    return (TermUnit.WORKING_DAYS if t[j + 1].cat == "working" else unit), j + 3


def _stands_alone(t: Tokens, j: int, amount: int) -> bool:
    if t[j - 1].form in _ONE and plural(amount, "1", "2", "5") != "1":
        return False
    return (
        t[j].cat == "eof" or t[j].form in ("(", ")", ";", ",") or event_connector(t, j) is not None or t[j].form == "до"
    )


def term_unit(t: Tokens, i: int) -> tuple[TermUnit, int, int] | None:
    """What is counted: the unit, how many of it the word means, and the place after it."""
    working = t[i].cat == "working" or (t[i].form == "р" and (t[i + 1].form == "д" or is_unit(t, i + 1, "day")))
    j = i
    if working or t[i].cat == "calendar" or (t[i].form == "к" and (t[i + 1].form == "д" or is_unit(t, i + 1, "day"))):
        j += 1
    if is_unit(t, j, "day") or t[j].form == "д":
        return (TermUnit.WORKING_DAYS if working else TermUnit.DAYS), 1, j + 1
    if working:
        return None
    counted = _COUNTED.get(str(t[j].value)) if t[j].cat == "unit" else None
    return (*counted, j + 1) if counted else None


def _adjective(t: Tokens, i: int) -> tuple[Head, int] | None:
    """'в трёхдневный срок', '10-дневный срок', 'в 5-ти дневный рабочий срок', 'недельный срок'."""
    j = i + 1 if t[i].form in ("в", "во") else i
    amount, unit = 0, ""
    working = t[j].cat == "working"
    if working:
        j += 1
    if counted := cardinal(t, j):
        k = counted[1] + 1 if t[counted[1]].form == "-" else counted[1]
        if t[k].cat == "working":
            working, k = True, k + 1
        if t[k].cat == "adjunit":
            amount, unit, j = counted[0], str(t[k].value), k + 1
        elif (length := _length(t, k)) and length[0] == 1:
            amount, unit, j = counted[0], length[1], k + 1
    elif length := _length(t, j):
        (amount, unit), j = length, j + 1
    if not unit:
        return None
    while t[j].cat in ("working", "calendar"):
        working = working or t[j].cat == "working"
        j += 1
    if t[j].cat not in ("term", "period") or amount > _LONGEST:
        return None
    if working and unit == "days":
        unit = "working_days"
    return Head(amount, TermUnit(unit)), j + 1


def _length(t: Tokens, i: int) -> tuple[int, str] | None:
    """The length that 'трёхдневный' or 'месячный' means."""
    value = t[i].value
    return value if t[i].cat == "adj" and isinstance(value, tuple) else None


def _next_day(t: Tokens, i: int) -> tuple[Head, int] | None:
    """'рабочего дня, следующего за днём', 'следующего рабочего дня', 'на третий день', 'в день', 'накануне'."""
    if t[i].form == "накануне":
        return Head(1, TermUnit.DAYS, before=True), i + 1
    j = _past_bound(t, i)
    if j == i:
        return None
    if t[j].form in ("тот", "этот") and t[j + 1].form == "же":
        return (Head(0, TermUnit.DAYS), j + 3) if is_unit(t, j + 2, "day") else None
    if t[j].cat == "next":
        reported = t[j + 1].form == "за" and t[j + 2].cat == "reporting"
        day = None if reported else _day_unit(t, j + 1)
        return (Head(1, day[0]), day[1]) if day else None
    if t[j].cat == "ord" or (t[j].cat == "int" and t[j - 1].form == "на" and value_of(t[j]) <= _LONGEST):
        # «на третий рабочий день после …»
        day = _day_unit(t, j + 1)
        if day and event_connector(t, day[1]):
            return Head(value_of(t[j]), day[0]), day[1]
        return _day_after(t, day, value_of(t[j])) if day else None
    day = _day_unit(t, j)
    if day is None:
        return None
    same_day = day[0] is TermUnit.DAYS and t[i].form in ("в", "на", "не") and _event_words(t, day[1])
    return _day_after(t, day, 1) or ((Head(0, day[0]), day[1]) if same_day else None)


def _past_bound(t: Tokens, i: int) -> int:
    """Past 'не позднее чем', 'в', 'на', 'до'."""
    j = i
    if t[j].form == "не" and t[j + 1].form in ("позднее", "позже"):
        j += 3 if t[j + 2].form == "чем" else 2
    return j + 1 if t[j].form in ("в", "на", "до", "чем") else j


def _day_unit(t: Tokens, j: int) -> tuple[TermUnit, int] | None:
    """'день', 'рабочего дня', 'календарный день'."""
    working = t[j].cat == "working"
    if working or t[j].cat == "calendar":
        j += 1
    if not (is_unit(t, j, "day") and t[j].form in ("день", "дня", "дню", "дн")):
        return None
    return (TermUnit.WORKING_DAYS if working else TermUnit.DAYS), j + 1


def _day_after(t: Tokens, day: tuple[TermUnit, int], number: int) -> tuple[Head, int] | None:
    """'(первый рабочий день), следующий за': a term of that one day."""
    unit, j = day
    comma = j + 1 if t[j].form == "," else j
    following = t[comma].cat == "next" and t[comma + 1].form in ("за", "после")
    return (Head(1, unit), j) if following and number == 1 else None


def _event_words(t: Tokens, j: int) -> bool:
    return t[j].cat in ("", "w", "start", "end") and t[j].form != ""


def event_connector(t: Tokens, i: int) -> int | None:
    """The place where the words of an event begin, when words that lead to an event stand at `i`."""
    found = _connector(t, i)
    # «со дня, следующего за днём получения» starts the same term as «со дня получения»
    return (event_connector(t, found) or found) if found and t[found].form == "," else found


def _connector(t: Tokens, i: int) -> int | None:  # noqa: PLR0911 — a list of phrases
    form, following = t[i].form, t[i + 1].form
    if form == "(":
        return event_connector(t, i + 1)
    if form == ",":
        return (
            event_connector(t, i + 1)
            if t[i + 1].cat == "next" or t[i + 1].form in ("считая", "после", "со", "исчисляемых")
            else None
        )
    if following == "за" and t[i].cat == "next":
        return i + 3 if t[i + 2].form in _MOMENTS else i + 2
    if form == "за":
        return i + 2 if following in ("днем", "датой") else None
    if form in ("считая", "исчисляя", "исчисляемых"):
        return event_connector(t, i + 1)
    if form == "после":
        return _after_connector(t, i + 1)
    if form in ("с", "со", "от", "начиная"):
        if form == "начиная":
            return event_connector(t, i + 1) if following in ("с", "со") else None
        if following in _MOMENTS:
            return i + 2
        if t[i + 1].cat in ("", "start", "end") or following.endswith(("ния", "тия")):
            return i + 1
        return None
    if form == "по" and following.startswith(_NOUNS_AFTER_PO):
        return i + 1
    if form == "при" and t[i + 1].cat in ("", "w"):
        # «при Иванове» names a person, no event
        return None if t.capital(i + 1) and not t.capital(i) else i + 1
    return i + 2 if (form, following) == ("в", "случае") else None


def _after_connector(t: Tokens, i: int) -> int | None:
    """Where the event of 'после …' begins; «после чего» names none."""
    if t[i].form in ("чего", "этого"):
        return None
    return i + 1 if t[i].form in ("дня", "даты", "момента") else i


def event_head(t: Tokens, i: int) -> tuple[int, bool] | None:  # noqa: PLR0911 — a list of phrases
    """Where the words of an event without a length begin, and whether the event is yet to come."""
    form, following = t[i].form, t[i + 1].form
    if form in ("незамедлительно", "немедленно", "сразу", "одновременно"):
        if form == "одновременно" and following in ("с", "со"):
            return i + 2, False
        inner = event_connector(t, i + 1)
        if inner is None and form == "сразу":
            return None
        return (inner, False) if inner else (i + 1, False)
    if form in ("после", "со", "с", "по", "при") and (start := event_connector(t, i)):
        if form == "с" and t[i + 1].cat in ("", "start", "end") and not following.endswith(_EVENT_ENDINGS):
            return None
        return start, False
    if form == "в" and following in ("случае", "ходе", "процессе", "рамках"):
        return i + 2, False
    if form == "во" and following == "время":
        return i + 2, False
    if form in ("в", "на") and t[i + 1].cat == "period" and t[i + 2].form.endswith(_EVENT_ENDINGS):
        return i + 2, False
    if form == "на" and following.startswith(_OCCASIONS):
        return i + 1, False
    if form in ("до", "к", "перед"):
        token = t[i + 1]
        if following.startswith(_DOCUMENTS):
            return None
        if following in ("дня", "даты", "момента", "дню", "дате", "моменту") and t[i + 2].cat in ("", "w"):
            return i + 2, True
        to_an_end = token.cat == "end" and t[i + 2].cat in ("", "w", "term")
        if (
            token.cat == "start"
            or to_an_end
            or (
                token.cat in ("", "w")
                and (following.endswith(_EVENT_ENDINGS) or form == "перед")
                and len(following) > 3
            )
        ):
            return i + 1, True
    return None
