"""Tags and filters of every template (built in, nothing to load): icons, Russian plurals, days, sizes."""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nok_portal.common.text import WEEKDAYS, counted, date_in_words
from nok_portal.common.text import plural as plural_form

register = template.Library()

NBSP = "\u00a0"
SOON_DAYS = 7
SHORT_WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
_DAYS = ("день", "дня", "дней")
_SIZES = (("ГБ", 1 << 30), ("МБ", 1 << 20), ("КБ", 1 << 10))

# a short word holds on to the next one, a number to its unit and to the № before it
_SHORT_WORD = re.compile(
    r"(?<![\w-])(а|без|в|во|вы|для|до|за|и|из|или|к|ко|мы|на|над|не|ни|но|о|об|он|от|по|под|при|про|с|со|то|у) (?=\S)",
    re.IGNORECASE,
)
_SIGN = re.compile(r"([№§]) (?=\S)")
_UNIT = re.compile(r"(?<=\d) (?=(?:%|[а-яё]))", re.IGNORECASE)
_PARTICLE = re.compile(r" (?=(?:бы|ли|же|б|ж)(?!\w))", re.IGNORECASE)
_DASH = re.compile(r" (?=[–—·] )")


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """`{% icon "plan" %}`: a picture of static/icons.svg; the word always stands beside it."""
    return format_html(
        '<svg class="ico" aria-hidden="true"><use href="{}#i-{}"></use></svg>', static("icons.svg"), name
    )


@register.filter
def plural(count: int, forms: str) -> str:
    """`{{ 5|plural:"срок,срока,сроков" }}` is '5 сроков'."""
    return counted(count, *forms.split(","))


@register.filter
def plural_word(count: int, forms: str) -> str:
    """The word alone: `{{ 5|plural_word:"срок,срока,сроков" }}` is 'сроков'."""
    return plural_form(count, *forms.split(","))


@register.filter
def day(value: date | None) -> str:
    """'1 декабря 2026'."""
    return _bound(date_in_words(_day_of(value))) if value else ""


@register.filter
def day_full(value: date | None) -> str:
    """'1 декабря 2026, вторник'."""
    return _bound(date_in_words(_day_of(value), weekday=True)) if value else ""


@register.filter
def day_short(value: date | None) -> str:
    """'27 ноября, пт'."""
    if not value:
        return ""
    value = _day_of(value)
    return f"{_bound(date_in_words(value, year=False))}, {SHORT_WEEKDAYS[value.weekday()]}"


@register.filter
def day_month(value: date | None) -> str:
    """'27 ноября'."""
    return _bound(date_in_words(_day_of(value), year=False)) if value else ""


@register.filter
def day_near(value: date | None, today: date) -> str:
    """'27 ноября, пт' in the year of `today`, with its year in another: '12 октября 2025'."""
    if not value:
        return ""
    return day_short(value) if _day_of(value).year == today.year else day(value)


@register.filter
def weekday_day(value: date) -> str:
    """'Вторник, 24 ноября'."""
    return f"{WEEKDAYS[value.weekday()].capitalize()}, {day_month(value)}"


@register.filter
def distance(value: date | None, today: date) -> str:
    """How far a last day is: 'сегодня', 'завтра', 'через 3 дня', 'вчера', 'на 8 дней' (late by)."""
    if not value:
        return ""
    days = (_day_of(value) - today).days
    near = {0: "сегодня", 1: "завтра"}
    if days in near:
        return near[days]
    return f"через {counted(days, *_DAYS)}" if days > 0 else f"на {counted(-days, *_DAYS)}"


@register.filter
def nearness(value: date, today: date) -> str:
    """The class of a last day: late, soon (a week and less), or calm."""
    days = (_day_of(value) - today).days
    if days < 0:
        return "is-late"
    return "is-soon" if days <= SOON_DAYS else "muted"


@register.filter
def other_days(days: list[date]) -> str:
    """What follows the first of several last days: ', 2027, 2028', or ' и ещё 5 дней' within a year."""
    if len(days) < 2:
        return ""
    years = [one.year for one in days]
    if len(set(years)) == len(years):
        return ", " + ", ".join(map(str, years[1:]))
    return f" и ещё {counted(len(days) - 1, *_DAYS)}"


@register.filter
def moment(value: datetime | None) -> str:
    """'сегодня, 11:05', 'вчера, 17:02', '16 ноября, 9:00', '16 ноября 2025, 9:00'."""
    if not value:
        return ""
    local = timezone.localtime(value)
    today = timezone.localdate()
    days = (today - local.date()).days
    near = {0: "сегодня", 1: "вчера"}
    words = near.get(days) or _bound(date_in_words(local.date(), year=local.year != today.year))
    return f"{words}, {local.hour}:{local.minute:02}"


@register.filter
def file_size(value: int) -> str:
    """'2,4 МБ', '318 КБ', '12 байт'."""
    for unit, size in _SIZES:
        if value >= size:
            amount = value / size
            return f"{number(amount, 1 if amount < 10 else 0)}{NBSP}{unit}"
    return counted(value, "байт", "байта", "байт")


@register.filter
def number(value: float, decimals: int | None = None) -> str:
    """'2 418', '33,3': no-break groups and a decimal comma."""
    if decimals is not None:
        value = round(value, decimals)  # number_format would cut
    return number_format(value, decimals, force_grouping=True).replace(" ", NBSP)


@register.filter
def typo(value: object) -> str:
    """No-break spaces after short words, № and numbers: for text a person wrote, never for markup."""
    return _typo(str(value))


@lru_cache(maxsize=16384)
def _typo(text: str) -> str:
    """Remembered: tables show the same words again and again."""
    for rule in (_SHORT_WORD, _SHORT_WORD, _SIGN):  # twice: 'и в' stands between two matches
        text = rule.sub(rf"\1{NBSP}", text)
    for rule in (_UNIT, _PARTICLE, _DASH):
        text = rule.sub(NBSP, text)
    return text


@register.filter
def undo_url(message: Any) -> str:
    """Where «Отменить» of a toast posts to: `messages.success(…, extra_tags=f"undo:{url}")`."""
    for tag in (getattr(message, "extra_tags", "") or "").split():
        if tag.startswith("undo:"):
            return tag.removeprefix("undo:")
    return ""


@register.filter
def rows_of_page(page: Page) -> str:
    """'7–16 из 26'."""
    return f"{page.start_index()}–{page.end_index()} из{NBSP}{number(page.paginator.count)}"


@register.filter
def faulty_fields(form: BaseForm) -> list[BoundField]:
    """The visible fields with errors, in the order of the form."""
    return [field for field in form.visible_fields() if field.errors]


@register.filter
def is_optional(field: BoundField) -> bool:
    """Said beside the label only where most fields must be filled in."""
    return not field.field.required and any(other.field.required for other in field.form.visible_fields())


def _day_of(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def _bound(words: str) -> str:
    """The day stays with its month: '1 декабря 2026' breaks before the year only."""
    return words.replace(" ", NBSP, 1)
