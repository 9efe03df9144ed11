"""Somebody was quicker: said once with what stands now; what was typed stays, and sent again it is meant."""

from datetime import date
from typing import Any

from django.forms import Form

from nok_portal.common.text import date_in_words


def stale_words(now: str = "") -> str:
    """What the page says; `now` is a sentence about what stands."""
    words = ("Пока вы работали, это изменил другой человек.", now, "Если всё верно, отправьте ещё раз.")
    return " ".join(filter(None, words))


def tell_stale(form: Form, version: int, *, now: str = "") -> None:
    """The form, valid but for its version, gets the present one."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["version"] = str(version)
    form.data = data
    form.add_error(None, stale_words(now))


def standing_in(form: Form) -> str:
    """'Сейчас: Название плана — «…»; Начало периода — 1 января 2026.': what other words stand than were typed.

    For a form whose initial values are those that stand.
    """
    fields: dict[str, Any] = form.fields
    stands, typed = form.initial, form.cleaned_data
    both = [name for name in fields if name in stands and name in typed and name != "version"]
    names = [name for name in both if typed[name] != stands[name]]
    told = "; ".join(f"{form[name].label}\u00a0— {_said(stands[name], fields[name])}" for name in names)
    return f"Сейчас: {told}." if told else ""


def _said(value: Any, field: Any) -> str:
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    match value:
        case None | "" | []:
            return "пусто"
        case list():
            return ", ".join(labels.get(str(one), str(one)) for one in value)
        case date():
            return date_in_words(value)
        case _:
            return labels.get(str(value), f"«{value}»")
