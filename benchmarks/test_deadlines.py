"""How long does it take to read the words of a deadline? A typical one under 1 ms, any text under 50 ms."""

import json
from datetime import date
from pathlib import Path

import pytest

from benchmarks.figures import fastest
from plans.deadlines import Context, explain, parse
from plans.deadlines.tokens import LONGEST_TEXT

TESTS = Path(__file__).parents[1] / "tests" / "plans" / "deadlines"
TEXTS = [
    entry["text"]
    for name in ("corpus.json", "by_hand.json")
    for entries in json.loads((TESTS / name).read_text(encoding="utf-8")).values()
    for entry in entries
]
CONTEXT = Context(date(2026, 1, 1), date(2028, 12, 31), (2026, 2027, 2028))


def test_typical_deadline(figures):
    read = sorted(fastest(lambda text=text: parse(text)) for text in TEXTS)
    explained = sorted(fastest(lambda text=text: explain(text, CONTEXT), 3) for text in TEXTS)
    counts = f"{len(TEXTS)} texts of {sum(map(len, TEXTS)) // len(TEXTS)} characters"

    figures.add("a deadline read, median", read[len(read) // 2], limit=0.001, counts=counts)
    figures.add("a deadline read, 95th percentile", read[len(read) * 95 // 100])
    figures.add("a deadline read, slowest", read[-1])
    figures.add("a deadline read, scheduled over 3 years and described, median", explained[len(explained) // 2])


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("deadlines one after another", "; ".join(TEXTS)),
        ("events that begin and never end", "в течение 5 дней после утверждения, " * 40),
        ("numbers", "1, 2-3, " * 200),
        ("a quarter hundreds of times", "I квартал – " * 100),
        ("one word", "а" * LONGEST_TEXT),
        ("words run together", "ежегоднопостоянно" * 100),
        ("brackets", "(" * LONGEST_TEXT),
        ("prepositions", "после до в течение при " * 60),
    ],
)
def test_longest_text(figures, kind, text):
    longest = text[:LONGEST_TEXT]

    figures.add(f"{len(longest)} characters, {kind}", fastest(lambda: explain(longest, CONTEXT)), limit=0.05)
