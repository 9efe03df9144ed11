"""Some thousand expressions by field of administration and by kind, whose readings people wrote by the rules alone.

Unlike `corpus.json` nothing here was taken from what the reader answers. The plan runs from 2027 to 2028 and
organizations are assessed in 2027. What a reading leaves out is empty; `due` stands instead of `windows` where
the words tell the last day only. Event words are compared by containing, so «дня подписания» is «подписания».
"""

import pytest

from nok_portal.common.text import fold
from plans.deadlines import explain
from tests.plans.deadlines.expressions import CONTEXT, cases, corpus, shortened

BY_HAND = corpus("by_hand.json")


def same_words(written, read):
    """Whether one says the other; nothing is said only by nothing."""
    written, read = fold(written), fold(read)
    return bool(written) == bool(read) and (written in read or read in written)


@pytest.mark.parametrize("entry", cases(BY_HAND))
def test_expression_is_read_as_people_read_it(entry):
    reading = explain(entry["text"], CONTEXT)

    if "due" in entry:
        assert shortened(sorted(set(reading["due"]))) == entry["due"]
    else:
        assert shortened(reading["windows"]) == entry.get("windows", [])
    assert reading["repeats"] == entry.get("repeats")
    assert sorted(reading["flags"]) == entry.get("flags", [])
    assert bool(reading["problems"]) == entry.get("problem", False), reading["problems"]
    assert same_words(entry.get("unparsed", ""), reading["unparsed"])
    terms, read = sorted(entry.get("after", []), key=str), sorted(reading["after"], key=str)
    assert [term[:2] for term in terms] == [term[:2] for term in read]
    assert all(same_words(term[2], other[2]) for term, other in zip(terms, read, strict=True))


def test_corpus_by_hand_has_1000_expressions_and_none_twice():
    texts = [entry["text"] for entries in BY_HAND.values() for entry in entries]

    assert len(texts) >= 1000
    assert len(texts) == len(set(texts))
