"""How a target indicator stands year by year: what was planned, what was reached, what is missing. Pure.

Arithmetic is exact: decimals in, decimals out. More is better. Figures of a cumulative indicator are given as the
plan gives them, each with all the years before; what a year adds is computed. A share is compared as precisely as
the plan prints it, with one decimal at least: two thirds reach 66,7 and do not reach 67. The base year is reported
and promises nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

PERCENT = "percent"


class Status(StrEnum):
    """How a year stands."""

    BASE = "base"  # the year the plan starts from
    MET = "met"
    BEHIND = "behind"  # the year is over and less was reached than planned
    UNDER_WAY = "under_way"  # the year is not over, something is still missing
    NOT_YET = "not_yet"  # nothing is known, and nothing has to be
    NO_ACTUAL = "no_actual"  # the year is over and nobody said what was reached


@dataclass(frozen=True)
class Figure:
    """One year as it was written down."""

    year: int
    planned: Decimal | None
    actual: Decimal | None = None


@dataclass(frozen=True)
class YearProgress:
    """One year with what follows from its figures.

    `shortfall` is what is missing to the plan and `surplus` what is above it, in units or percentage points.
    `added_plan` and `added_actual` are what this year alone adds to a cumulative figure; None where the year before
    is not known.
    """

    year: int
    planned: Decimal | None
    actual: Decimal | None
    status: Status
    shortfall: Decimal
    surplus: Decimal
    added_plan: Decimal | None
    added_actual: Decimal | None

    @property
    def falls(self) -> bool:
        """A cumulative figure that is less than the year before cannot be."""
        return self.added_actual is not None and self.added_actual < 0


def progress(
    figures: Iterable[Figure], *, unit: str, is_cumulative: bool, base_year: int | None, this_year: int
) -> tuple[YearProgress, ...]:
    """Every year in order; each year is given once. `this_year` is not over yet."""
    found: list[YearProgress] = []
    before: Figure | None = None
    for figure in sorted(figures, key=lambda one: one.year):
        found.append(_year(figure, before if is_cumulative else None, unit, base_year, this_year))
        before = figure
    return tuple(found)


def standing(years: Iterable[YearProgress], *, this_year: int) -> YearProgress | None:
    """The year that tells how the indicator stands: the one that is over or has a figure, latest first.

    A year without a figure that should have one comes before any later one that is only expected.
    """
    told = [one for one in years if one.status not in (Status.BASE, Status.NOT_YET)]
    over = [one for one in told if one.year < this_year]
    if over and over[-1].status in (Status.BEHIND, Status.NO_ACTUAL):
        return over[-1]
    return told[-1] if told else None


def compared(value: Decimal, like: Decimal, unit: str) -> Decimal:
    """A share as precisely as the planned one is printed, with one decimal at least; a count as it is."""
    if unit != PERCENT:
        return value
    return value.quantize(Decimal(1).scaleb(-max(1, decimals(like))), rounding=ROUND_HALF_UP)


def decimals(value: Decimal) -> int:
    """How many decimals the figure needs: 33,300 needs one."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _year(figure: Figure, before: Figure | None, unit: str, base_year: int | None, this_year: int) -> YearProgress:
    planned, actual = figure.planned, figure.actual
    difference = Decimal(0)
    if planned is not None and actual is not None and figure.year != base_year:
        difference = compared(actual, planned, unit) - planned
    return YearProgress(
        year=figure.year,
        planned=planned,
        actual=actual,
        status=_status(figure, difference, base_year, this_year),
        shortfall=max(Decimal(0), -difference),
        surplus=max(Decimal(0), difference),
        added_plan=_added(planned, before.planned if before else None),
        added_actual=_added(actual, before.actual if before else None),
    )


def _status(figure: Figure, difference: Decimal, base_year: int | None, this_year: int) -> Status:
    if figure.year == base_year:
        return Status.BASE
    if figure.actual is None or figure.planned is None:
        return Status.NO_ACTUAL if figure.year < this_year and figure.planned is not None else Status.NOT_YET
    if difference >= 0:
        return Status.MET
    return Status.BEHIND if figure.year < this_year else Status.UNDER_WAY


def _added(value: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if value is None or before is None else value - before
