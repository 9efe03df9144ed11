"""What holds for every text: reading never fails, says back what it read, and forgives how it was typed."""

import json
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nok_portal.common.text import fold
from plans.deadlines import Context, Rule, Term, describe, explain, from_json, parse, schedule, to_json

CORPUS = json.loads(Path(__file__).with_name("corpus.json").read_text(encoding="utf-8"))
TEXTS = [entry["text"] for entries in CORPUS.values() for entry in entries]
WORDS = sorted({word for text in TEXTS for word in text.split()})
CONTEXT = Context(date(2027, 1, 1), date(2028, 12, 31), (2027, 2028))

expressions = st.sampled_from(TEXTS)
joined = st.lists(expressions, min_size=1, max_size=3).map("; ".join)
salads = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)


def meaning(text):
    """What a text means, without the words in which it was written."""
    deadline = parse(text)
    return (
        deadline.rules,
        tuple(
            (term.amount, term.unit, fold(term.event).replace("–", "-"), term.anchor, term.edge)
            for term in deadline.terms
        ),
        deadline.flags,
        deadline.problems,
    )


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=80), salads))
def test_parse_never_raises_and_everything_after_it_works(text):
    deadline = parse(text)

    assert deadline.text == text
    assert describe(deadline)
    for due in schedule(deadline, CONTEXT):
        assert due.starts_on <= due.ends_on
    assert from_json(json.loads(json.dumps(to_json(deadline)))) == deadline


@settings(max_examples=120, deadline=None)
@given(st.one_of(joined, salads))
def test_what_is_described_is_read_back_the_same(text):
    described = describe(parse(text))
    again = parse(described)

    assert describe(again) == described
    assert sorted(again.rules, key=repr) == sorted(parse(text).rules, key=repr)


@pytest.mark.parametrize("text", TEXTS)
def test_description_of_each_expression_is_read_back_the_same(text):
    deadline = parse(text)
    again = parse(describe(deadline))

    assert describe(again) == describe(deadline)
    assert again.rules == deadline.rules
    assert [(term.amount, term.unit) for term in again.terms] == [(term.amount, term.unit) for term in deadline.terms]
    assert again.flags == deadline.flags
    assert again.unparsed.removeprefix("Срок не понят").removeprefix("не понят") == ""


DISGUISES = {
    "upper case": str.upper,
    "capital letter": str.capitalize,
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "line breaks": lambda text: text.replace(" ", "\n"),
    "wide gaps": lambda text: "  " + text.replace(" ", "   ") + "\t",
    "trailing dot": lambda text: text.rstrip(".") + ".",
    "trailing dots": lambda text: text + " …",
    "ё as е": lambda text: text.replace("ё", "е").replace("Ё", "Е"),
    "long dashes": lambda text: text.replace("-", "–"),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_how_it_is_typed_changes_nothing(disguise):
    for text in TEXTS:
        assert (text, meaning(DISGUISES[disguise](text))) == (text, meaning(text))


@settings(max_examples=80, deadline=None)
@given(
    expressions,
    st.dates(date(2015, 1, 1), date(2035, 1, 1)),
    st.integers(0, 1200),
)
def test_due_days_are_windows_in_order_each_once(text, starts_on, length):
    context = Context(starts_on, starts_on + timedelta(days=length), (starts_on.year,))
    due = schedule(parse(text), context)

    windows = [(item.starts_on, item.ends_on) for item in due]
    assert windows == sorted(set(windows))
    assert all(first <= last for first, last in windows)
    assert all(item.outside_period == (not starts_on <= item.ends_on <= context.ends_on) for item in due)
    assert all(item.label and item.origin for item in due)


@pytest.mark.parametrize(
    "text",
    ["до " * 4000, "(" * 5000, "после " * 2000, "1," * 5000, "I-" * 5000, "а" * 100_000, "в течение " * 2000,
     "при " * 2000, "ежегоднопостоянно" * 500, "1.1.1." * 3000, "\x00" * 1000, "в течение 5 дней после утверждения, " * 300],
)  # fmt: skip
def test_no_text_takes_long(text):
    parse("до 1 мая")
    fastest = min(timed(text) for _ in range(3))

    assert fastest < 0.05


def timed(text):
    started = time.process_time()
    parse(text)
    return time.process_time() - started


def test_typical_deadline_takes_less_than_a_millisecond():
    for text in TEXTS:
        parse(text)
    fastest = sorted(min(timed(text) for _ in range(3)) for text in TEXTS)

    assert fastest[len(fastest) // 2] < 0.001


def test_parts_of_a_reading_are_values():
    deadline = parse("до 1 мая 2027 года; в течение 3 дней после утверждения")

    assert replace(deadline, text="") == replace(parse(deadline.text), text="")
    assert {type(part) for part in deadline.rules + deadline.terms} == {Rule, Term}
    assert hash(deadline) == hash(parse(deadline.text))


def test_explain_answers_in_json_values():
    reading = explain("в течение 5 рабочих дней после утверждения", CONTEXT)

    assert json.loads(json.dumps(reading)) == reading
    assert list(reading) == ["description", "due", "windows", "repeats", "after", "flags", "problems", "unparsed"]
