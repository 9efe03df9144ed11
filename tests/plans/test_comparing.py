"""Two editions beside each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.editions.comparing import Change, Edition, Item, compare, compare_words, paired

WORDS = st.lists(st.sampled_from(["до", "1", "декабря", "года", "опрос", ",", "№ 4", "учреждений"]), max_size=6).map(
    " ".join
)


@st.composite
def items(draw):
    keys = draw(st.lists(st.sampled_from("абвгдежз"), unique=True, max_size=6))
    return [
        Item(
            key, draw(WORDS), {"Срок": draw(WORDS), "Мероприятие": draw(WORDS)}, draw(st.sampled_from(["", "I", "II"]))
        )
        for key in keys
    ]


editions = st.builds(
    Edition, facts=st.fixed_dictionaries({"Название": WORDS}), sections=items(), lines=items(), targets=items()
)


@given(editions)
def test_edition_does_not_differ_from_itself(edition):
    found = compare(edition, edition)
    assert found.is_same
    assert [one.title for one in found.lines] == [one.title for one in edition.lines]


@given(editions, editions)
def test_what_is_added_one_way_is_removed_the_other_way(old, new):
    there, back = compare(old, new), compare(new, old)
    assert there.count(Change.ADDED) == back.count(Change.REMOVED) == len({i.key for i in new.lines} - keys_of(old))
    assert there.count(Change.REMOVED) == back.count(Change.ADDED)
    assert there.count(Change.CHANGED) == back.count(Change.CHANGED)
    assert there.is_same == back.is_same
    assert len(there.lines) == len(keys_of(old) | keys_of(new))


@given(WORDS, WORDS)
def test_pieces_make_up_both_texts(before, after):
    left, right = compare_words(before, after)
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after
    kept = [[piece.text for piece in side if not piece.is_changed] for side in (left, right)]
    assert "".join(kept[0]) == "".join(kept[1])


def keys_of(edition):
    return {line.key for line in edition.lines}


def line(key, title="Опрос", under="I", **fields):
    return Item(key, title, {"Мероприятие": title, **fields}, under)


def told(old, new):
    found = compare(Edition({}, lines=old), Edition({}, lines=new))
    return [(one.title, str(one.change), one.moved) for one in found.lines]


def test_removed_line_stands_where_it_stood():
    old = [line("1", "Первая"), line("2", "Вторая"), line("3", "Третья")]
    assert told(old, [old[0], line("4", "Новая"), old[2]]) == [
        ("Первая", "same", False),
        ("Вторая", "removed", False),
        ("Новая", "added", False),
        ("Третья", "same", False),
    ]


def test_only_the_line_that_was_taken_elsewhere_is_moved():
    old = [line(key, key) for key in "абвг"]
    new = [old[3], old[0], old[1], old[2]]
    assert told(old, new) == [("г", "same", True), ("а", "same", False), ("б", "same", False), ("в", "same", False)]


def test_line_under_another_heading_is_moved_and_both_headings_are_told():
    (found,) = compare(Edition({}, lines=[line("1", under="I")]), Edition({}, lines=[line("1", under="II")])).lines
    assert (found.moved, found.moved_from, found.moved_to) == (True, "I", "II")


def test_changed_words_are_marked_whole():
    left, right = compare_words("до 1 декабря 2026 года", "до 15 декабря 2026 года")
    assert [(piece.text, piece.is_changed) for piece in left] == [
        ("до ", False),
        ("1", True),
        (" декабря 2026 года", False),
    ]
    assert [(piece.text, piece.is_changed) for piece in right] == [
        ("до ", False),
        ("15", True),
        (" декабря 2026 года", False),
    ]


def test_field_that_is_gone_and_one_that_is_new():
    (found,) = compare(
        Edition({}, lines=[line("1", Срок="май")]), Edition({}, lines=[line("1", Результат="отчёт")])
    ).lines
    assert [(one.name, one.before, one.after != ()) for one in found.fields][1] == ("Результат", (), True)
    assert found.fields[0].name == "Срок"
    assert found.fields[0].after == ()


def heading(key, title):
    return Item(key, title, {"Название": title})


def test_line_that_leaves_for_another_section_moves_no_other():
    old = [line("а"), line("б"), line("в")]
    found = compare(Edition({}, lines=old), Edition({}, lines=[old[0], old[2], line("б", under="II")])).lines
    assert [(one.moved, one.moved_from, one.moved_to) for one in found] == [
        (False, "", ""),
        (False, "", ""),
        (True, "I", "II"),
    ]


def test_lines_stay_under_a_heading_that_gets_other_words_or_another_number():
    old = Edition(
        {},
        sections=[heading("1", "I. Подготовка"), heading("2", "II. Опрос")],
        lines=[line("а", under="I. Подготовка"), line("б", under="II. Опрос"), line("в", under="II. Опрос")],
    )
    new = Edition(
        {},
        sections=[heading("1", "I. Подготовительный этап"), heading("new", "II. Совет"), heading("2", "III. Опрос")],
        lines=[
            line("а", under="I. Подготовительный этап"),
            line("в", under="II. Совет"),
            line("б", under="III. Опрос"),
        ],
    )
    found = compare(old, new)
    assert [(one.moved, one.moved_from) for one in found.lines] == [(False, ""), (True, "II. Опрос"), (False, "")]
    assert [str(one.change) for one in found.sections] == ["changed", "added", "changed"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([("Опрос", "I"), ("Итоги", "II")], [("Опрос", "I"), ("Совет", "II"), ("Итоги", "III")], {0: 0, 2: 1}),
        ([("Опрос", "I"), ("Итоги", "II")], [("Опросы", "I"), ("Итоги", "II")], {0: 0, 1: 1}),
        ([("Опрос", "I"), ("Итоги", "II")], [("Итоги", "I"), ("Опрос", "II")], {0: 1, 1: 0}),
        ([("", "1"), ("", "2")], [("", "2")], {0: 1}),
        ([("Опрос", ""), ("Опрос", "")], [("Опрос", ""), ("Опрос", ""), ("Опрос", "")], {0: 0, 1: 1}),
        ([], [("Опрос", "I")], {}),
        ([("", "")], [("", "")], {}),
    ],
)
def test_headings_are_the_same_by_words_then_by_number(old, new, expected):
    assert paired(old, new) == expected


def marked(before, after):
    sides = compare_words(before, after)
    return tuple("".join(f"[{one.text}]" if one.is_changed else one.text for one in side) for side in sides)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "отчёт", ("", "[отчёт]")),
        ("отчет совета", "отчёт совета", ("[отчет] совета", "[отчёт] совета")),
        ("школа № 5", "школа № 15", ("школа № [5]", "школа № [15]")),
        ("клуб «Заря»", "клуб «Рассвет»", ("клуб «[Заря]»", "клуб «[Рассвет]»")),
        ("акт, отчёт", "акт, отчёт, протокол", ("акт, отчёт", "акт, отчёт[, протокол]")),
        ("план\nотчёт", "план отчёт", ("план[\n]отчёт", "план[ ]отчёт")),
        # the blanks between other words are no common ones
        ("опрос получателей услуг", "договор с оператором", ("[опрос получателей услуг]", "[договор с оператором]")),
    ],
)
def test_words_that_differ_are_marked(before, after, expected):
    assert marked(before, after) == expected


def test_long_texts_are_compared_at_once():
    """Blanks and commas, which stand everywhere, are nothing to look for: minutes against hundredths of a second."""
    before = ", ".join(f"слово{place}" for place in range(1500))
    after = ", ".join(f"дело{place}" for place in range(1500))
    left, right = compare_words(before, after)
    assert "".join(one.text for one in left) == before
    assert "".join(one.text for one in right) == after
