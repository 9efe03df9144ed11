"""Target indicators: planned and actual figures by year, what the portal counts by itself, how a plan stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from nok_portal.tenants.models import Municipality, Organization
from plans.enums import DueState, TargetMeasure, TargetUnit
from plans.models import DueDate, Plan, TargetIndicator, TargetValue
from plans.targets.chart import Chart, chart_of
from plans.targets.progress import Figure, Status, YearProgress, progress, standing

from .plans import targets_of_plan

# steps whose accepted report for an organization says that it was assessed in that year
ASSESSED_STEPS = frozenset({"assessment", "survey", "operator_report", "council_results", "ranking_approval"})
_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class Computed:
    """What the portal counted for a year: `organizations` with an accepted due date, out of `active` of the plan's
    spheres at the end of the year (of this year: today)."""

    value: Decimal
    organizations: tuple[Organization, ...]
    active: int


@dataclass(frozen=True)
class TargetYear:
    """A year of an indicator. `by_hand`: a person wrote the actual figure, which counts before a computed one."""

    row: TargetValue
    progress: YearProgress
    computed: Computed | None
    by_hand: bool

    @property
    def differs(self) -> bool:
        """What a person wrote is not what the portal counts."""
        return self.by_hand and self.computed is not None and self.computed.value != self.progress.actual


@dataclass(frozen=True)
class TargetView:
    """An indicator with its years, its drawing and the year that tells how it stands."""

    indicator: TargetIndicator
    years: tuple[TargetYear, ...]
    chart: Chart
    now: YearProgress | None

    @property
    def is_computed(self) -> bool:
        return self.indicator.measure == TargetMeasure.ORGANIZATIONS_ASSESSED


@dataclass(frozen=True)
class TargetHealth:
    """How an indicator stands, in one line of a list."""

    plan: Plan
    indicator: TargetIndicator
    year: YearProgress

    @property
    def is_behind(self) -> bool:
        return self.year.status is Status.BEHIND

    @property
    def wants_figure(self) -> bool:
        return self.year.status is Status.NO_ACTUAL


def targets_with_progress(plan: Plan, *, today: date) -> list[TargetView]:
    """The plan's indicators as the tab shows them, in four queries at most whatever their number."""
    return _views(targets_of_plan(plan), {plan.pk: plan}, today=today)


def target_with_progress(indicator: TargetIndicator, *, today: date) -> TargetView:
    """One indicator; wants its plan loaded."""
    return _views([indicator], {indicator.plan_id: indicator.plan}, today=today)[0]


def targets_at_glance(municipality: Municipality, *, today: date) -> list[TargetHealth]:
    """Indicators of plans in force that are behind or have no figure for a year that is over, worst first."""
    plans = {plan.pk: plan for plan in Plan.objects.filter(municipality=municipality).in_force().newest_first()}
    indicators = list(
        TargetIndicator.objects.filter(plan__in=plans).order_by("plan", "position").prefetch_related("values")
    )
    found = [
        TargetHealth(plans[view.indicator.plan_id], view.indicator, view.now)
        for view in _views(indicators, plans, today=today)
        if view.now is not None and view.now.status in (Status.BEHIND, Status.NO_ACTUAL)
    ]
    return sorted(found, key=lambda one: (not one.is_behind, one.indicator.pk))


def _views(indicators: Sequence[TargetIndicator], plans: dict[int, Plan], *, today: date) -> list[TargetView]:
    counted = [one for one in indicators if one.measure == TargetMeasure.ORGANIZATIONS_ASSESSED]
    assessed = _Assessed({one.plan_id: plans[one.plan_id] for one in counted}, today) if counted else None
    return [_view(one, assessed, today) for one in indicators]


def _view(indicator: TargetIndicator, assessed: "_Assessed | None", today: date) -> TargetView:
    rows = sorted(indicator.values.all(), key=lambda row: row.year)
    computed = {
        row.year: assessed.computed(indicator, row.year)
        for row in rows
        if assessed is not None and indicator.measure and row.year != indicator.base_year
    }
    figures = []
    for row in rows:
        counted = computed.get(row.year)
        actual = row.actual if row.actual is not None else counted.value if counted else None
        figures.append(Figure(row.year, row.planned, actual))
    years = progress(
        figures,
        unit=indicator.unit,
        is_cumulative=indicator.is_cumulative,
        base_year=indicator.base_year,
        this_year=today.year,
    )
    return TargetView(
        indicator=indicator,
        years=tuple(
            TargetYear(row, one, computed.get(row.year), row.actual is not None)
            for row, one in zip(rows, years, strict=True)
        ),
        chart=chart_of(years, unit=indicator.unit),
        now=standing(years, this_year=today.year),
    )


class _Assessed:
    """Which organizations of some plans were assessed in which year, in two queries."""

    def __init__(self, plans: dict[int, Plan], today: date) -> None:
        self.plans, self.today = plans, today
        dues = DueDate.objects.filter(
            activity__plan__in=plans, activity__step__in=ASSESSED_STEPS, organization__isnull=False
        ).exclude(state=DueState.CANCELLED)
        self.asked: dict[int, set[int]] = {}
        self.accepted: dict[tuple[int, int], set[int]] = {}
        for plan, day, organization, state in dues.values_list("activity__plan", "window_to", "organization", "state"):
            self.asked.setdefault(plan, set()).add(day.year)
            if state == DueState.ACCEPTED:
                self.accepted.setdefault((plan, day.year), set()).add(organization)
        municipalities = {plan.municipality_id for plan in plans.values()}
        self.organizations = list(
            Organization.objects.filter(municipality__in=municipalities).listed().in_russian_order()
        )

    def computed(self, indicator: TargetIndicator, year: int) -> Computed | None:
        """None for a year that is ahead, and where no line of the plan names organizations for it."""
        plan = self.plans[indicator.plan_id]
        years = range(plan.period_from.year, year + 1) if indicator.is_cumulative else range(year, year + 1)
        if year > self.today.year or not self.asked.get(plan.pk, set()) & set(years):
            return None
        keys: set[int] = set().union(*(self.accepted.get((plan.pk, one), set()) for one in years))
        day = self.today if year == self.today.year else date(year, 12, 31)
        active = {one.pk for one in self._of_plan(plan) if one.is_active_on(day)}
        if indicator.unit == TargetUnit.COUNT:
            value = Decimal(len(keys))
        elif active:
            value = (Decimal(len(keys & active)) / len(active) * 100).quantize(_THOUSANDTH, rounding=ROUND_HALF_UP)
        else:
            return None
        if indicator.unit == TargetUnit.PERCENT:
            keys &= active
        return Computed(value, tuple(one for one in self.organizations if one.pk in keys), len(active))

    def _of_plan(self, plan: Plan) -> Iterable[Organization]:
        """A plan that names no sphere is about all of them."""
        return (
            one
            for one in self.organizations
            if one.municipality_id == plan.municipality_id and (not plan.spheres or one.sphere in plan.spheres)
        )
