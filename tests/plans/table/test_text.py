"""Text in its usual shapes: tabs, quotes, one cell a line, drawn columns."""

import pytest

from plans.table import UnreadableFile, read_pasted, read_plan

from .documents import HEAD, ROWS, brief, codes, from_text

PLAIN = [(number, title, deadline, (party,)) for number, title, deadline, party in ROWS]


def test_tab_separated() -> None:
    plan = from_text(HEAD, *ROWS, above=["План мероприятий на 2027 год", ""])
    assert brief(plan) == PLAIN
    assert plan.title == "План мероприятий на 2027 год"


def test_quoted_cells_may_hold_line_breaks_and_quotes() -> None:
    text = (
        "\t".join(HEAD)
        + '\n1\t"Опрос ""в зале""\nи на сайте"\tмай 2027\t"Отдел культуры\nМузей города"\n2\tОтчёт\tиюнь 2027\tМузей'
    )
    assert brief(read_pasted(text)) == [
        ("1", 'Опрос "в зале" и на сайте', "май 2027", ("Отдел культуры", "Музей города")),
        ("2", "Отчёт", "июнь 2027", ("Музей",)),
    ]


def test_a_quote_that_opens_a_name_is_no_quoted_cell() -> None:
    text = (
        "\t".join(HEAD) + '\n1\t"Дом книги" открывает опрос\tмай 2027\tОтдел\n2\tОтчёт о "Доме книги"\tиюнь 2027\tМузей'
    )
    assert [row.title for row in read_pasted(text).activities] == [
        '"Дом книги" открывает опрос',
        'Отчёт о "Доме книги"',
    ]


def test_line_breaks_inside_cells_that_nobody_quoted() -> None:
    text = "\t".join(HEAD) + "\n1\tОпрос\nпосетителей\tмай\n2027 года\tОтдел культуры\n2\tОтчёт\tиюнь 2027\tМузей"
    assert brief(read_pasted(text)) == [
        ("1", "Опрос посетителей", "май 2027 года", ("Отдел культуры",)),
        ("2", "Отчёт", "июнь 2027", ("Музей",)),
    ]


def one_cell_a_line(*rows: tuple[str, ...]) -> str:
    return "\n\n".join("\n".join(f"\t{cell}" for cell in row) for row in rows)


def test_one_cell_a_line() -> None:
    assert brief(read_pasted(one_cell_a_line(HEAD, *ROWS))) == PLAIN


def test_one_cell_a_line_with_blank_lines_inside_cells() -> None:
    text = one_cell_a_line(HEAD, ("1. \n", "Опрос:\n\nв зале\n\nна сайте", "май\n2027", "Отдел\n"), ROWS[1])
    plan = read_pasted("План на 2027 год\n\n" + text + "\n\n\nПриложение: анкета")
    assert [(row.number, row.title) for row in plan.activities] == [("1", "Опрос: в зале на сайте"), ("2", ROWS[1][1])]
    assert plan.title == "План на 2027 год"


def test_blank_cells_inherit_from_the_row_above() -> None:
    plan = from_text(
        HEAD, ROWS[0], ("2", "Печать анкет", "", ""), ("3", "Раздача анкет", "", ""), ("4", "Отчёт", "май", "")
    )
    assert [row.inherited for row in plan.activities] == [(), *[("deadline_text", "responsible")] * 2, ()]
    assert plan.activities[2].deadline_text == ROWS[0][2]
    assert plan.activities[3].responsible == ()


def test_a_row_whose_number_goes_on_below_is_a_section() -> None:
    plan = from_text(
        HEAD, ("1", "Подготовка", "", ""), ("1.1", *ROWS[0][1:]), ("2.", "Опрос", "", ""), ("2.1.", *ROWS[1][1:])
    )
    assert [(section.number, section.title) for section in plan.sections] == [("1", "Подготовка"), ("2", "Опрос")]
    assert [(row.number, row.section) for row in plan.activities] == [("1.1", "1"), ("2.1", "2")]


