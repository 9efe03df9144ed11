"""What holds for any rows of cells."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.table import ROLES, ActivityRow, PlanTable, read_document, read_pasted, read_plan
from plans.table.answer import answer_of
from plans.table.cells import Cell, Document, Paragraph, Row, Table
from plans.table.parties import parties_of
from plans.table.steps import propose_step
from plans.table.words import fold

from .by_hand import PLANS, HandPlan
from .documents import HEAD, brief, excel, from_text, word

WORDS = st.sampled_from(
    """№ п/п|1|1.|1.1|2)|II.|а)|Мероприятие|Срок исполнения|Исполнитель|Показатель|2026|2027 год|доля (%)|количество|50
    |66,6|Отдел культуры|Общественный совет, МКУ «Дом|» и|(далее – Отдел)|совместно с|май|до 31 ноября|IV квартал 2027
    |Раздел 1. Подготовка|подготовка анкет|- список|\n|\t|"|;|нарастающим итогом|ежегодно|…||Ответственный:|;;|((""".split(
        "|"
    )
)
NOISE = st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Z", "C", "S")), max_size=12)
TEXTS = st.lists(WORDS | NOISE, max_size=4).map(" ".join)
CELLS = st.builds(Cell, TEXTS, st.integers(1, 4), st.booleans())
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=12)
KINDS = st.sampled_from(["docx", "xlsx", "text"])
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TITLES = st.sampled_from(["Опрос посетителей", "Печать анкет", "Отчёт о работе", "Выход в музей", "Подготовка списка"])
DEADLINES = st.sampled_from(["май 2027 года", "ежеквартально", "до 1 марта", "постоянно", "I полугодие"])
PARTIES = st.sampled_from(["Отдел культуры", "Общественный совет", "Музей города", "Глава района"])
PLAIN_ROWS = st.lists(st.tuples(TITLES, DEADLINES, PARTIES), min_size=1, max_size=8)


FULL_HEAD = ("№ п/п", "Содержание мероприятия", "Срок", "Ожидаемый результат", "Ответственный", "Соисполнители")
RESULTS = st.sampled_from(["Отчёт", "Протокол заседания", "", "Договор заключён"])
CELLS_OF_PARTIES = st.sampled_from(
    ["Отдел культуры, спорта", "Глава района; Музей города", "Директор школы Юдина О.А.", "школы и детские сады", "",
     "МБУ «Дом, сад и школа»", "Управлением образования", "отдел архивов совместно с волонтёрами"]
)  # fmt: skip
FULL_ROWS = st.lists(st.tuples(TITLES, DEADLINES, RESULTS, CELLS_OF_PARTIES, CELLS_OF_PARTIES), min_size=1, max_size=6)
MEANINGS = st.dictionaries(
    st.integers(1, 3),
    st.dictionaries(st.integers(0, 6), st.sampled_from([*ROLES, "year:2026", "year:2027"]), max_size=5),
    max_size=2,
)


def whole(row: ActivityRow) -> tuple[object, ...]:
    """What a plan says of an activity but for its number and its place."""
    return (row.section, row.title, row.deadline_text, row.expected_result, row.responsible, row.step, row.inherited)


def table(rows: list[list[Cell]], index: int = 1) -> Table:
    return Table(tuple(Row(tuple(cells), number) for number, cells in enumerate(rows, 1)), index)


@QUICK
@given(kind=KINDS, first=ROWS, second=ROWS, heading=TEXTS)
def test_any_rows_of_cells_are_read(kind: str, first: list[list[Cell]], second: list[list[Cell]], heading: str) -> None:
    head = [Cell(text) for text in HEAD]
    document = Document(kind, (Paragraph(heading), table([head, *first]), Paragraph(heading), table(second, 2)))  # type: ignore[arg-type]
    plan = read_document(document)
    assert PlanTable.from_json(plan.to_json()) == plan
    assert all(row.title == fold(row.title) for row in plan.activities)
    assert all(row.section_index is None or row.section_index < len(plan.sections) for row in plan.activities)
    answer_of(plan, (2027,))


@QUICK
@given(st.lists(TEXTS, max_size=15).map("\n".join))
def test_any_text_is_read(text: str) -> None:
    if text.strip():
        read_pasted(text)


@QUICK
@given(st.lists(st.lists(TEXTS, max_size=5).map("\t".join), max_size=10).map("\n".join))
def test_any_pasted_table_is_read(rows: str) -> None:
    read_pasted("\t".join(HEAD) + "\n" + rows)


@QUICK
@given(TEXTS)
def test_any_words_have_parties_and_steps(text: str) -> None:
    parties = parties_of(text).names
    assert all(name == name.strip() and "\n" not in name and name for name in parties)
    step, reason = propose_step(text)
    assert bool(step) == bool(reason)


@QUICK
@given(PLAIN_ROWS, st.permutations(range(4)))
def test_swapped_columns_give_the_same_plan(rows: list[tuple[str, str, str]], order: list[int]) -> None:
    numbered = [(str(number), *row) for number, row in enumerate(rows, 1)]
    swapped = [[row[place] for place in order] for row in (HEAD, *numbered)]
    assert brief(from_text(*swapped)) == brief(from_text(HEAD, *numbered))
    assert brief(from_text(HEAD, *numbered)) == [(row[0], row[1], row[2], (row[3],)) for row in numbered]


