from django import template

from ..documents import Value, in_words

register = template.Library()


@register.filter
def words(value: Value) -> str:
    """A value as a document prints it."""
    return in_words(value)
