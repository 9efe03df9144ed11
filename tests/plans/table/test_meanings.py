"""Columns by a person's word, and what was understood from where."""

import pytest

from plans.table import PlanTable, meanings_from_json, read_pasted

from .documents import codes

UNKNOWN = """План работы на 2027 год

Что\tПричина\tЗавершаем
Провести опрос родителей\tдо 1 июня 2027 г.\tОтдел образования
Подвести итоги\tиюль 2027 г.\tОтдел образования
"""
KNOWN = """План работы на 2027 год

№\tМероприятие\tСрок\tОтветственный
1\tПровести опрос\tОтдел культуры\tиюнь 2027 г.
2\tПодвести итоги\tСовет\tиюль 2027 г.
"""


def lines(plan: PlanTable) -> list[tuple[str | None, str, str, tuple[str, ...]]]:
    return [(row.number, row.title, row.deadline_text, row.responsible) for row in plan.activities]


def test_columns_that_were_taken_for_each_other_are_set_right() -> None:
    plan = read_pasted(KNOWN, meanings={1: {2: "responsible", 3: "deadline"}})

    assert lines(plan) == [
        ("1", "Провести опрос", "июнь 2027 г.", ("Отдел культуры",)),
        ("2", "Подвести итоги", "июль 2027 г.", ("Совет",)),
    ]
    assert [(column.role, column.example) for column in plan.columns] == [
        ("number", "1"),
        ("title", "Провести опрос"),
        ("responsible", "Отдел культуры"),
        ("deadline", "июнь 2027 г."),
    ]


def test_a_column_that_is_not_needed_goes_nowhere() -> None:
    plan = read_pasted(KNOWN, meanings={1: {3: "other"}})

    assert [row.responsible for row in plan.activities] == [(), ()]


def test_the_title_moves_and_the_column_that_held_it_yields() -> None:
    plan = read_pasted(KNOWN, meanings={1: {2: "title"}})

    assert [row.title for row in plan.activities] == ["Отдел культуры", "Совет"]
    assert [column.role for column in plan.columns] == ["number", "other", "title", "responsible"]


def test_a_table_whose_head_says_nothing_is_read_by_a_persons_word() -> None:
    first = read_pasted("Сводка\n\nА\tБ\tВ\nОпрос\tзавтра\tМы\nИтоги\tпотом\tВы\n")
    assert "no_activities" in codes(first)
    assert [(column.index, column.heading, column.example) for column in first.unread_columns] == [
        (0, "А", "Опрос"),
        (1, "Б", "завтра"),
        (2, "В", "Мы"),
    ]

    plan = read_pasted(
        "Сводка\n\nА\tБ\tВ\nОпрос\tзавтра\tМы\nИтоги\tпотом\tВы\n",
        meanings={1: {0: "title", 1: "deadline", 2: "responsible"}},
    )

    assert lines(plan) == [(None, "Опрос", "завтра", ("Мы",)), (None, "Итоги", "потом", ("Вы",))]
    assert plan.unread_columns == ()


def test_columns_guessed_by_their_words_can_be_set_too() -> None:
    plan = read_pasted(UNKNOWN, meanings={1: {0: "title", 1: "deadline", 2: "responsible"}})

    assert lines(plan)[-2:] == [
        (None, "Провести опрос родителей", "до 1 июня 2027 г.", ("Отдел образования",)),
        (None, "Подвести итоги", "июль 2027 г.", ("Отдел образования",)),
    ]


def test_years_of_indicators_are_set() -> None:
    text = "План на 2027–2028 годы\n\nПоказатель\tЕд. изм.\tВ начале\tВ конце\nЧисло школ\tед.\t5\t9\n"

    plan = read_pasted(text, meanings={1: {2: "year:2027", 3: "year:2028"}})

    assert [(row.title, row.unit, dict(row.values)) for row in plan.targets] == [
        ("Число школ", "count", {2027: 5, 2028: 9})
    ]
    assert [(place.column, place.heading, place.words) for place in plan.targets[0].origins_of("year:2028")] == [
        (3, "В конце", "9")
    ]


def test_words_that_no_meaning_is_are_refused_where_they_are_read() -> None:
    assert meanings_from_json({"1": {"0": "title", "2": "year:2027"}}) == {1: {0: "title", 2: "year:2027"}}
    with pytest.raises(ValueError, match="nonsense"):
        meanings_from_json({"1": {"0": "nonsense"}})


def test_every_value_says_which_cells_it_came_from() -> None:
    text = (
        "№\tМероприятие\tНачало\tОкончание\tИсполнитель\tСоисполнитель\n"
        "1\tОпрос\tмай 2027 г.\tиюнь 2027 г.\tОтдел образования\tШколы\n"
        "2\tСводка\t\t\t\t\n"
    )
    plan = PlanTable.from_json(read_pasted(text).to_json())
    first, second = plan.activities

    assert [(place.row, place.column, place.heading, place.words) for place in first.origins_of("deadline_text")] == [
        (2, 2, "Начало", "май 2027 г."),
        (2, 3, "Окончание", "июнь 2027 г."),
    ]
    assert [place.column for place in first.origins_of("responsible")] == [4, 5]
    assert [(place.row, place.words) for place in second.origins_of("title")] == [(3, "Сводка")]
    assert [place.row for place in second.origins_of("deadline_text")] == [2, 2], "taken from the row above"


def test_a_party_named_by_a_heading_says_so() -> None:
    text = "№\tМероприятие\tСрок\n\tУправление образования:\t\n1\tОпрос\tмай 2027 г.\n2\tСводка\tиюнь 2027 г.\n"
    plan = read_pasted(text)

    assert [[(at.row, at.column, at.words) for at in row.origins_of("responsible")] for row in plan.activities] == [
        [(2, None, "Управление образования:")],
        [(2, None, "Управление образования:")],
    ]


def test_a_column_of_sections_by_a_persons_word() -> None:
    text = "План на 2027 год\n\n№\tОбъект\tМероприятие\tСрок\n1\tМузей\tОпрос\tмай\n2\tМузей\tИтоги\tиюнь\n3\tАрхив\tОпрос\tиюль\n"
    assert read_pasted(text).sections == ()

    plan = read_pasted(text, meanings={1: {1: "section"}})

    assert [section.title for section in plan.sections] == ["Музей", "Архив"]
    assert [row.section_index for row in plan.activities] == [0, 0, 1]


def test_a_deadline_from_a_heading_says_where_it_stands() -> None:
    plan = read_pasted("План на 2027 год\n\n№\tМероприятие\tСрок\nМАРТ\t\t\n1\tОпрос\t\n2\tИтоги\tмай\n")

    first, second = plan.activities
    assert [(place.row, place.words) for place in first.origins_of("deadline_text")] == [(2, "МАРТ")]
    assert (first.inherited, second.inherited) == (("deadline_text",), ())
    assert "inherited" in codes(plan)


def test_a_theme_that_comes_back_is_the_same_section() -> None:
    rows = "Музеи\tОпрос\tмай\tСовет\nАрхивы\tОпрос\tиюнь\tСовет\nМузеи\tСводка\tдо 1 июля\tСовет\n"
    plan = read_pasted(f"План на 2027 год\n\nНаправление\tМероприятие\tСрок\tОтветственный\n{rows}")

    assert [section.title for section in plan.sections] == ["Музеи", "Архивы"]
    assert [row.section_index for row in plan.activities] == [0, 1, 0]