def test_a_row_with_its_own_deadline_is_an_activity_though_its_number_goes_on() -> None:
    plan = from_text(HEAD, ROWS[0], ("1.1", *ROWS[1][1:]))
    assert plan.sections == ()
    assert [row.number for row in plan.activities] == ["1", "1.1"]


@pytest.mark.parametrize("heading", ["Подготовка", "I. Подготовка", "Раздел 1. Подготовка", "ПОДГОТОВКА"])
def test_a_row_without_number_is_a_section(heading: str) -> None:
    plan = from_text(HEAD, ("", heading, "", ""), *ROWS)
    assert [section.title.lower() for section in plan.sections] == ["подготовка"]
    assert len(plan.activities) == 3


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "cp866", "koi8-r"]
)
def test_encodings(encoding: str) -> None:
    content = "\n".join("\t".join(row) for row in (("Пункт", *HEAD[1:]), *ROWS)).encode(encoding)
    assert brief(read_plan(content, "план.txt")) == PLAIN


@pytest.mark.parametrize("mark", ["|", ";"])
def test_drawn_columns(mark: str) -> None:
    text = "\n".join(mark.join(row) for row in (HEAD, *ROWS))
    assert brief(read_pasted(text)) == PLAIN


def test_markdown_table() -> None:
    lines = ["| " + " | ".join(row) + " |" for row in (HEAD, *ROWS)]
    assert brief(read_pasted("\n".join([lines[0], "|---|:---|---|---|", *lines[1:]]))) == PLAIN


def test_table_pasted_without_head_is_guessed_and_told() -> None:
    plan = from_text(*ROWS)
    assert brief(plan) == PLAIN
    assert "columns_guessed" in codes(plan)


def test_prose_is_no_plan() -> None:
    assert codes(read_pasted("Просто письмо.\nС уважением,\nГлава")) == ["no_activities"]


def test_nothing_pasted() -> None:
    with pytest.raises(UnreadableFile, match="Вставьте таблицу"):
        read_pasted(" \n\t ")


FRAME = """
┌───┬────────────────────┬──────┬────────────┐
│ № │ Мероприятие        │ Срок │ Исполнитель│
├───┼────────────────────┼──────┼────────────┤
│ 1 │ Опрос              │ май  │ Отдел      │
│   │ посетителей        │      │ культуры   │
├───┼────────────────────┼──────┼────────────┤
│ 2 │ Отчёт              │ июнь │ Музей      │
└───┴────────────────────┴──────┴────────────┘
"""
SPACED = """
№   Мероприятие              Срок    Исполнитель
1   Опрос                    май     Отдел
    посетителей                      культуры
2   Отчёт                    июнь    Музей
"""
MARKS = """
№ | Мероприятие | Срок | Исполнитель
--|:--|--|--:
1 | Опрос<br>посетителей | май | Отдел культуры
2 | Отчёт | июнь | Музей
"""
QUOTED = '№;Мероприятие;Срок;Исполнитель\n1;"Опрос\nпосетителей";май;Отдел культуры\n2;Отчёт;июнь;Музей'
STACKED = "План\n№\nМероприятие\nСрок\nИсполнитель\n1\nОпрос посетителей\nмай\nОтдел культуры\n2\nОтчёт\nиюнь\nМузей"


@pytest.mark.parametrize("text", [FRAME, SPACED, MARKS, QUOTED, QUOTED.replace(";", ","), STACKED])
def test_ways_of_drawing_a_table(text: str) -> None:
    assert brief(read_pasted(text)) == [
        ("1", "Опрос посетителей", "май", ("Отдел культуры",)),
        ("2", "Отчёт", "июнь", ("Музей",)),
    ]


def test_quotes_and_marks_inside_csv_cells() -> None:
    text = ";".join(HEAD) + '\n1;"Опрос; печать";"до ""майских"" праздников";Музей'
    assert brief(read_pasted(text)) == [("1", "Опрос; печать", 'до "майских" праздников', ("Музей",))]


def test_a_cell_a_line_with_a_line_missing_is_not_guessed() -> None:
    plan = read_pasted(STACKED.replace("Отчёт\n", ""))
    assert (plan.activities, "no_activities" in codes(plan)) == ((), True)
