"""What a spreadsheet shows for a number: its format decides whether it is a day, a share or a plain figure."""

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from nok_portal.common.text import MONTHS_GENITIVE, MONTHS_NOMINATIVE

# ECMA-376 part 1, §18.8.30: the formats that have a number only.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "dd.mm.yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm",
    21: "h:mm:ss", 22: "dd.mm.yyyy h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0", 49: "@",
}  # fmt: skip

_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_APART = re.compile(r"\[[^\]]*\]|[_*].")
_FIRST_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_FIGURES = re.compile(r"[#0?][#0?., ]*(?:[eE][+-]0+)?")


def shown(value: float, number_format: str, *, since_1904: bool = False) -> str:
    """The number as a reader of the sheet sees it, in Russian."""
    if not math.isfinite(value):
        return ""
    section = _FIRST_SECTION.match(number_format)
    bare = _APART.sub("", section[0] if section else number_format)
    pattern = _LITERAL.sub("", bare)
    if re.search(r"[dmyhsDMYHS]", pattern) and not re.search(r"General|[0#?]", pattern, re.IGNORECASE):
        day = _day(value, since_1904=since_1904)
        if day is not None:
            return _moment(day, pattern.lower(), "".join(a or b for a, b in _LITERAL.findall(bare)))
    return _figure(value, bare, pattern)


def written_day(day: date) -> str:
    return day.strftime("%d.%m.%Y")


def _day(value: float, *, since_1904: bool) -> datetime | None:
    """The moment of a serial number. Days before March 1900 are one off, for the sake of Lotus 1-2-3."""
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 31 if value < 60 else 30)
    try:
        return start + timedelta(days=value)
    except OverflowError:
        return None


def _moment(moment: datetime, pattern: str, literals: str) -> str:
    has_day, has_year = "d" in pattern.replace("ddd", "").replace("dddd", "") or "dddd" in pattern, "y" in pattern
    named = "mmm" in pattern
    # 'm' beside hours or seconds means minutes.
    has_month = named or re.search(r"(?<![hs:])m+(?![\w:]*s)", pattern) is not None
    if not (has_day or has_year or (has_month and "h" not in pattern and "s" not in pattern)):
        return moment.strftime("%H:%M")
    after = " года" if "год" in literals else " г." if "г" in literals else ""
    if has_day and has_year and not named:
        return written_day(moment)
    month = (MONTHS_GENITIVE if has_day else MONTHS_NOMINATIVE)[moment.month - 1]
    words = [
        str(moment.day) if has_day else "",
        month if has_month or has_day else "",
        f"{moment.year}{after}" if has_year else "",
    ]
    return " ".join(filter(None, words))


def _figure(value: float, bare: str, pattern: str) -> str:
    """A figure with as many digits as are shown, shares exactly, and the words that its format puts around it."""
    share = "%" in pattern
    decimals = re.search(r"0?\.([0#?]+)", pattern)
    if share:
        text = _plain(round(value * 100, max(len(decimals[1]) if decimals else 2, 2))) + " %"
    elif decimals and "e" not in pattern.lower() and not float(value).is_integer():
        text = f"{value:.{min(len(decimals[1]), 10)}f}"
    else:
        text = _plain(value)
    text = text.replace(".", ",")
    figures = _FIGURES.search(bare)
    if figures is None or not _LITERAL.search(bare):
        return text
    before, after = (_words(part) for part in (bare[: figures.start()], bare[figures.end() :]))
    return f"{before}{text}{after}"


def _words(part: str) -> str:
    return "".join(quoted or escaped for quoted, escaped in _LITERAL.findall(part))


def _plain(value: float) -> str:
    """Without binary tails and powers of ten."""
    if float(value).is_integer() and abs(value) < 1e15:
        return str(int(value))
    digits = format(Decimal(f"{value:.10g}"), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits[:40]
