"""Bars of planned and actual figures by year: the numbers of an SVG drawing. Pure.

Drawn at its own size, so that labels stay readable on a phone; the template writes the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from plans.targets.progress import PERCENT, Status, YearProgress

HEIGHT, YEAR_WIDTH, BAR_WIDTH, GAP = 120, 112, 40, 4
TOP, BOTTOM = 22, 26
_WHOLE = Decimal(100)


@dataclass(frozen=True)
class Bar:
    """`kind`: plan, actual or short (less than planned in a year that is over)."""

    kind: str
    value: Decimal
    x: int
    y: int
    width: int
    height: int

    @property
    def label_x(self) -> int:
        return self.x + self.width // 2

    @property
    def label_y(self) -> int:
        return self.y - 6


@dataclass(frozen=True)
class YearLabel:
    year: int
    x: int


@dataclass(frozen=True)
class Chart:
    """Everything in pixels; the base line lies at `base`."""

    width: int
    height: int
    base: int
    label_y: int
    bars: tuple[Bar, ...]
    years: tuple[YearLabel, ...]


def chart_of(years: Sequence[YearProgress], *, unit: str) -> Chart:
    """Two bars a year: the plan and, where it is known, what was reached. A share is drawn against 100 %."""
    values = [value for one in years for value in (one.planned, one.actual) if value is not None]
    top = max([*values, _WHOLE if unit == PERCENT else Decimal(0)], default=Decimal(0)) or Decimal(1)
    base = TOP + HEIGHT
    bars: list[Bar] = []
    for place, one in enumerate(years):
        left = place * YEAR_WIDTH + (YEAR_WIDTH - 2 * BAR_WIDTH - GAP) // 2
        kinds = (("plan", one.planned), ("short" if one.status is Status.BEHIND else "actual", one.actual))
        for offset, (kind, value) in enumerate(kinds):
            if value is not None:
                height = int((value / top * HEIGHT).quantize(Decimal(1), rounding=ROUND_HALF_UP))
                x = left + offset * (BAR_WIDTH + GAP)
                bars.append(Bar(kind, value, x, base - height, BAR_WIDTH, height))
    labels = tuple(YearLabel(one.year, place * YEAR_WIDTH + YEAR_WIDTH // 2) for place, one in enumerate(years))
    return Chart(len(years) * YEAR_WIDTH, base + BOTTOM, base, base + 18, tuple(bars), labels)
