"""Columns as words are compared: what nok_portal.common.text.fold does in Python, said to the database."""

from typing import Any

from django.db.models import Func, TextField, Value
from django.db.models.functions import Concat, Lower


def folded(*fields: str, blanks: str = "") -> Any:
    """The fields as one text, a space after each: lower case, е for ё, a space for every sign of `blanks`."""
    text = Concat(*(part for field in fields for part in (field, Value(" "))), output_field=TextField())
    return Func(
        Lower(text),
        Value(f"ё{blanks}"),
        Value("е" + " " * len(blanks)),
        function="translate",
        output_field=TextField(),
    )
