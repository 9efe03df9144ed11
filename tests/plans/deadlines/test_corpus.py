"""Some 670 expressions by kind with their readings, which were recorded from the reader and then read through.

So a difference here is a change of reading that somebody must want; it is no independent proof that each
recorded reading is the best one. The plan runs from 2027 to 2028 and organizations are assessed in 2027.
What a reading leaves out is empty.
"""

import pytest

from plans.deadlines import explain
from tests.plans.deadlines.expressions import CONTEXT, cases, corpus, shortened

CORPUS = corpus("corpus.json")


@pytest.mark.parametrize("entry", cases(CORPUS))
def test_expression_is_read_as_recorded(entry):
    reading = explain(entry["text"], CONTEXT)

    assert {
        "text": entry["text"],
        "windows": shortened(reading["windows"]),
        "repeats": reading["repeats"],
        "after": reading["after"],
        "flags": reading["flags"],
        "problems": len(reading["problems"]),
        "unparsed": reading["unparsed"],
        "description": reading["description"],
    } == {"repeats": None, "after": [], "flags": [], "problems": 0, "unparsed": "", **entry}
    assert reading["due"] == [last for _, last in reading["windows"]]


def test_corpus_has_every_kind_and_no_expression_twice():
    texts = [entry["text"] for entries in CORPUS.values() for entry in entries]

    assert len(CORPUS) == 14
    assert len(texts) > 500
    assert len(texts) == len(set(texts))
