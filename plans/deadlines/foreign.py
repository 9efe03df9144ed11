"""Dates and months in words that are about something else: a document's date, a street, a name, an exception."""

from nok_portal.common.text import MONTHS_GENITIVE

from .numbers import value_of
from .pieces import read_piece
from .tokens import Tokens
from .windows import read_windows
from .years import is_year, named_years

_STREETS = frozenset(
    "ул улица улице площадь площади пл проспект проспекте пр переулок пер имени им микрорайон мкр".split()
)
_COUNTED = ("ов", "ей", "й", "человек", "чел", "анкет", "школ", "единиц", "шт", "руб")


def foreign(t: Tokens, i: int) -> int | None:
    """The place after words that look like time and are none; None when what stands at `i` may be time.

    They stay unread, so that a person sees what was passed over.
    """
    return _document(t, i) or _street(t, i) or _exception(t, i) or _name(t, i) or _count(t, i)


def _document(t: Tokens, i: int) -> int | None:
    """'от 12.03.2027 № 45'; «от 1 марта до 15 апреля» is a window."""
    if t[i].form != "от" or read_windows(t, i):
        return None
    piece = read_piece(t, i + 1)
    if piece is None:
        return None
    after = piece[1]
    return after + 2 if t[after].form in ("№", "n") else after


def _street(t: Tokens, i: int) -> int | None:
    """'ул. 8 Марта'."""
    if t[i].form not in _STREETS:
        return None
    piece = read_piece(t, i + 1)
    return piece[1] if piece else None


def _exception(t: Tokens, i: int) -> int | None:
    """'кроме 2028 года', 'за исключением июля и августа'."""
    j = i + 1
    if (t[i].form, t[j].form) == ("за", "исключением"):
        j += 1
    elif t[i].form not in ("кроме", "исключая"):
        return None
    after = j
    while True:
        windows, years = read_windows(t, j), named_years(t, j)
        end = max(windows[1] if windows else j, years[1] if years else j)
        if end == j:
            return after
        after = end
        j = end + 1 if t[end].form in (",", "и") else end


def _name(t: Tokens, i: int) -> int | None:
    """«Май» in quotation marks, «50-летия Октября»: a month that is somebody's name."""
    if t[i].cat != "month":
        return None
    inside = i > 0 and t[i - 1].cat == "" and t.capital(i) and not t.capital(i - 1)
    genitive = t[i].form == MONTHS_GENITIVE[value_of(t[i]) - 1]
    return i + 1 if t.quoted(i) or (inside and genitive) else None


def _count(t: Tokens, i: int) -> int | None:
    """'2028 анкет': a number that only looks like a year."""
    counted = is_year(t, i) and t[i + 1].cat == "" and t[i + 1].gap == " " and t[i + 1].form.endswith(_COUNTED)
    return i + 2 if counted else None
