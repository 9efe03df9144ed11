"""Short names that a plan introduces: «X (далее – Y)»."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from plans.table.words import DASHES, fold, stems, without_quote_blanks

DEFINITION = re.compile(
    rf"\(\s*далее\s*(?:также\s*|по тексту\s*)?(?:именуем\w*\s*)?[{DASHES}:,]?\s*"
    r"(?P<name>(?:[^()]|\([^()]{0,100}\)){1,300}?)\s*\)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.;:!?]\s")


@dataclass
class Abbreviations:
    """What is called how. Long names are known by the stems of the words before the brackets."""

    _names: list[tuple[tuple[str, ...], str]] = field(default_factory=list)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """All short names that these cells introduce, in their order."""
        found = cls()
        for text in texts:
            folded = fold(text)
            start = 0
            for match in DEFINITION.finditer(folded):
                before = _SENTENCE.split(folded[start : match.start()])[-1]
                words = tuple(stems(before))
                name = without_quote_blanks(match["name"].strip(" .,;"))
                if words and name:
                    found._names.append((words, name))
                start = match.end()
        return found

    def named(self, party: str) -> str:
        """The short name of a party that is written out in full, otherwise the party as it is.

        A long name is compared with the end of the words before the brackets, whatever their case: a running
        sentence does not say where the name begins. One word alone is too little to tell.
        """
        words = tuple(stems(party))
        if len(words) < 2:
            return party
        for before, name in self._names:
            if before[-len(words) :] == words and len(stems(name)) < len(words):
                return name
        return party

    def pairs(self) -> list[tuple[str, str]]:
        return [(" ".join(words), name) for words, name in self._names]
