"""The calendar of due dates: a month, a year, one day; and the list as a file."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from nok_portal.common.text import WEEKDAYS, counted, date_in_words, month_in_words, whole_number
from nok_portal.common.workdays import about_day, is_working_day
from nok_portal.reports.registry import find_report
from nok_portal.reports.views import start_report
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.days.month_grid import Month, weeks_of
from plans.due_reports import DueDatesList, parameters_of, parameters_of_list
from plans.forms.due_filters import DueFilterForm, due_filter_of, query_of
from plans.forms.reporting import DuesFilterForm
from plans.selectors.calendar import COUNTED, day_lines, dues_of_day, year_counts
from plans.selectors.due_filters import DuesFilter, filtered_dues

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
# a year beyond these is a slip of the pen
YEARS = range(1990, 2101)
_DUES = ("срок", "срока", "сроков")


@dataclass(frozen=True)
class Step:
    """A neighbour of what is shown."""

    url: str
    name: str


@dataclass(frozen=True)
class Bar:
    """What stands above each view of the calendar: where one is and where one can go."""

    title: str
    facts: str
    previous: Step
    next: Step
    now_url: str
    month_url: str
    year_url: str
    is_now: bool


@office_page(Right.SEE_PLANS)
@require_safe
def month(request: OfficeRequest) -> HttpResponse:
    """The weeks of a month, with what ends on each day."""
    today, wanted = timezone.localdate(), _wanted(request)
    shown = _month_of(request.GET.get("month", ""), today)
    lines = day_lines(filtered_dues(request.municipality, wanted, today), *shown.grid)
    count = sum(len(line.dues) for line in lines if Month.of(line.day) == shown)
    here = _addresses(request, wanted)
    bar = Bar(
        title=_named(shown),
        facts=f"{counted(count, *_DUES)}, {counted(shown.working_days, 'рабочий день', 'рабочих дня', 'рабочих дней')}",
        previous=Step(here("calendar", month=shown.moved(-1)), _named(shown.moved(-1))),
        next=Step(here("calendar", month=shown.moved(1)), _named(shown.moved(1))),
        now_url=here("calendar"),
        month_url=here("calendar", month=shown),
        year_url=here("calendar_year", year=shown.year),
        is_now=shown == Month.of(today),
    )
    weeks = weeks_of(shown, lines, lambda line: line.day)
    context = {
        **_head(request, wanted, "month", bar, shown.first, shown.last),
        "value": shown,
        "weeks": weeks,
        "weekdays": [name.capitalize() for name in WEEKDAYS],
        "is_empty": count == 0,
    }
    return render(request, "plans/calendar_month.html", context)


@office_page(Right.SEE_PLANS)
@require_safe
def year(request: OfficeRequest) -> HttpResponse:
    """The months of a year: how many due dates each has and how they stand."""
    today, wanted = timezone.localdate(), _wanted(request)
    shown = _year_of(request.GET.get("year", ""), today)
    months = year_counts(filtered_dues(request.municipality, wanted, today), shown, today)
    total = sum(one.total for one in months)
    sums = {name: sum(getattr(one, name) for one in months) for name in COUNTED}
    here = _addresses(request, wanted)
    bar = Bar(
        title=f"{shown} год",
        facts=counted(total, *_DUES),
        previous=Step(here("calendar_year", year=shown - 1), f"{shown - 1} год"),
        next=Step(here("calendar_year", year=shown + 1), f"{shown + 1} год"),
        now_url=here("calendar_year"),
        month_url=here("calendar", month=Month.of(today) if shown == today.year else Month(shown, 1)),
        year_url=here("calendar_year", year=shown),
        is_now=shown == today.year,
    )
    context = {
        **_head(request, wanted, "year", bar, date(shown, 1, 1), date(shown, 12, 31)),
        "value": shown,
        "months": months,
        "total": total,
        "sums": sums,
        # the bar, all, late, open, reported, accepted, and what not every year has
        "columns": 6 + bool(sums["cancelled"]) + bool(sums["before"]),
    }
    return render(request, "plans/calendar_year.html", context)


@office_page(Right.SEE_PLANS)
@require_safe
def day(request: OfficeRequest) -> HttpResponse:
    """All that ends on one day."""
    today, wanted = timezone.localdate(), _wanted(request)
    shown = _day_of(request.GET.get("day", ""), today)
    dues = dues_of_day(filtered_dues(request.municipality, wanted, today), shown)
    before, after = shown - timedelta(days=1), shown + timedelta(days=1)
    here = _addresses(request, wanted)
    note = about_day(shown) or ("" if is_working_day(shown) else "выходной")
    bar = Bar(
        title=date_in_words(shown, weekday=True),
        facts=", ".join(filter(None, [counted(len(dues), *_DUES), note])),
        previous=Step(here("calendar_day", day=before), date_in_words(before)),
        next=Step(here("calendar_day", day=after), date_in_words(after)),
        now_url=here("calendar_day"),
        month_url=here("calendar", month=Month.of(shown)) + f"#d-{shown}",
        year_url=here("calendar_year", year=shown.year),
        is_now=shown == today,
    )
    context = {**_head(request, wanted, "day", bar, shown, shown), "value": shown.isoformat(), "dues": dues}
    return render(request, "plans/calendar_day.html", context)


def _head(request: OfficeRequest, wanted: DuesFilter, view: str, bar: Bar, first: date, last: date) -> dict[str, Any]:
    """What the three views share: the filter, addresses that keep it, the export of what is seen."""
    return {
        "view": view,
        "bar": bar,
        "form": DueFilterForm(request),
        "wanted": wanted,
        "kept": query_of(wanted),
        "export": query_of(replace(wanted, first=first, last=last)),
    }


def _addresses(request: OfficeRequest, wanted: DuesFilter) -> Callable[..., str]:
    """Makes the address of a view of the calendar with the same filter."""

    def address(name: str, **shown: object) -> str:
        query = query_of(wanted, **shown)
        return reverse(f"office:{name}", args=[request.municipality.slug]) + (f"?{query}" if query else "")

    return address


def _wanted(request: OfficeRequest) -> DuesFilter:
    """The filter without days of its own: those are the calendar's."""
    return replace(due_filter_of(request), first=None, last=None)


def _month_of(words: str, today: date) -> Month:
    found = _MONTH.fullmatch(words)
    if found and int(found[1]) in YEARS and 1 <= int(found[2]) <= 12:
        return Month(int(found[1]), int(found[2]))
    return Month.of(today)


def _year_of(words: str, today: date) -> int:
    found = whole_number(words)
    return found if found is not None and found in YEARS else today.year


def _named(month: Month) -> str:
    return month_in_words(month.first).capitalize()


def _day_of(words: str, today: date) -> date:
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return today
    return found if found.year in YEARS else today


@office_page(Right.SEE_PLANS)
@require_POST
def dues_export(request: OfficeRequest) -> HttpResponse:
    """The due dates that the address asks for as a file: orders it and goes to its job.

    `list`: the address is that of the list to work through, not a filter of the calendar.
    """
    found = find_report(DueDatesList.slug)
    assert found is not None
    if request.GET.get("list") == "1":
        form = DuesFilterForm(request.GET.dict())
        organizations = request.standing.organization_ids
        parameters = parameters_of_list(form.sort, form.words, person=request.user, organization_ids=organizations)
    else:
        parameters = parameters_of(due_filter_of(request))
    return start_report(request, found, file_format=request.POST.get("format", ""), parameters=parameters)