@QUICK
@given(PLAIN_ROWS, st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_activities(rows: list[tuple[str, str, str]], order: random.Random) -> None:
    numbered = [(str(number), *row) for number, row in enumerate(rows, 1)]
    shuffled = order.sample(numbered, len(numbered))
    assert sorted(brief(from_text(HEAD, *shuffled))) == sorted(brief(from_text(HEAD, *numbered)))


@QUICK
@given(PLAIN_ROWS, st.sampled_from(["\u00a0", "  ", " \u00ad", "\u2009 "]))
def test_kinds_of_blanks_make_no_difference(rows: list[tuple[str, str, str]], blank: str) -> None:
    numbered = [(str(number), *row) for number, row in enumerate(rows, 1)]
    spaced = [tuple(cell.replace(" ", blank) for cell in row) for row in (HEAD, *numbered)]
    assert brief(from_text(*spaced)) == brief(from_text(HEAD, *numbered))


@QUICK
@given(PLAIN_ROWS, st.randoms(use_true_random=False))
def test_repeated_heads_and_column_numbers_make_no_difference(
    rows: list[tuple[str, str, str]], order: random.Random
) -> None:
    numbered = [(str(number), *row) for number, row in enumerate(rows, 1)]
    place = order.randint(0, len(numbered))
    broken = [*numbered[:place], HEAD, ("1", "2", "3", "4"), *numbered[place:]]
    assert brief(from_text(HEAD, *broken)) == brief(from_text(HEAD, *numbered))


@QUICK
@given(kind=KINDS, rows=ROWS, more=ROWS, meanings=MEANINGS)
def test_any_rows_are_read_with_any_meanings(
    kind: str, rows: list[list[Cell]], more: list[list[Cell]], meanings: dict[int, dict[int, str]]
) -> None:
    document = Document(kind, (table([[Cell(text) for text in HEAD], *rows]), table(more, 2)))  # type: ignore[arg-type]
    plan = read_document(document, meanings)
    assert PlanTable.from_json(plan.to_json()) == plan
    places = {(column.table, column.index) for column in (*plan.columns, *plan.unread_columns)}
    assert len(places) == len(plan.columns) + len(plan.unread_columns), "each column has a place of its own"


@QUICK
@given(FULL_ROWS, st.permutations(range(6)))
def test_swapped_columns_of_a_full_plan(rows: list[tuple[str, ...]], order: list[int]) -> None:
    numbered = [(str(number), *row) for number, row in enumerate(rows, 1)]
    parties_swapped = order.index(4) > order.index(5)
    plain = from_text(FULL_HEAD, *numbered)
    swapped = from_text(*[[row[place] for place in order] for row in (FULL_HEAD, *numbered)])
    for one, other in zip(plain.activities, swapped.activities, strict=True):
        assert whole(one)[:4] == whole(other)[:4]
        assert one.number == other.number
        assert set(one.responsible) == set(other.responsible)
        assert parties_swapped or one.responsible == other.responsible


@QUICK
@given(FULL_ROWS, FULL_ROWS, st.randoms(use_true_random=False))
def test_rows_shuffled_inside_sections(
    first: list[tuple[str, ...]], second: list[tuple[str, ...]], order: random.Random
) -> None:
    def document(*sections: list[tuple[str, ...]]) -> bytes:
        rows: list[tuple[str, ...]] = [FULL_HEAD]
        for name, some in zip(("I. Подготовка", "II. Итоги"), sections, strict=True):
            rows.append((name, *[""] * 5))
            rows += [(str(number), *row) for number, row in enumerate(some, 1)]
        return excel(rows)

    plain = read_plan(document(first, second), "план.xlsx")
    shuffled = read_plan(document(order.sample(first, len(first)), order.sample(second, len(second))), "план.xlsx")
    assert sorted(map(repr, map(whole, plain.activities))) == sorted(map(repr, map(whole, shuffled.activities)))
    assert [section.title for section in shuffled.sections] == ["Подготовка", "Итоги"]


@settings(QUICK, max_examples=15)
@given(FULL_ROWS)
def test_word_excel_and_text_say_the_same(rows: list[tuple[str, ...]]) -> None:
    numbered = [FULL_HEAD, *((f"{number}.", *row) for number, row in enumerate(rows, 1))]
    plans = [
        read_plan(word(*numbered), "план.docx"),
        read_plan(excel(numbered), "план.xlsx"),
        from_text(*numbered),
    ]
    said = [[(row.number, *whole(row)) for row in plan.activities] for plan in plans]
    assert said[0] == said[1] == said[2]
    assert len(said[0]) == len(rows)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_parties_written_again_are_the_same(plan: HandPlan) -> None:
    for row in read_document(plan.document).activities:
        assert parties_of("; ".join(row.responsible)).names == row.responsible


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_every_value_has_an_origin(plan: HandPlan) -> None:
    for row in read_document(plan.document).activities:
        assert not row.title or row.origins_of("title")
        assert not row.deadline_text or row.origins_of("deadline_text")
        assert not row.responsible or row.origins_of("responsible")
    for target in read_document(plan.document).targets:
        assert {f"year:{year}" for year in target.values} <= {place.field for place in target.origins}
