"""Numbers and bullets that Word computes for list paragraphs (ECMA-376 part 1, §17.9)."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Self
from xml.etree.ElementTree import Element

from plans.table.readers.archive import OfficeArchive

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя"
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = "%1."


@dataclass
class Numbering:
    """Counters of a document's lists; `label` must be asked for paragraphs in reading order."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    _abstract: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, archive: OfficeArchive) -> Self:
        found = cls()
        if "word/numbering.xml" in archive.names:
            found._read_lists(archive.xml("word/numbering.xml"))
        if found.levels and "word/styles.xml" in archive.names:
            found._read_styles(archive.xml("word/styles.xml"))
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
            del counts[deeper]
        return self._filled(levels, counts, level) + " "

    def _filled(self, levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        def value(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            shape = levels.get(index, _Level())
            return written_number(
                counts.get(index, shape.start), "decimal" if index < level and shape.style == "bullet" else shape.style
            )

        return re.sub(r"%(\d)", value, levels[level].text)

    def _list_of(self, properties: Element | None) -> tuple[str | None, int]:
        if properties is None:
            return None, 0
        own = properties.find(f"{W}numPr")
        style = properties.find(f"{W}pStyle")
        number, level = self.styles.get(_value(style), (None, 0)) if style is not None else (None, 0)
        if own is not None:
            given = _value(own.find(f"{W}numId"))
            number = given or number
            depth = _value(own.find(f"{W}ilvl"))
            level = int(depth) if depth.isdigit() else level
        return (None, 0) if number == "0" else (number, level)

    def _read_lists(self, root: Element) -> None:
        abstract = {}
        for given in root.findall(f"{W}abstractNum"):
            abstract[given.get(f"{W}abstractNumId", "")] = {
                int(level.get(f"{W}ilvl", "0")): _level(level) for level in given.findall(f"{W}lvl")
            }
        for given in root.findall(f"{W}num"):
            number = given.get(f"{W}numId", "")
            base = _value(given.find(f"{W}abstractNumId"))
            levels = dict(abstract.get(base, {}))
            restarted = False
            for override in given.findall(f"{W}lvlOverride"):
                index = int(override.get(f"{W}ilvl", "0"))
                own, start = override.find(f"{W}lvl"), _value(override.find(f"{W}startOverride"))
                if own is not None:
                    levels[index] = _level(own)
                if start.isdigit():
                    shape = levels.get(index, _Level())
                    levels[index] = _Level(int(start), shape.style, shape.text)
                    restarted = True
            self.levels[number] = levels
            # Lists of one definition count on together, unless one starts anew.
            self._abstract[number] = f"{base}/{number}" if restarted else base

    def _read_styles(self, root: Element) -> None:
        for style in root.findall(f"{W}style"):
            properties = style.find(f"{W}pPr/{W}numPr")
            if properties is not None:
                number, level = _value(properties.find(f"{W}numId")), _value(properties.find(f"{W}ilvl"))
                self.styles[style.get(f"{W}styleId", "")] = (number, int(level) if level.isdigit() else 0)


def _level(level: Element) -> _Level:
    start = _value(level.find(f"{W}start"))
    return _Level(
        int(start) if start.isdigit() else 1,
        _value(level.find(f"{W}numFmt")) or "decimal",
        _value(level.find(f"{W}lvlText")),
    )


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
    return str(number)
