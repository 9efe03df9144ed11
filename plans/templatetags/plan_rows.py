"""`{% load plan_rows %}`: the rows of a plan's table, remembered.

Most rows of a plan look today as they looked at the last visit. What a row shows is made of its values alone, so that
equal values give the piece of page that was made before.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django import template
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from plans.days.standing import pending, standing
from plans.selectors import TableRow

register = template.Library()


class Shown(NamedTuple):
    """What a row shows. The key is words: a number would be written for people, with blanks between thousands."""

    key: str
    number: str
    title: str
    findings: tuple[str, ...]
    words: str
    reading: str
    days: tuple[date, ...]
    pending: str
    result: str
    parties: str
    kind: str
    icon: str
    state: str


class Page(NamedTuple):
    """What a page says of all its rows."""

    slug: str
    link: str
    kept: str
    has_results: bool
    may_correct: bool
    is_editing: bool


@register.simple_tag(takes_context=True)
def plan_rows(context: Context, rows: Iterable[TableRow]) -> SafeString:
    """The rows one after another."""
    page = Page(
        slug=context["municipality"].slug,
        link=context["link"],
        kept=context["kept"],
        has_results=context["has_results"],
        may_correct=context["may_correct"],
        is_editing=context["is_editing"],
    )
    today, opened = context["today"], context["open"]
    shown = (_shown(row, today) for row in rows)
    return mark_safe("".join(_row(row, page, row.key == opened) for row in shown))  # noqa: S308 (made by templates)


def _shown(row: TableRow, today: date) -> Shown:
    state = standing(row, today)
    return Shown(
        key=str(row.pk),
        number=row.number,
        title=row.title,
        findings=tuple(one["message"] for one in row.findings),
        words=row.deadline_text,
        reading=row.deadline_reading,
        days=tuple(row.days),
        pending=pending(row),
        result=row.expected_result,
        parties="; ".join(party.name for party in row.parties),
        kind=state.kind,
        icon=state.icon,
        state=state.text,
    )


@lru_cache(maxsize=4096)
def _row(row: Shown, page: Page, is_open: bool) -> str:
    return get_template("plans/_plan_row.html").render(
        {"row": row._asdict(), "page": page._asdict(), "is_open": is_open}
    )
