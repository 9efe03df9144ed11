"""The small form that says what deadline words mean: a deadline part by part, and marks beside them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict

from nok_portal.common.text import MONTHS_GENITIVE, MONTHS_NOMINATIVE, WEEKDAYS
from nok_portal.common.workdays import TermUnit
from plans.deadlines import DayOffShift, Deadline, Flag, Mode, Period
from plans.deadlines.choices import (
    EVERIES,
    FIRST_WORKING,
    LAST,
    LAST_WORKING,
    LAST_YEAR,
    Composition,
    Part,
    PartKind,
    Placing,
    YearsChoice,
)
from plans.deadlines.composing import compose, faults

MOST_PARTS = 12
_NONE = ("", "Выберите")
_KINDS = [
    (PartKind.BY, "До дня"),
    (PartKind.DAY, "В день"),
    (PartKind.RANGE, "Период: с … по …"),
    (PartKind.STRETCH, "Месяц, квартал, полугодие, год"),
    (PartKind.REPEAT, "Повторяется"),
    (PartKind.EVENT, "После или до события"),
]
_NUMBERS = [(str(number), str(number)) for number in range(1, 32)]
_DAYS = [
    *_NUMBERS,
    (LAST, "последний день"),
    (FIRST_WORKING, "первый рабочий день"),
    (LAST_WORKING, "последний рабочий день"),
]
_MONTHS = [(str(number), name) for number, name in enumerate(MONTHS_GENITIVE, start=1)]
_ROMAN = ("I", "II", "III", "IV")
_STRETCHES = [
    ("Месяц", [(f"month-{number}", name) for number, name in enumerate(MONTHS_NOMINATIVE, start=1)]),
    ("Квартал", [(f"quarter-{number}", f"{name} квартал") for number, name in enumerate(_ROMAN, start=1)]),
    ("Полугодие", [("half_year-1", "I полугодие"), ("half_year-2", "II полугодие")]),
    ("Год", [("year-1", "год"), ("school_year-1", "учебный год")]),
    ("Время года", [(f"season-{n}", name) for n, name in enumerate(("весна", "лето", "осень", "зима"), start=1)]),
]
_YEARS = [
    (YearsChoice.EVERY, "каждый год плана"),
    (YearsChoice.NAMED, "названные годы"),
    (YearsChoice.ASSESSMENT, "год проведения оценки"),
    (YearsChoice.AFTER_ASSESSMENT, "год после проведения оценки"),
    (YearsChoice.BEFORE_ASSESSMENT, "год перед проведением оценки"),
    (YearsChoice.NEXT, "год, следующий за отчётным"),
    (YearsChoice.PREVIOUS, "год перед отчётным"),
]
_PERIODS = [
    (Period.DAY, "день"),
    (Period.WEEK, "неделя"),
    (Period.MONTH, "месяц"),
    (Period.QUARTER, "квартал"),
    (Period.HALF_YEAR, "полугодие"),
    (Period.YEAR, "год"),
]
_PLACINGS = [
    (Placing.WHOLE, "день не назван"),
    (Placing.END, "до конца"),
    (Placing.BY_DAY, "до числа"),
    (Placing.ON_DAY, "в число или с … по …"),
    (Placing.BY_WORKING_DAY, "до рабочего дня"),
    (Placing.ON_WORKING_DAY, "в рабочий день"),
    (Placing.BY_WEEKDAY, "до дня недели"),
    (Placing.ON_WEEKDAY, "в день недели"),
]
_OF = {Period.MONTH: "месяца", Period.QUARTER: "квартала", Period.HALF_YEAR: "полугодия", Period.YEAR: "года"}
_AFTER = {Period.MONTH: "месяцем", Period.QUARTER: "кварталом", Period.HALF_YEAR: "полугодием", Period.YEAR: "годом"}
_ORDINALS = (
    "первого",
    "второго",
    "третьего",
    "четвёртого",
    "пятого",
    "шестого",
    "седьмого",
    "восьмого",
    "девятого",
    "десятого",
    "одиннадцатого",
    "двенадцатого",
)
_UNITS = [
    (TermUnit.DAYS, "календарных дней"),
    (TermUnit.WORKING_DAYS, "рабочих дней"),
    (TermUnit.WEEKS, "недель"),
    (TermUnit.MONTHS, "месяцев"),
    (TermUnit.YEARS, "лет"),
]
_LINKS = ("после", "со дня", "с момента", "с даты", "по", "при", "в случае", "до", "перед", "незамедлительно")
_MARKS = [
    (Flag.ONGOING, "постоянно, в течение всего периода"),
    (Flag.AS_NEEDED, "по мере необходимости"),
    (Flag.ON_REQUEST, "по запросу"),
    (Flag.IF_POSSIBLE, "по возможности"),
    (Flag.BY_AGREEMENT, "по согласованию"),
    (Flag.SET_ELSEWHERE, "срок установлен другим документом"),
]
_DAY_OFF = [
    (DayOffShift.STAYS, "срок остаётся"),
    (DayOffShift.NEXT, "переносится на следующий рабочий день"),
    (DayOffShift.PREVIOUS, "переносится на предыдущий рабочий день"),
]
# what each kind of part asks for, row by row
_ROWS: dict[PartKind, tuple[tuple[str, ...], ...]] = {
    PartKind.BY: (("day", "month"), ("years", "named"), ("every",)),
    PartKind.DAY: (("day", "month"), ("years", "named"), ("every",)),
    PartKind.RANGE: (("day", "month"), ("day_to", "month_to"), ("years", "named", "until_year"), ("every",)),
    PartKind.STRETCH: (("how", "stretch"), ("years", "named"), ("every",)),
    PartKind.REPEAT: (
        ("times", "count", "period"),
        ("placing", "day", "day_to", "weekday"),
        ("where",),
        ("years", "named"),
    ),
    PartKind.EVENT: (("amount", "unit"), ("link", "event")),
}
_NAMES = frozenset(name for rows in _ROWS.values() for row in rows for name in row)
_WEEKDAY_PLACINGS = (Placing.BY_WEEKDAY, Placing.ON_WEEKDAY)


class PartForm(forms.Form):
    """One part of a deadline; only the fields that its kind asks for are there."""

    kind = forms.ChoiceField(label="Вид срока", required=False, choices=_KINDS)
    day = forms.ChoiceField(label="Число", required=False, choices=[_NONE, *_DAYS])
    month = forms.TypedChoiceField(
        label="Месяц", required=False, coerce=int, empty_value=None, choices=[_NONE, *_MONTHS]
    )
    day_to = forms.ChoiceField(label="По число", required=False, choices=[("", "весь месяц"), *_DAYS])
    month_to = forms.TypedChoiceField(
        label="Месяц окончания", required=False, coerce=int, empty_value=None, choices=[_NONE, *_MONTHS]
    )
    how = forms.TypedChoiceField(
        label="Как понимать",
        required=False,
        coerce=Mode,
        empty_value=Mode.DURING,
        choices=[(Mode.DURING, "в течение"), (Mode.BY, "до конца"), (Mode.FROM, "начиная с")],
    )
    stretch = forms.ChoiceField(label="Отрезок", required=False, choices=[_NONE, *_STRETCHES])
    times = forms.IntegerField(label="Сколько раз", required=False, min_value=1, max_value=99, initial=1)
    count = forms.IntegerField(label="За сколько", required=False, min_value=1, max_value=99, initial=1)
    period = forms.TypedChoiceField(
        label="Период", required=False, coerce=Period, empty_value=None, choices=_PERIODS, initial=Period.QUARTER
    )
    placing = forms.TypedChoiceField(
        label="Когда", required=False, coerce=Placing, empty_value=Placing.WHOLE, choices=_PLACINGS
    )
    weekday = forms.TypedChoiceField(
        label="День недели", required=False, coerce=int, empty_value=None, choices=list(enumerate(WEEKDAYS))
    )
    where = forms.ChoiceField(label="Какого месяца", required=False)
    amount = forms.IntegerField(label="Сколько даётся", required=False, min_value=0, max_value=9999)
    unit = forms.TypedChoiceField(
        label="Чего", required=False, coerce=TermUnit, empty_value=None, choices=[_NONE, *_UNITS]
    )
    link = forms.ChoiceField(label="Считая", required=False)
    event = forms.CharField(
        label="Событие", required=False, max_length=500, help_text="Например: утверждения плана, заседания совета."
    )
    years = forms.TypedChoiceField(
        label="Год", required=False, coerce=YearsChoice, empty_value=YearsChoice.EVERY, choices=_YEARS
    )
    named = forms.CharField(label="Какие годы", required=False, max_length=100, help_text="2027, 2029 или 2027–2029.")
    until_year = forms.IntegerField(
        label="Год окончания, если другой", required=False, min_value=1990, max_value=LAST_YEAR
    )
    every = forms.ChoiceField(label="Как часто", required=False, choices=EVERIES.items())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {name: str(self[name].value() or "") for name in ("kind", "years", "period", "placing", "link")}
        self.part_kind = _one_of(PartKind, said["kind"], PartKind.BY)
        self._years = _one_of(YearsChoice, said["years"], YearsChoice.EVERY)
        self._period = _one_of(Period, said["period"], Period.QUARTER)
        self._placing = _one_of(Placing, said["placing"], Placing.WHOLE) if self._period.months else Placing.WHOLE
        asked = {"kind", *(name for row in _ROWS[self.part_kind] for name in row)} - self._idle()
        for name in set(self.fields) - asked:
            del self.fields[name]
        self._fit(said["link"])

    def _idle(self) -> set[str]:
        """Fields that what was chosen so far does not need."""
        idle: set[str] = set()
        if self._years is not YearsChoice.NAMED:
            idle |= {"named", "until_year"}
        if self.part_kind is PartKind.REPEAT:
            if not self._period.months:
                idle |= {"placing", "where"}
            if self._placing in (Placing.WHOLE, Placing.END):
                idle |= {"day"}
            if self._placing is not Placing.ON_DAY:
                idle |= {"day_to"}
            if self._placing not in _WEEKDAY_PLACINGS:
                idle |= {"weekday"}
        return idle

    def _fit(self, link: str) -> None:
        """Words and choices that depend on the kind."""
        if self.part_kind is PartKind.RANGE:
            self._choose("day", "С числа", [("", "весь месяц"), *_DAYS])
        elif self.part_kind is PartKind.REPEAT:
            if "day" in self.fields:
                by_weekday, last = self._placing in _WEEKDAY_PLACINGS, (LAST, "последний")
                self._choose(
                    "day",
                    "Который по счёту" if by_weekday or "working" in self._placing else "Число",
                    [_NONE, *(_NUMBERS[:5] if by_weekday else _NUMBERS), last],
                )
            if "day_to" in self.fields:
                self._choose("day_to", "По число", [("", "только этот день"), *_NUMBERS])
            if "where" in self.fields:
                self._choose("where", "Где в периоде", list(_places_in(self._period)))
        elif self.part_kind is PartKind.EVENT:
            links = [link] if link and link not in _LINKS and len(link) <= 60 else []
            self._choose("link", "Считая", [("", "событие не названо"), *((one, one) for one in (*_LINKS, *links))])

    def _choose(self, name: str, label: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].label = label
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields as they stand beside each other."""
        rows = [[self[name] for name in row if name in self.fields] for row in _ROWS[self.part_kind]]
        return [row for row in rows if row]

    @property
    def reshaping(self) -> tuple[str, ...]:
        """The fields on which it depends what else is asked for."""
        return ("kind", "years", "period", "placing")

    @property
    def part(self) -> Part:
        """What was chosen, once it is valid."""
        values = {
            name: value for name, value in self.cleaned_data.items() if name != "kind" and value not in (None, "")
        }
        return replace(Part(self.part_kind), **values)


