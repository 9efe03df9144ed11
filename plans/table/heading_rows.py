"""What heading rows say for the rows below them: who is responsible («Отдел культуры») and when («ЯНВАРЬ»)."""

import re
from dataclasses import dataclass

from plans.table.deadline_words import read, tells_days
from plans.table.model import Origin
from plans.table.parties import looks_like_party
from plans.table.rows import Line
from plans.table.words import canonical

_LONGEST = 80
_LEAD = re.compile(r"^(?:мероприятия|задачи|работа|работы)\s+(?:на\s+|в\s+|во\s+|за\s+)?", re.IGNORECASE)
_BRACKETS = re.compile(r"\((?P<days>[^()]+)\)\s*[:.]?$")
_YEAR = re.compile(r"^(?P<year>20[0-4]\d)\s*(?:год\w*|г\.?)?$")
_CLOSING = re.compile(r"^(?:\*|\d?\s*\*|примечани|сноск|исп\b|исполнитель\b|согласован|подпис|тел\b|м\.\s?п)")
_YEARS_ONLY = re.compile(r"^[\d\s,.и-]*(?:год\w*|гг?\.?)?$")


def days_in_heading(title: str) -> str:
    """The words of a heading that are a deadline: «ЯНВАРЬ», «II этап (май – июнь)»; '' where there are none."""
    words = title.strip().rstrip(":").rstrip()
    bracketed = _BRACKETS.search(words)
    for found in (words, _LEAD.sub("", words), bracketed["days"].strip() if bracketed else ""):
        if found and len(found) <= _LONGEST and _is_period(found):
            return found
    return ""


def is_period_heading(paragraph: str) -> bool:
    """Whether a paragraph is a heading of days within a year and not the end of the plan's title («на 2027 год»)."""
    return (
        bool(days_in_heading(paragraph))
        and not paragraph[:1].islower()
        and not _BRACKETS.search(paragraph)
        and not _YEARS_ONLY.match(canonical(paragraph))
    )


def names_year(title: str) -> bool:
    """Whether a heading is a year and nothing else: months may follow below."""
    return _YEAR.match(canonical(title).rstrip(": ")) is not None


def is_closing(title: str) -> bool:
    """Whether a lone row below the last activity is no heading: a note, a signature, who typed it."""
    return _CLOSING.match(canonical(title)) is not None or looks_like_party(title)


def _is_period(words: str) -> bool:
    deadline = read(words)
    return tells_days(deadline) and not deadline.terms


@dataclass
class HeadingRows:
    """The headings in force. A period above themes («ЯНВАРЬ», «Культура», «Образование») stays in force for all."""

    has_parties: bool
    party: str = ""
    _days: str = ""
    _year: str = ""
    _holds: bool = False
    _composed: bool = False
    _used: bool = True
    _party_line: Line | None = None
    _days_line: Line | None = None

    def enter(self, line: Line, title: str) -> None:
        """A heading row with its title."""
        is_party = not self.has_parties and _names_party(title)
        self.party, self._party_line = (title.removesuffix(":"), line) if is_party else ("", None)
        days = days_in_heading(title)
        if days:
            self._enter_days(line, days)
        elif not self._used and self._days:
            self._holds = True
        elif not self._holds:
            self._days, self._days_line = "", None
        self._used = False

    def _enter_days(self, line: Line, days: str) -> None:
        year = _YEAR.match(canonical(days))
        self._composed = False
        if year:
            self._year = year["year"]
        elif self._year and not re.search(r"20\d\d", days):
            days, self._composed = f"{days} {self._year} года", True
        self._days, self._days_line, self._holds = days, line, False

    def fill(self, line: Line) -> None:
        """What an activity lacks and its headings say."""
        self._used = True
        if self.party and not line.texts["responsible"].strip() and self._party_line:
            line.origins["responsible"] = [_origin("responsible", self._party_line)]
        if self._days and not line.texts["deadline_text"].strip() and self._days_line:
            line.texts["deadline_text"] = self._days
            line.origins["deadline_text"] = [_origin("deadline_text", self._days_line)]
            line.inherited.append("deadline_text")
            line.composed = line.composed or self._composed


def _origin(name: str, heading: Line) -> Origin:
    return Origin(name, heading.table, heading.row, None, "", heading.title)


def _names_party(title: str) -> bool:
    return looks_like_party(title) or title.casefold().startswith(("ответственн", "исполнител"))
