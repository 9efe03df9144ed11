"""What of a line people change, and how the journal keeps it: as JSON that can be put back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from nok_portal.common.text import fold
from plans.models import Activity

# the words of the document: an approved plan keeps them
WORDS = ("number", "title", "deadline_text", "expected_result", "responsible")
# what the portal adds
OWN = ("step", "planned_quantity", "quantity_unit")
READING = ("deadline_rule", "deadline_reading", "reading_corrected_by", "reading_corrected_at")
_REST = ("responsible_text", "inherited", "settled")
KEPT = (*WORDS, *OWN, *READING, *_REST)
LABELS = {
    "number": "Номер",
    "title": "Мероприятие",
    "deadline_text": "Срок словами",
    "deadline_reading": "Как понят срок",
    "responsible": "Исполнители",
    "expected_result": "Ожидаемый результат",
    "planned_quantity": "Сколько запланировано",
    "quantity_unit": "Чего",
    "step": "Шаг оценки",
    "section": "Раздел",
}


def as_kept(activity: Activity, parties: Sequence[str]) -> dict[str, Any]:
    """All that the journal needs to put the line's words back; `parties` are their names, in order."""
    kept: dict[str, Any] = {
        name: getattr(activity, name)
        for name in KEPT
        if name not in ("responsible", "planned_quantity", "reading_corrected_by", "reading_corrected_at")
    }
    at = activity.reading_corrected_at
    return kept | {
        "responsible": list(parties),
        "planned_quantity": quantity_in_words(activity.planned_quantity),
        "reading_corrected_by": activity.reading_corrected_by_id,
        "reading_corrected_at": at.isoformat() if at else None,
    }


def put_back(activity: Activity, kept: Mapping[str, Any]) -> None:
    """Set what `as_kept` gave, or a part of it, but for the parties; nothing is saved."""
    for name, value in kept.items():
        match name:
            case "responsible":
                continue
            case "planned_quantity":
                activity.planned_quantity = Decimal(value) if value is not None else None
            case "reading_corrected_by":
                activity.reading_corrected_by_id = value
            case "reading_corrected_at":
                activity.reading_corrected_at = datetime.fromisoformat(value) if value else None
            case _ if name in KEPT:
                setattr(activity, name, value)


def same_value(one: Any, other: Any) -> bool:
    """Whether two values of a field are the same; names of parties by what makes them one party."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return [fold(str(name)) for name in one] == [fold(str(name)) for name in other]
    return bool(one == other)


def parties_in_text(names: Iterable[str]) -> str:
    """Several parties as the words of a cell, such that they can be told apart again."""
    names = list(names)
    return ("; " if any("," in name for name in names) else ", ").join(names)


def quantity_in_words(quantity: Decimal | None) -> str | None:
    """'12', '0.5': without zeros at the end, however it was stored."""
    if quantity is None:
        return None
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