class MarksForm(forms.Form):
    """What stands beside the parts."""

    marks = forms.TypedMultipleChoiceField(
        label="Кроме того", required=False, coerce=Flag, choices=_MARKS, widget=forms.CheckboxSelectMultiple
    )
    day_off = forms.TypedChoiceField(
        label="Если последний день выходной",
        required=False,
        coerce=DayOffShift,
        empty_value=DayOffShift.STAYS,
        choices=_DAY_OFF,
    )


class ReadingForm:
    """Parts and marks together, from a composition or from what was sent."""

    def __init__(self, composition: Composition | None = None, *, data: QueryDict | None = None) -> None:
        self.fault = ""
        if data is None:
            said = composition or Composition(parts=(Part(PartKind.BY),))
            self.parts = [PartForm(initial=_initial(part), prefix=f"part{n}") for n, part in enumerate(said.parts)]
            self.marks = MarksForm(initial={"marks": [mark.value for mark in said.marks], "day_off": said.day_off})
        else:
            self.parts = [PartForm(data, prefix=f"part{n}") for n in range(_count(data))]
            self.marks = MarksForm(data)

    def changed(self, verb: str) -> "ReadingForm":
        """The same choices, unchecked, with a part more or less, or with the fields of another kind."""
        form = ReadingForm()
        values = [_raw(part) for part in self.parts]
        name, _, number = verb.partition("-")
        if name == "add" and len(values) < MOST_PARTS:
            values.append({"kind": PartKind.BY.value})
        elif name == "remove" and number.isascii() and number.isdigit() and int(number) < len(values):
            del values[int(number)]
        form.parts = [PartForm(initial=one, prefix=f"part{n}") for n, one in enumerate(values)]
        form.marks = MarksForm(initial={name: self.marks[name].value() for name in self.marks.fields})
        return form

    def bound(self) -> "ReadingForm":
        """The same choices as if they had been sent, so that they can be read."""
        data = QueryDict(mutable=True)
        data["parts"] = str(len(self.parts))
        for form in (*self.parts, self.marks):
            for name in form.fields:
                value = form[name].value()
                data.setlist(form.add_prefix(name), value if isinstance(value, list) else [str(value or "")])
        return ReadingForm(data=data)

    @property
    def may_grow(self) -> bool:
        return len(self.parts) < MOST_PARTS

    @property
    def has_marks(self) -> bool:
        """Whether something is said beside the parts, or wrongly said."""
        day_off = self.marks["day_off"].value()
        return bool(self.marks["marks"].value() or self.marks.errors or day_off not in (None, "", DayOffShift.STAYS))

    def is_valid(self) -> bool:
        """Whether every field can be read and every part makes sense; errors stand at their fields."""
        for form in (*self.parts, self.marks):
            form.full_clean()
        if any(form.errors for form in (*self.parts, self.marks)):
            return False
        said = self._said()
        for fault in faults(said):
            form = self.parts[fault.part]
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        if not said.parts and not said.marks:
            self.fault = "Пока ничего не выбрано. Добавьте срок или отметьте, что он постоянный."
        return not self.fault and not any(form.errors for form in self.parts)

    def read(self, words: str) -> Deadline:
        """What the fields say so far as a reading of the words; what is wrong with them stands in `problems`."""
        self.is_valid()
        told = [str(one) for form in (*self.parts, self.marks) for some in form.errors.values() for one in some]
        problems = dict.fromkeys([*told, *([self.fault] if self.fault else [])])
        return replace(compose(self._said(), words), problems=tuple(problems))

    def _said(self) -> Composition:
        marks = self.marks.cleaned_data
        return Composition(
            parts=tuple(form.part for form in self.parts if not form.errors),
            marks=tuple(marks.get("marks", ())),
            day_off=marks.get("day_off", DayOffShift.STAYS),
        )


