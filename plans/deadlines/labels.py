"""What a deadline is about and no window of its own: «за I квартал — до 15 апреля», «(за 2026 год)»."""

from dataclasses import replace

from .model import Mode, Rule, SpanKind, Term, Years, YearsKind
from .pieces import order
from .recurrence import Often

_MID_YEAR = 7

# what a clause is made of; a string is a mark between phrases, '?' for words that were not understood,
# or IMPOSSIBLE for a day that no calendar has
IMPOSSIBLE = "!"
Item = Rule | Years | Often | Term | str


def without_labels(items: list[Item]) -> list[Item]:
    """«За I квартал — до 15 апреля»: what is reported on is no window of its own."""
    kept: list[Item] = []
    k = 0
    while k < len(items):
        if items[k : k + 2] == ["(", "за"] and kept and k + 2 < len(items) and isinstance(items[k + 2], Rule | Years):
            # «(за 2026 год)»: a remark on what is reported
            k += 3
            continue
        label = items[k + 1] if items[k] == "за" else items[k]
        after = k + 2 if items[k] == "за" else k + 1
        if isinstance(label, Term) and after < len(items) and isinstance(items[after], Years):
            after += 1  # «за 9 месяцев 2027 года»
        dashed = after < len(items) and items[after] in ("-", ":")
        due = items[after + dashed] if after + dashed < len(items) else None
        if (dashed or items[k] == "за") and isinstance(due, Rule) and _is_label(label, due, named=items[k] == "за"):
            kept.append(_after_label(label, due))
            k = after + dashed + 1
        else:
            if items[k] != "за":
                kept.append(items[k])
            k += 1
    return kept


def _is_label(item: Item, due: Rule, *, named: bool) -> bool:
    if due.span is None or due.span.kind is not SpanKind.DAY or not (named or due.mode is Mode.BY):
        return False
    if named and isinstance(item, Rule) and item.span and item.span.kind is SpanKind.DAY:
        return due.mode is Mode.BY
    if isinstance(item, Term):
        return not item.event and not item.link
    if isinstance(item, Years):
        return item.kind is YearsKind.LISTED and len(item.listed) == 1
    stretch = isinstance(item, Rule) and item.span and item.until is None and item.mode is Mode.DURING
    return bool(stretch and item.span.kind in (SpanKind.MONTH, SpanKind.QUARTER, SpanKind.HALF_YEAR))  # type: ignore[union-attr]


def _after_label(label: Item, due: Rule) -> Rule:
    """The due day in the year that the label names, or in the next one when it would come before its end."""
    years = label.years if isinstance(label, Rule) else label
    if due.years != Years() or not isinstance(years, Years) or years.kind is not YearsKind.LISTED or due.span is None:
        return due
    begins = order(label.span) if isinstance(label, Rule) and label.span else (_MID_YEAR, 0)
    later = order(due.span) < begins
    return replace(due, years=Years(YearsKind.LISTED, tuple(year + later for year in years.listed)))
