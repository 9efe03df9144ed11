"""Numbers and bullets that Word computes for list paragraphs (ECMA-376 part 1, §17.9)."""

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Self, overload

from plans.table.readers.archive import Element, OfficeArchive
from plans.table.readers.runs import W, is_on

_LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя"
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = "%1."
    legal: bool = False
    restarts_after: int | None = None
    paragraph_style: str = ""


@dataclass(frozen=True)
class _Style:
    """What a paragraph style says of lists; `base` is the style that it builds on."""

    number: str
    level: int | None
    base: str


@dataclass
class Numbering:
    """Counters of a document's lists; `label` must be asked for paragraphs in reading order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    styles: dict[str, _Style] = field(default_factory=dict)
    _abstract: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, archive: OfficeArchive, main: str) -> Self:
        found = cls()
        lists, styles = archive.related(main, "numbering"), archive.related(main, "styles")
        if lists is not None:
            if styles is not None:
                found._read_styles(archive.xml(styles))
            found._read_lists(archive.xml(lists))
        return found

    def label(self, properties: Element | None) -> str:
        """What Word prints before a paragraph ('1.2. ', '• '), or ''."""
        number, level = self._list_of(properties)
        if number is None or number not in self.levels:
            return ""
        levels = self.levels[number]
        if level not in levels:
            return ""
        shape = levels[level]
        if shape.style == "bullet":
            return "• "
        if shape.style == "none":
            return ""
        counts = self._counts[self._abstract.get(number, number)]
        counts[level] = counts.get(level, shape.start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            after = levels[deeper].restarts_after if deeper in levels else None
            if after is None or level < after:
                del counts[deeper]
        return self._filled(levels, counts, level) + " "

    def _filled(self, levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        own = levels[level]

        def value(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            shape = levels.get(index, _Level())
            plain = index < level and (own.legal or shape.style == "bullet")
            return written_number(counts.get(index, shape.start), "decimal" if plain else shape.style)

        return re.sub(r"%(\d)", value, own.text)

    def _list_of(self, properties: Element | None) -> tuple[str | None, int]:
        if properties is None:
            return None, 0
        own = properties.find(f"{W}numPr")
        number, level = self._of_style(_value(properties.find(f"{W}pStyle")))
        if own is not None:
            number = _value(own.find(f"{W}numId")) or number
            depth = _value(own.find(f"{W}ilvl"))
            level = _whole(depth, level)
        return (None, 0) if number == "0" else (number or None, level)

    def _of_style(self, name: str) -> tuple[str, int]:
        """List and level of a paragraph style, its own or those of what it builds on."""
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            if style.number:
                levels = self.levels.get(style.number, {})
                linked = next((index for index, shape in levels.items() if shape.paragraph_style == name), 0)
                return style.number, style.level if style.level is not None else linked
            name = style.base
        return "", 0

    def _read_lists(self, root: Element) -> None:
        abstract: dict[str, dict[int, _Level]] = {}
        bases = {_get(given, "numId"): _value(given.find(f"{W}abstractNumId")) for given in root.findall(f"{W}num")}
        linked: dict[str, str] = {}
        for given in root.findall(f"{W}abstractNum"):
            name = _get(given, "abstractNumId")
            abstract[name] = {_index(level): _level(level) for level in given.findall(f"{W}lvl")}
            style = self.styles.get(_value(given.find(f"{W}numStyleLink")))
            if style is not None and style.number in bases:
                linked[name] = bases[style.number]
        for given in root.findall(f"{W}num"):
            number = _get(given, "numId")
            base = linked.get(bases[number], bases[number])
            levels = dict(abstract.get(base, {}))
            restarted = False
            for override in given.findall(f"{W}lvlOverride"):
                index = _index(override)
                own, start = override.find(f"{W}lvl"), _value(override.find(f"{W}startOverride"))
                if own is not None:
                    levels[index] = _level(own)
                if _whole(start) is not None:
                    shape = levels.get(index, _Level())
                    levels[index] = replace(shape, start=_whole(start, 1))
                    restarted = True
            self.levels[number] = levels
            # Lists of one definition count on together, unless one starts anew.
            self._abstract[number] = f"{base}/{number}" if restarted else base

    def _read_styles(self, root: Element) -> None:
        for style in root.findall(f"{W}style"):
            given = style.find(f"{W}pPr/{W}numPr")
            level = _value(given.find(f"{W}ilvl")) if given is not None else ""
            self.styles[_get(style, "styleId")] = _Style(
                _value(given.find(f"{W}numId")) if given is not None else "",
                _whole(level),
                _value(style.find(f"{W}basedOn")),
            )


def _level(level: Element) -> _Level:
    start, restart = _value(level.find(f"{W}start")), _value(level.find(f"{W}lvlRestart"))
    return _Level(
        _whole(start, 1),
        _value(level.find(f"{W}numFmt")) or "decimal",
        _value(level.find(f"{W}lvlText")),
        is_on(level.find(f"{W}isLgl")),
        _whole(restart),
        _value(level.find(f"{W}pStyle")),
    )


@overload
def _whole(value: str, otherwise: int) -> int: ...
@overload
def _whole(value: str, otherwise: None = None) -> int | None: ...
def _whole(value: str, otherwise: int | None = None) -> int | None:
    """A counter as it is written; what no list can count is `otherwise`."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else otherwise


def _get(element: Element, name: str) -> str:
    return element.get(f"{W}{name}", "")


def _index(element: Element) -> int:
    return _whole(_get(element, "ilvl"), 0)


def _value(element: Element | None) -> str:
    return element.get(f"{W}val", "") if element is not None else ""


def written_number(number: int, style: str) -> str:
    """A list's counter in one of Word's number formats."""
    if style in {"upperRoman", "lowerRoman"}:
        roman = ""
        left = min(number, 399)
        for value, sign in _ROMAN:
            while left >= value:
                roman, left = roman + sign, left - value
        return roman if style == "upperRoman" else roman.lower()
    if style in {"russianLower", "russianUpper"} and 0 < number <= len(_LETTERS):
        letter = _LETTERS[number - 1]
        return letter.upper() if style == "russianUpper" else letter
    if style in {"lowerLetter", "upperLetter"} and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if style == "upperLetter" else letter
    return f"{number:02}" if style == "decimalZero" else str(number)
