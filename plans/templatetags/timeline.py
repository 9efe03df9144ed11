"""`{% load timeline %}`: the lane of a line, drawn. Hundreds of bars are quicker written here than as template nodes."""

from django import template
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from plans.days.timeline_bars import BAR, Bar, Row

register = template.Library()


@register.simple_tag
def lane(row: Row, now: str) -> SafeString:
    """One SVG: the line of today, the bars from left to right, or why there are none."""
    icons = static("icons.svg")
    parts = [f'<svg class="lane" height="{row.height}">']
    if now:
        parts.append(f'<rect class="now" x="{now}" y="-300" width="2" height="900"/>')
    parts.extend(_drawn(bar, row.url, icons) for bar in row.bars)
    if row.note:
        parts.append(f'<text class="note" x="7" y="26">{escape(row.note)}</text>')
    return mark_safe("".join((*parts, "</svg>")))  # noqa: S308


def _drawn(bar: Bar, url: str, icons: str) -> str:
    """The bar, its words (cut off at its end), the icon of its state at the last day; arrows where it goes on."""
    words = f'<text x="{18 if bar.is_cut_left else 7}" y="16">{escape(bar.words)}</text>' if bar.words else ""
    before = _icon(icons, "left", 2, 5, 14) if bar.is_cut_left else ""
    after = _icon(icons, "right", -36, 5, 14) if bar.is_cut_right else ""
    inside = f'<svg x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{BAR}">{before}{words}</svg>'
    return (
        f'<a class="win win-{bar.kind}{" win-before" if bar.is_before else ""}" href="{escape(url)}"><title>{escape(bar.said)}</title>'
        f'<rect x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{BAR}" rx="3"/>'
        f"{inside if before or words else ''}"
        f'<svg x="{bar.right}" y="{bar.y}" overflow="visible">{_icon(icons, bar.icon, -20, 4, 16)}{after}</svg></a>'
    )


def _icon(icons: str, name: str, x: int, y: int, size: int) -> str:
    return f'<use href="{icons}#i-{name}" x="{x}" y="{y}" width="{size}" height="{size}"/>'
