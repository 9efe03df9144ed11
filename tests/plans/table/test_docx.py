"""What Word documents do to a table."""

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table

from .documents import HEAD, ROWS, add_table, brief, codes, from_word, run, saved, word

PLAIN = [(number, title, deadline, (party,)) for number, title, deadline, party in ROWS]


def test_plain_table_with_title_above() -> None:
    plan = from_word(word(HEAD, *ROWS, above=["Утверждаю", "ПЛАН МЕРОПРИЯТИЙ", "по оценке библиотек на 2027 год"]))
    assert brief(plan) == PLAIN
    assert (plan.title, plan.period) == (
        "ПЛАН МЕРОПРИЯТИЙ по оценке библиотек на 2027 год",
        ("2027-01-01", "2027-12-31"),
    )
    assert plan.activities[0].source.row == 2
    assert [(cell.heading, cell.text, cell.role) for cell in plan.activities[0].source.cells] == list(
        zip(HEAD, ROWS[0], ("number", "title", "deadline", "responsible"), strict=True)
    )


def test_vertically_merged_cells_inherit() -> None:
    def merge(table: Table) -> None:
        table.cell(2, 2).text = table.cell(2, 3).text = ""
        table.cell(1, 2).merge(table.cell(2, 2))
        table.cell(1, 3).merge(table.cell(2, 3))

    plan = from_word(word(HEAD, *ROWS, change=merge))
    second = plan.activities[1]
    assert (second.deadline_text, second.responsible) == (ROWS[0][2], (ROWS[0][3],))
    assert second.inherited == ("deadline_text", "responsible")
    assert plan.activities[2].inherited == ()
    assert codes(plan).count("inherited") == 1


def test_blank_cells_without_merge_stay_blank() -> None:
    plan = from_word(word(HEAD, ROWS[0], ("2", "Подготовка анкет", "", ""), ("3", "Печать анкет", "", "")))
    assert [row.inherited for row in plan.activities] == [(), (), ()]
    assert codes(plan).count("no_deadline") == 2


def test_row_across_the_table_is_a_section() -> None:
    def merge(table: Table) -> None:
        table.cell(1, 0).merge(table.cell(1, 3))
        table.cell(3, 1).merge(table.cell(3, 3))

    rows = (HEAD, ("Раздел I. Подготовка", "", "", ""), ROWS[0], ("2", "Проведение", "", ""), ("2.1", *ROWS[1][1:]))
    plan = from_word(word(*rows, change=merge))
    assert [(section.number, section.title) for section in plan.sections] == [("I", "Подготовка"), ("2", "Проведение")]
    assert [(row.number, row.section) for row in plan.activities] == [("1", "I"), ("2.1", "2")]


def test_unnumbered_section_keeps_its_activities() -> None:
    plan = from_word(word(HEAD, ("", "Подготовка", "", ""), *ROWS))
    assert [(section.number, section.title) for section in plan.sections] == [(None, "Подготовка")]
    assert {(row.section, row.section_index) for row in plan.activities} == {(None, 0)}


def test_table_broken_by_pages() -> None:
    document = docx.Document()
    add_table(document, [HEAD, ROWS[0], ("2", "Опрос посетителей библиотек и", "май 2027", "Общественный")])
    document.add_paragraph("")
    add_table(document, [("", "читателей на дому", "года", "совет"), ROWS[2]])
    plan = from_word(saved(document))
    assert plan.activities[1].title == "Опрос посетителей библиотек и читателей на дому"
    assert (plan.activities[1].deadline_text, plan.activities[1].responsible) == (
        "май 2027 года",
        ("Общественный совет",),
    )
    assert [row.number for row in plan.activities] == ["1", "2", "3"]
    assert "row_joined" in codes(plan)


def test_repeated_head_and_column_numbers_are_no_activities() -> None:
    numbers = ("1", "2", "3", "4")
    plan = from_word(word(HEAD, numbers, ROWS[0], ROWS[1], HEAD, numbers, ROWS[2]))
    assert brief(plan) == PLAIN


def test_head_in_two_rows() -> None:
    def merge(table: Table) -> None:
        for column in (0, 1, 4):
            table.cell(0, column).merge(table.cell(1, column))
        table.cell(0, 2).merge(table.cell(0, 3))

    rows = (
        ("№", "Мероприятие", "Срок исполнения", "", "Исполнитель"),
        ("", "", "начало", "окончание", ""),
        ("1", "Опрос посетителей", "01.05.2027", "31.05.2027", "Отдел культуры"),
    )
    plan = from_word(word(*rows, change=merge))
    assert brief(plan) == [("1", "Опрос посетителей", "с 01.05.2027 по 31.05.2027", ("Отдел культуры",))]
    assert "deadline_composed" in codes(plan)


