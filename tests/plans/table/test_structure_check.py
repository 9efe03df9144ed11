"""Plan check of the whole table: columns, sections, repeated rows, titles, figures."""

import pytest

from plans.table import Finding, PlanTable, read_document

from .by_hand import document_of

HEAD = "План на 2027 год в сфере культуры\n№ | Мероприятие | Срок | Исполнитель\n"


def plan_of(text: str) -> PlanTable:
    return read_document(document_of(text))


def found(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(one.code, one.activity, one.field) for one in plan_of(text).findings]


def test_a_careful_plan_has_nothing_to_say() -> None:
    assert found(HEAD + "1 | Опрос | май 2027 г. | Совет\n2 | Отчёт | июнь 2027 г. | Совет") == []


def test_a_column_that_was_not_understood_is_named() -> None:
    text = "План на 2027 год, культура\n№ | Мероприятие | Срок | Исполнитель | Шифр\n1 | Опрос | май 2027 г. | Совет | ЖЖ-7"
    assert found(text) == [("column_unknown", None, "columns.1.4")]
    assert "«Шифр»" in plan_of(text).findings[0].message


def test_an_unknown_column_without_words_is_left_alone() -> None:
    text = "План на 2027 год, культура\n№ | Мероприятие | Срок | Исполнитель | Шифр\n1 | Опрос | май 2027 г. | Совет | "
    assert found(text) == []


def test_columns_that_changed_places() -> None:
    rows = "1 | Опрос | Отдел культуры | май 2027 г.\n2 | Отчёт | Отдел архивов | июнь 2027 г."
    assert ("columns_mixed", None, "columns") in found(HEAD + rows)


def test_a_column_taken_for_the_titles_is_asked_about() -> None:
    text = "План на 2027 год, культура\n№ | Как-нибудь | Срок | Исполнитель\n1 | Опрос | май 2027 г. | Совет"
    assert found(text) == [("title_column_guessed", None, "columns")]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("I. Начало | < | < | <\nII. Конец | < | < | <\n1 | Опрос | май 2027 г. | Совет", [("section_empty", None, "sections.0")]),
        ("1. Начало | < | < | <\n1.1. Ещё | < | < | <\n1.1.1 | Опрос | май 2027 г. | Совет", []),
        ("I. Начало | < | < | <\n1 | Опрос | май 2027 г. | Совет\nII. Конец | < | < | <", [("section_empty", None, "sections.1")]),
    ],
)  # fmt: skip
def test_sections_without_rows(rows: str, codes: list[tuple[str, str | None, str | None]]) -> None:
    assert found(HEAD + rows) == codes


def test_a_row_that_stands_twice() -> None:
    rows = "1 | Опрос | май 2027 г. | Совет\n2 | опрос | май  2027 г. | Совет\n3 | Опрос | июнь 2027 г. | Совет"
    assert found(HEAD + rows) == [("activity_doubled", "2", "title")]


def test_a_list_in_a_title_may_be_several_activities() -> None:
    assert found(HEAD + "1 | 1) опрос;⏎2) отчёт | май 2027 г. | Совет") == [("title_is_list", "1", "title")]
    assert found(HEAD + "1 | Сделать:⏎1) опрос;⏎2) отчёт | май 2027 г. | Совет") == []
    assert found(HEAD + "1 | Опрос⏎посетителей | май 2027 г. | Совет") == []


def test_a_day_before_the_plan_begins() -> None:
    text = "План культуры на 2027/2028 учебный год\n№ | Мероприятие | Срок | Исполнитель\n1 | Опрос | 1 марта 2027 г. | Совет"
    assert found(text) == [("due_before_start", "1", "deadline_text")]


def test_what_is_too_long_is_said() -> None:
    number = ".".join("1" * 16)
    assert found(HEAD + f"{number} | Опрос | май 2027 г. | Совет") == [("number_too_long", number, "number")]
    title = "План мероприятий в сфере культуры на 2027 год " + "очень " * 150
    plan = plan_of(f"{title}\n№ | Мероприятие | Срок | Исполнитель\n1 | Опрос | май 2027 г. | Совет")
    assert [one.code for one in plan.findings] == ["title_cut"]
    assert plan.title == title[: len(plan.title)]


def test_totals_signatures_and_notes_are_told_and_not_read() -> None:
    rows = (
        "1 | Опрос | май 2027 г. | Совет\n | Итого: 1 мероприятие | | \nГлава | < | | И. Иванов\n"
        "Недостатков не выявлено | < | < | <"
    )
    plan = plan_of(HEAD + rows)
    assert [row.title for row in plan.activities] == ["Опрос"]
    assert plan.sections == ()
    assert [one.code for one in plan.findings] == ["row_skipped"] * 3


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Число школ | шт. | 5 | -2", "count_below_zero"),
        ("Доля школ | шт. | 5 | 7", "target_unit_doubtful"),
        ("Число школ | шт. | - | ", "target_empty"),
        ("Доля школ | % | 5 | 101", "percent_out_of_range"),
        ("Число школ | шт. | 5 | сколько выйдет", "target_value_not_understood"),
        ("Число школ нарастающим итогом | шт. | 5 | 4", "cumulative_falls"),
    ],
)
def test_figures(row: str, code: str) -> None:
    text = f"План культуры на 2027–2028 годы\nПоказатель | Ед. изм. | 2027 | 2028\n{row}"
    findings = [one for one in plan_of(text).findings if one.target_index is not None]
    assert [one.code for one in findings] == [code]
    assert findings[0].message.endswith(".")


def test_an_indicator_twice_and_after_the_plan() -> None:
    text = "План культуры на 2027 год\nПоказатель | Ед. изм. | 2027 | 2028\nШколы | шт. | 1 | 2\nШколы | шт. | 1 | 2"
    codes = [one.code for one in plan_of(text).findings if one.target_index is not None]
    assert codes == ["target_year_outside_period", "target_year_outside_period", "target_doubled"]


def test_each_finding_is_a_sentence_that_says_what_to_do() -> None:
    texts = [
        HEAD + "1 | Опрос | 31 ноября 2027 г. | Совет\n1 | Опрос | 31 ноября 2027 г. | Совет\nII. Конец | < | < | <",
        "№ | Мероприятие | Срок | Исполнитель | Шифр\n5 | 1) а;⏎2) б | | Директорам школ | Ж",
    ]
    findings: list[Finding] = [one for text in texts for one in plan_of(text).findings]
    assert len({one.code for one in findings}) >= 10
    for one in findings:
        assert one.message[:1].isupper()
        assert one.message.endswith(".")
