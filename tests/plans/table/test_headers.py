"""Columns by meaning, titles, periods, spheres, numbers."""

from datetime import date
from itertools import permutations

import pytest

from plans.table.headline import period_of, spheres_of, title_of
from plans.table.roles import role_of
from plans.table.words import item_number, split_number

from .documents import HEAD, ROWS, brief, from_text


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("№", "number"), ("№ п/п", "number"), ("№\nп.п.", "number"), ("N п/п", "number"), ("Пункт плана", "number"),
        ("Мероприятие", "title"), ("Содержание работы", "title"), ("Наименование мероприятий", "title"),
        ("Перечень мер", "title"), ("Что делаем", "title"),
        ("Сроки", "deadline"), ("Дата проведения", "deadline"), ("Срок реализации мероприятия", "deadline"),
        ("Период исполнения", "deadline"), ("Периодичность", "deadline"), ("Когда", "deadline"),
        ("Исполнители", "responsible"), ("Ответственные за реализацию мероприятия и результат", "responsible"),
        ("Ответственный орган", "responsible"), ("Соисполнители", "responsible"),
        ("Ожидаемый результат", "result"), ("Форма реализации", "result"), ("Вид документа", "result"),
        ("Отметка об исполнении", "other"), ("Примечание", "other"), ("Источник финансирования", "other"),
        ("Объём, тыс. руб.", "other"), ("Цвет", None), ("", None),
    ],
)  # fmt: skip
def test_role(heading: str, role: str | None) -> None:
    assert role_of(heading) == role


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_columns_in_any_order(order: tuple[int, ...]) -> None:
    rows = [[row[place] for place in order] for row in (HEAD, *ROWS)]
    assert brief(from_text(*rows)) == brief(from_text(HEAD, *ROWS))


def test_without_numbers_numbers_in_titles_and_other_columns() -> None:
    plan = from_text(
        ("Мероприятие", "Срок", "Исполнитель", "Отметка о выполнении"),
        ("1.1. Печать анкет", "май", "Отдел", "сделано"),
        ("Отчёт", "июнь", "Отдел", ""),
    )
    assert [(row.number, row.title) for row in plan.activities] == [("1.1", "Печать анкет"), (None, "Отчёт")]
    assert plan.activities[0].source.cells[3].text == "сделано"


def test_party_as_a_heading_row() -> None:
    plan = from_text(
        ("№", "Мероприятие", "Срок"), ("", "Отдел культуры", ""), ("1", "Опрос", "май"), ("2", "Отчёт", "июнь"),
        ("", "Музей города", ""), ("3", "Экскурсия", "июль"),
    )  # fmt: skip
    assert [row.responsible for row in plan.activities] == [("Отдел культуры",)] * 2 + [("Музей города",)]
    assert {row.inherited for row in plan.activities} == {("responsible",)}


def test_deadlines_under_years() -> None:
    plan = from_text(("Мероприятие", "Срок 2026", "Срок 2027", "Исполнитель"), ("Опрос", "+", "II квартал", "Отдел"))
    assert plan.activities[0].deadline_text == "2026 год; II квартал 2027 года"


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("План на 2026–2028 годы", (date(2026, 1, 1), date(2028, 12, 31))),
        ("План на 2026 - 2028 гг.", (date(2026, 1, 1), date(2028, 12, 31))),
        ("План на период с 2026 по 2028 год", (date(2026, 1, 1), date(2028, 12, 31))),
        ("План на 2026, 2027 и 2028 годы", (date(2026, 1, 1), date(2028, 12, 31))),
        ("План на 2027 год", (date(2027, 1, 1), date(2027, 12, 31))),
        ("План в 2027 г.", (date(2027, 1, 1), date(2027, 12, 31))),
        ("План на 2026/2027 учебный год", (date(2026, 9, 1), date(2027, 8, 31))),
        ("План на II полугодие 2027 года", (date(2027, 7, 1), date(2027, 12, 31))),
        ("План с 01.03.2026 по 28.02.2027", (date(2026, 3, 1), date(2027, 2, 28))),
        ("План на май–октябрь 2027 года", (date(2027, 5, 1), date(2027, 10, 31))),
        ("План без года", None),
        ("План к распоряжению от 12.03.2020 № 5", None),
    ],
)
def test_period(title: str, period: tuple[date, date] | None) -> None:
    assert period_of(title) == period


def test_title_without_approval_and_headings() -> None:
    lines = [
        "УТВЕРЖДЁН",
        "постановлением администрации",
        "от 01.02.2026 № 5",
        "",
        "План",
        "по оценке музеев",
        "I. Общее",
    ]
    assert title_of(lines) == "План по оценке музеев"
    assert title_of(["Приложение № 2", "по оценке музеев города"]) == "по оценке музеев города"
    assert title_of([]) == ""


@pytest.mark.parametrize(
    ("title", "spheres"),
    [
        ("План оценки учреждений культуры и образования", ("culture", "education")),
        ("План муниципального образования «Сосновский район»", ()),
        ("Оценка медицинских организаций", ("health",)),
        ("Оценка центров социального обслуживания", ("social",)),
        ("Об условиях образовательной деятельности муниципальных образований", ("education",)),
    ],
)
def test_spheres(title: str, spheres: tuple[str, ...]) -> None:
    assert spheres_of([title]) == spheres


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1.", "1"), (" 3.3. ", "3.3"), ("II.", "II"), ("1)", "1"), ("а)", "а"), ("№ 4", "4"), ("1 .2", "1.2"), ("2027", None),
     ("IV квартал", None), ("", None), ("Раздел 2", "2")],
)  # fmt: skip
def test_item_number(cell: str, number: str | None) -> None:
    assert item_number(cell) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("II. План", "II"), ("1.1 Опрос", "1.1"), ("3) Опрос", "3"), ("1 раз в год", None), ("IV квартал", None),
     ("20.02.2027 опрос", None), ("2027 год", None), ("Глава 2. Опрос", "2"), ("I Подготовка", "I")],
)  # fmt: skip
def test_split_number(text: str, number: str | None) -> None:
    assert split_number(text)[0] == number
