"""The filter of due dates as an address says it: calendar, list and export read the same fields."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.http import urlencode

from nok_portal.common.text import date_in_words, whole_number
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans.selectors.due_filters import DuePick, DuesFilter, answers_in_plan, parties_of_plans
from plans.selectors.plans import plans_of_municipality
from plans.table.steps import STEPS

ALL_STATES = "Все, кроме снятых"


class DueFilterForm(forms.Form):
    """What the filter offers; what an address says and cannot be read is ignored, it never fails."""

    plan = forms.ChoiceField(label="План", required=False)
    party = forms.ChoiceField(label="Исполнитель", required=False)
    state = forms.ChoiceField(
        label="Состояние", required=False, choices=[("", ALL_STATES), *DuePick.choices], initial=""
    )
    step = forms.ChoiceField(label="Шаг оценки", required=False, choices=[("", "Все шаги"), *STEPS.items()])
    mine = forms.BooleanField(label="Только мои", required=False, widget=forms.CheckboxInput(attrs={"value": "1"}))

    def __init__(self, request: OfficeRequest) -> None:
        super().__init__(request.GET.dict())
        plan = whole_number(request.GET.get("plan", ""))
        plans = [(str(one.pk), one.title) for one in plans_of_municipality(request.municipality)]
        parties = [(str(one.pk), one.name) for one in parties_of_plans(request.municipality, plan)]
        self._offer("plan", [("", "Все планы"), *plans])
        self._offer("party", [("", "Все исполнители"), *parties])
        if len(plans) < 2:
            del self.fields["plan"]
        if not may_have_own(request):
            del self.fields["mine"]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


def due_filter_of(request: OfficeRequest, query: Mapping[str, Any] | None = None) -> DuesFilter:
    """The filter that an address asks for; «mine» is the person who asks.

    A party that another plan names is left out: the form could not show it.
    """
    query = request.GET if query is None else query
    state, step = query.get("state", ""), query.get("step", "")
    is_mine = query.get("mine") == "1" and may_have_own(request)
    plan, party = whole_number(query.get("plan", "")), whole_number(query.get("party", ""))
    if plan and party and not answers_in_plan(party, municipality=request.municipality, plan=plan):
        party = None
    return DuesFilter(
        plan=plan,
        party=party,
        step=step if step in STEPS else "",
        state=DuePick(state) if state in DuePick.values else None,
        person=request.user if is_mine else None,
        organization_ids=request.standing.organization_ids if is_mine else frozenset(),
        first=_day(query.get("from", "")),
        last=_day(query.get("to", "")),
    )


def may_have_own(request: OfficeRequest) -> bool:
    """Whether somebody may be responsible here at all: the ministry and members of the council only read."""
    return Right.REPORT in request.rights and request.standing.may_write


def query_of(wanted: DuesFilter, **more: object) -> str:
    """The filter as the part of an address after «?»; `more` come first, empty ones are left out."""
    said = {
        **more,
        "plan": wanted.plan,
        "party": wanted.party,
        "state": wanted.state.value if wanted.state else "",
        "step": wanted.step,
        "mine": "1" if wanted.person else "",
        "from": wanted.first,
        "to": wanted.last,
    }
    return urlencode({name: str(value) for name, value in said.items() if value})


def filter_in_words(wanted: DuesFilter, *, plan: str = "", party: str = "") -> str:
    """'с 1 по 31 декабря 2026 · просрочено · шаг «Рейтинг»': what a list leaves out, said above it."""
    words = [
        _days_in_words(wanted.first, wanted.last),
        plan,
        party,
        wanted.state.label.lower() if wanted.state else "",
        f"шаг «{STEPS[wanted.step]}»" if wanted.step else "",
        "только мои" if wanted.person else "",
    ]
    return " · ".join(filter(None, words))


def _days_in_words(first: date | None, last: date | None) -> str:
    return " ".join(f"{word} {date_in_words(day)}" for word, day in (("с", first), ("по", last)) if day)


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
