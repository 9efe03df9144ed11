"""`{% load editions %}`: words that differ between two editions."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from plans.editions.comparing import Piece

register = template.Library()


@register.filter
def removed(pieces: Iterable[Piece]) -> SafeString:
    """The text as it was, with `<del>` around what is gone."""
    return _marked(pieces, "del", "удалено: ")


@register.filter
def added(pieces: Iterable[Piece]) -> SafeString:
    """The text as it is, with `<ins>` around what is new."""
    return _marked(pieces, "ins", "добавлено: ")


def _marked(pieces: Iterable[Piece], tag: str, said: str) -> SafeString:
    parts = [
        format_html("<{0}><span class=visually-hidden>{1}</span>{2}</{0}>", tag, said, piece.text)
        if piece.is_changed and piece.text.strip()
        else piece.text
        for piece in pieces
    ]
    return format_html_join("", "{}", ((part,) for part in parts))
