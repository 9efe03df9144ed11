"""Numbers go on as the document has them when rows are added, moved and removed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.lines.numbering import Part, Row, renumbered, row_above, row_below, with_descendants

NEW = "new"


def plan(*sections):
    """('1', ['1.1', '1.2']) → a part; the key of a row is its place in its part: '0:1'."""
    return [
        Part(place, number, tuple(Row(f"{place}:{index}", one) for index, one in enumerate(rows)))
        for place, (number, rows) in enumerate(sections)
    ]


def numbers_in(parts, given):
    return [[given.rows.get(row.key, row.number) for row in part.rows] for part in parts]


def inserted(parts, section, place, key=NEW):
    part = parts[section]
    rows = (*part.rows[:place], Row(key), *part.rows[place:])
    return [*parts[:section], Part(part.key, part.number, rows), *parts[section + 1 :]]


def removed(parts, key):
    return [Part(part.key, part.number, tuple(row for row in part.rows if row.key != key)) for part in parts]


def applied(parts, given):
    return [
        Part(
            part.key,
            given.sections.get(part.key, part.number),
            tuple(Row(row.key, given.rows.get(row.key, row.number)) for row in part.rows),
        )
        for part in parts
    ]


def with_row(before, section, place):
    after = inserted(before, section, place)
    return numbers_in(after, renumbered(before, after))


@pytest.mark.parametrize(
    ("sections", "at", "expected"),
    [
        ([("", ["1", "2", "3"])], (0, 1), [["1", "2", "3", "4"]]),
        ([("", ["1", "2", "3"])], (0, 3), [["1", "2", "3", "4"]]),
        ([("I", ["1", "2"]), ("II", ["3", "4"])], (0, 2), [["1", "2", "3"], ["4", "5"]]),
        ([("I", ["1", "2"]), ("II", ["1", "2"])], (0, 2), [["1", "2", "3"], ["1", "2"]]),
        ([("1", ["1.1", "1.2"]), ("2", ["2.1"])], (1, 0), [["1.1", "1.2"], ["2.1", "2.2"]]),
        ([("II", ["II.1", "II.2"])], (0, 1), [["II.1", "II.2", "II.3"]]),
        ([("", ["1)", "2)"])], (0, 1), [["1)", "2)", "3)"]]),
        ([("", ["п. 4", "п. 5"])], (0, 0), [["п. 4", "п. 5", "п. 6"]]),
        ([("", ["1", "1.1", "1.2", "2"])], (0, 2), [["1", "1.1", "1.2", "1.3", "2"]]),
        ([("", ["1", "1.1", "2"])], (0, 1), [["1", "1.1", "1.2", "2"]]),
        ([("", ["1", "1.1", "2"])], (0, 3), [["1", "1.1", "2", "3"]]),
        # a section without rows: by its own number, or on from the rows above
        ([("1", ["1.1"]), ("2", []), ("3", ["3.1"])], (1, 0), [["1.1"], ["2.1"], ["3.1"]]),
        ([("I", ["1", "2"]), ("II", []), ("III", ["3"])], (1, 0), [["1", "2"], ["3"], ["4"]]),
        ([("I", ["1", "2"]), ("II", [])], (1, 0), [["1", "2"], ["3"]]),
        ([("I", ["1", "2"]), ("II", ["1"]), ("III", [])], (2, 0), [["1", "2"], ["1"], ["1"]]),
        ([("", [])], (0, 0), [["1"]]),
        ([("1", [])], (0, 0), [["1.1"]]),
        # as written: rows between others wait for a person, at the end one more is plain
        ([("", ["1", "2", "5"])], (0, 2), [["1", "2", "", "5"]]),
        ([("", ["1", "2", "5"])], (0, 3), [["1", "2", "5", "6"]]),
        ([("", ["а", "б"])], (0, 2), [["а", "б", ""]]),
        ([("", ["", ""])], (0, 1), [["", "", ""]]),
        # 4 would stand twice
        ([("I", ["1", "2", "3"]), ("II", ["4", "6"])], (0, 3), [["1", "2", "3", ""], ["4", "6"]]),
    ],
)
def test_new_row_is_numbered_as_its_neighbours_are(sections, at, expected):
    assert with_row(plan(*sections), *at) == expected


def test_rows_without_numbers_keep_none_among_numbered_ones():
    assert with_row(plan(("", ["1", "", "2"])), 0, 3) == [["1", "", "2", "3"]]


@pytest.mark.parametrize(
    ("numbers", "gone", "left"),
    [
        (["1", "2", "3"], 0, ["1", "2"]),
        (["2.1", "2.2", "2.3"], 1, ["2.1", "2.2"]),
        (["1", "1.1", "1.2", "2"], 1, ["1", "1.1", "2"]),
        # the rows below it would stand under another
        (["1", "1.1", "2", "2.1", "3"], 2, ["1", "1.1", "2.1", "3"]),
        (["1", "3", "4"], 0, ["3", "4"]),
    ],
)
def test_row_that_goes_closes_the_gap_where_numbers_are_regular(numbers, gone, left):
    before = plan(("", numbers))
    after = removed(before, f"0:{gone}")
    assert numbers_in(after, renumbered(before, after)) == [left]


def test_moved_row_takes_the_number_of_its_new_place():
    before = plan(("1", ["1.1", "1.2", "1.3"]), ("2", ["2.1"]))
    rows = before[0].rows
    after = [Part(0, "1", rows[1:]), Part(1, "2", (rows[0], *before[1].rows))]
    assert renumbered(before, after, ["0:0"]).rows == {"0:1": "1.1", "0:2": "1.2", "0:0": "2.1", "1:0": "2.2"}


def test_row_is_moved_with_those_that_stand_under_it():
    before = plan(("", ["1", "2", "2.1", "2.2", "3"]))
    rows = before[0].rows
    assert with_descendants(rows, "0:1") == ["0:1", "0:2", "0:3"]
    assert row_above(rows, "0:4") == "0:1"
    assert row_below(rows, "0:0") == "0:3"
    assert row_below(rows, "0:4") is None
    assert row_above(rows, "0:0") is None
    after = [Part(0, "", (*rows[1:4], rows[0], rows[4]))]
    moved = ["0:1", "0:2", "0:3"]
    assert numbers_in(after, renumbered(before, after, moved)) == [["1", "1.1", "1.2", "2", "3"]]


@pytest.mark.parametrize(
    ("numbers", "new"),
    [
        (["I", "II"], ["I", "II", "III"]),
        (["1", "2"], ["1", "2", "3"]),
        (["Раздел 1", "Раздел 2"], ["Раздел 1", "Раздел 2", "Раздел 3"]),
        (["А", "Б"], ["А", "", "Б"]),
        (["I", "III"], ["I", "", "III"]),
        (["", ""], ["", "", ""]),
    ],
)
def test_new_section_is_numbered_as_the_others_are(numbers, new):
    before = plan(*((one, []) for one in numbers))
    after = [before[0], Part(NEW), before[1]]
    given = renumbered(before, after)
    assert [given.sections.get(part.key, part.number) for part in after] == new


def test_rows_follow_the_number_of_their_section():
    before = plan(("1", ["1.1", "1.2"]), ("2", ["2.1"]), ("3", ["3.1"]))
    after = [before[2], before[0], before[1]]
    given = renumbered(before, after)
    assert given.sections == {2: "1", 0: "2", 1: "3"}
    assert numbers_in(after, given) == [["1.1"], ["2.1", "2.2"], ["3.1"]]


def test_numbering_through_the_plan_follows_the_order_of_sections():
    before = plan(("I", ["1", "2"]), ("II", ["3"]))
    after = [before[1], before[0]]
    assert numbers_in(after, renumbered(before, after)) == [["1"], ["2", "3"]]


@pytest.mark.parametrize(
    "numbers", [("I", "II", "III"), ("I.", "II.", "III."), ("1.", "2.", "3."), ("Раздел 1", "Раздел 2", "Раздел 3")]
)
def test_rows_carry_the_number_of_their_section_in_figures(numbers):
    first, second, third = numbers
    before = plan((first, ["1.1", "1.2"]), (second, ["2.1"]), (third, []))
    turned = [before[1], before[0], before[2]]
    given = renumbered(before, turned)
    assert given.sections == {1: first, 0: second}
    assert numbers_in(turned, given) == [["1.1"], ["2.1", "2.2"], []]
    shorter = before[1:]
    assert numbers_in(shorter, renumbered(before, shorter)) == [["1.1"], []]
    assert with_row(before, 2, 0)[2] == ["3.1"]
    longer = [before[0], Part(NEW, "", (Row("a"), Row("b"))), *before[1:]]
    given = renumbered(before, longer)
    assert given.sections == {NEW: second, 1: third, 2: given.sections[2]}
    assert numbers_in(longer, given) == [["1.1", "1.2"], ["2.1", "2.2"], ["3.1"], []]


@pytest.mark.parametrize(("section", "number"), [("Раздел 1", "1.1"), ("1.", "1.1"), ("I", "1")])
def test_first_row_of_a_plan_carries_the_figures_of_its_section(section, number):
    assert with_row(plan((section, [])), 0, 0) == [[number]]


def test_levels_are_closed_when_a_whole_branch_goes():
    before = plan(("", ["1", "1.1", "1.1.1", "1.2", "2", "2.1", "3"]))
    after = [Part(0, "", tuple(row for row in before[0].rows if row.number in {"1", "1.1", "1.1.1", "1.2", "3"}))]
    assert numbers_in(after, renumbered(before, after)) == [["1", "1.1", "1.1.1", "1.2", "2"]]
    after = [Part(0, "", tuple(row for row in before[0].rows if not row.number.startswith("1.1")))]
    assert numbers_in(after, renumbered(before, after)) == [["1", "1.1", "2", "2.1", "3"]]


def test_ten_follows_nine():
    assert with_row(plan(("1", [f"1.{one}" for one in range(1, 10)])), 0, 9)[0][-2:] == ["1.9", "1.10"]
    assert with_row(plan(("", ["01", "02"])), 0, 2) == [["01", "02", "03"]]
    rows = plan(("", ["1", "10", "11"]))[0].rows
    assert with_descendants(rows, "0:0") == ["0:0"]


# --- properties ------------------------------------------------------------------------------------

WRITTEN = st.sampled_from(["", "1", "2", "3", "5", "1.1", "1.2", "2.1", "2.1.1", "а", "4)", "II.1", "07", "п. 1"])
AS_WRITTEN = st.lists(WRITTEN, max_size=5)


@st.composite
def regular(draw, kind=None):
    """Sections of one kind of numbering: by section, anew, through the plan, with levels below."""
    kind = kind or draw(st.sampled_from(["own", "anew", "through"]))
    sizes = draw(st.lists(st.lists(st.integers(0, 2), max_size=3), min_size=1, max_size=4))
    tail = draw(st.sampled_from(["", ")"]))
    sections, count = [], 0
    for place, children in enumerate(sizes, 1):
        rows = []
        count = count if kind == "through" else 0
        for deeper in children:
            count += 1
            head = f"{place}.{count}" if kind == "own" else f"{count}"
            rows += [f"{head}{tail}", *(f"{head}.{one}{tail}" for one in range(1, deeper + 1))]
        sections.append((str(place), rows))
    return plan(*sections)


ANY_PLAN = st.one_of(
    regular(), st.lists(st.tuples(WRITTEN, AS_WRITTEN), min_size=1, max_size=4).map(lambda some: plan(*some))
)


ONE_SECTION = st.tuples(WRITTEN, AS_WRITTEN).map(plan)


@settings(deadline=None)
@given(before=st.one_of(regular(), ONE_SECTION), data=st.data())
def test_insertion_and_deletion_give_back_what_was(before, data):
    """Only a row that fills a gap between two sections stays missed when it goes again."""
    section = data.draw(st.integers(0, len(before) - 1))
    place = data.draw(st.integers(0, len(before[section].rows)))
    with_new = inserted(before, section, place)
    longer = applied(with_new, renumbered(before, with_new))
    shorter = removed(longer, NEW)
    assert applied(shorter, renumbered(longer, shorter)) == before


def doubles(parts):
    numbers = [row.number for part in parts for row in part.rows if row.number]
    return len(numbers) - len(set(numbers))


@settings(deadline=None)
@given(before=ANY_PLAN, data=st.data())
def test_no_change_makes_two_numbers_of_one(before, data):
    rows = [row for part in before for row in part.rows]
    kind = data.draw(st.sampled_from(["add", "move", "delete"] if rows else ["add"]))
    key = NEW if kind == "add" else data.draw(st.sampled_from(rows)).key
    after = removed(before, key)
    if kind != "delete":
        section = data.draw(st.integers(0, len(before) - 1))
        after = inserted(after, section, data.draw(st.integers(0, len(after[section].rows))), key)
        if kind == "move":
            number = {row.key: row.number for row in rows}
            after = [
                Part(part.key, part.number, tuple(Row(one.key, number.get(one.key, "")) for one in part.rows))
                for part in after
            ]
    given = applied(after, renumbered(before, after, [key] if kind == "move" else []))
    for old, new in zip(before, given, strict=True):
        assert doubles([old]) > 0 or doubles([new]) == 0
    assert doubles(before) > 0 or doubles(given) == 0


@settings(deadline=None)
@given(kind=st.sampled_from(["own", "anew"]), data=st.data())
def test_rows_of_other_sections_keep_their_numbers(kind, data):
    before = data.draw(regular(kind).filter(lambda parts: sum(1 for part in parts if part.rows) > 1))
    section = data.draw(st.integers(0, len(before) - 1))
    after = inserted(before, section, data.draw(st.integers(0, len(before[section].rows))))
    others = {row.key for place, part in enumerate(before) if place != section for row in part.rows}
    assert not others & set(renumbered(before, after).rows)