def _initial(part: Part) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in _NAMES}
    values |= {name: values[name] or "" for name in ("month", "month_to", "until_year")}
    return {"kind": part.kind, **values}


def _raw(part: PartForm) -> dict[str, Any]:
    """What was sent for a part, whatever its kind asks for."""
    sent = {name: part.data.get(f"{part.prefix}-{name}") for name in ("kind", *_NAMES)}
    return {name: value for name, value in sent.items() if value is not None}


def _count(data: QueryDict) -> int:
    said = str(data.get("parts", ""))
    return min(int(said), MOST_PARTS) if said.isascii() and said.isdigit() and len(said) < 4 else 0


def _one_of(kinds: Any, value: str, otherwise: Any) -> Any:
    return kinds(value) if value in {kind.value for kind in kinds} else otherwise


def _places_in(period: Period) -> Iterator[tuple[str, str]]:
    """The months of a period and those after it."""
    of, after = _OF[period], _AFTER[period]
    yield "all", f"во всём периоде: {_NOMINATIVE[period]}"
    if period is not Period.MONTH:
        for number in range(period.months):
            ordinal = "последнего" if number == period.months - 1 else _ORDINALS[number]
            yield f"m{number}", f"{ordinal} месяца {of}"
    yield "n0", f"месяца, следующего за {after}"
    yield "n1", f"второго месяца после {of}"
    yield "n2", f"третьего месяца после {of}"
    if period is not Period.MONTH:
        yield "next", f"всего следующего {of}"


_NOMINATIVE = {Period.MONTH: "месяц", Period.QUARTER: "квартал", Period.HALF_YEAR: "полугодие", Period.YEAR: "год"}