def test_tracked_changes_are_read_as_accepted() -> None:
    def change(table: Table) -> None:
        paragraph = table.cell(1, 2).paragraphs[0]._p
        for child in list(paragraph):
            if child.tag == qn("w:r"):
                paragraph.remove(child)
        paragraph.append(run("до 1 февраля ", "del"))
        paragraph.append(run("до 1 марта ", "ins"))
        paragraph.append(run("2027 года"))
        row = table.rows[3]._tr
        row.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')} w:id='2' w:author='a'/>"))

    plan = from_word(word(HEAD, *ROWS, change=change))
    assert plan.activities[0].deadline_text == "до 1 марта 2027 года"
    assert [row.number for row in plan.activities] == ["1", "2"]
    assert "tracked_changes" in codes(plan)


def test_lists_numbered_by_word() -> None:
    document = docx.Document()
    table = add_table(document, [HEAD, ("", *ROWS[0][1:]), ("", *ROWS[1][1:])])
    for line in (1, 2):
        table.cell(line, 0).paragraphs[0].style = "List Number"
    cell = table.cell(2, 3)
    cell.text = ""
    cell.paragraphs[0].text = "Отдел культуры"
    cell.paragraphs[0].style = "List Bullet"
    cell.add_paragraph("Музей города", style="List Bullet")
    plan = from_word(saved(document))
    assert [row.number for row in plan.activities] == ["1", "2"]
    assert plan.activities[1].responsible == ("Отдел культуры", "Музей города")


def test_nested_table_becomes_lines_of_its_cell() -> None:
    document = docx.Document()
    table = add_table(document, [HEAD, *ROWS])
    inner = table.cell(1, 1).add_table(rows=1, cols=2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "филиал 1", "филиал 2"
    plan = from_word(saved(document))
    assert plan.activities[0].title == "Составление перечня библиотек филиал 1 филиал 2"
    assert "nested_table" in codes(plan)
    assert len(plan.activities) == 3


def test_plan_inside_a_table_that_only_frames_the_page() -> None:
    document = docx.Document()
    frame = document.add_table(rows=1, cols=1)
    cell = frame.cell(0, 0)
    cell.text = "План мероприятий на 2027 год"
    inner = cell.add_table(rows=4, cols=4)
    for line, texts in enumerate([HEAD, *ROWS]):
        for column, text in enumerate(texts):
            inner.cell(line, column).text = text
    plan = from_word(saved(document))
    assert brief(plan) == PLAIN
    assert plan.title == "План мероприятий на 2027 год"


def test_several_tables_under_numbered_headings() -> None:
    document = docx.Document()
    document.add_paragraph("План на 2027 год")
    document.add_paragraph("I. Библиотеки")
    add_table(document, [HEAD, ROWS[0]])
    document.add_paragraph("II. Музеи")
    add_table(document, [HEAD, ("1", *ROWS[1][1:])])
    plan = from_word(saved(document))
    assert [(section.number, section.title) for section in plan.sections] == [("I", "Библиотеки"), ("II", "Музеи")]
    assert [(row.number, row.section) for row in plan.activities] == [("1", "I"), ("1", "II")]
    assert plan.title == "План на 2027 год"
    assert not {"number_repeated", "numbering_gap"} & set(codes(plan))


def test_unknown_table_between_is_told() -> None:
    document = docx.Document()
    add_table(document, [HEAD, *ROWS])
    document.add_paragraph("Лист согласования")
    add_table(document, [("Должность", "Подпись"), ("Глава", "")])
    plan = from_word(saved(document))
    assert len(plan.activities) == 3
    assert codes(plan).count("table_skipped") == 1


def test_line_breaks_tabs_and_soft_hyphens() -> None:
    rows = (HEAD, ("1.", "Опрос\nпосети\u00adтелей\u00a0 библиотек", "май\n2027  года", "Отдел\nкультуры"))
    assert brief(from_word(word(*rows))) == [("1", "Опрос посетителей библиотек", "май 2027 года", ("Отдел культуры",))]


def test_several_lines_of_one_merged_activity() -> None:
    def merge(table: Table) -> None:
        table.cell(1, 0).merge(table.cell(2, 0))
        table.cell(1, 1).merge(table.cell(2, 1))

    rows = (HEAD, ROWS[0], ("", "", "до 1 марта 2027 года", "Музей города"))
    plan = from_word(word(*rows, change=merge))
    assert len(plan.activities) == 1
    assert plan.activities[0].deadline_text == "до 1 февраля 2027 года до 1 марта 2027 года"
    assert plan.activities[0].responsible == ("Отдел культуры", "Музей города")


def test_document_without_tables_says_so() -> None:
    document = docx.Document()
    document.add_paragraph("План мероприятий: ничего не делать")
    assert codes(from_word(saved(document))) == ["no_activities"]
