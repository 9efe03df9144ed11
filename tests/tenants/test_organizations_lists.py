"""Lists of organizations: how an Excel file is read, and what each line means beside the register."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nok_portal.tenants.models import Organization
from nok_portal.tenants.register.cells import LENGTHS
from nok_portal.tenants.register.columns import find_header, letter_of, meaning_of
from nok_portal.tenants.register.inn import inn_from, inn_problem
from nok_portal.tenants.register.matching import FIELDS, Known, classify
from nok_portal.tenants.register.reading import read_table
from nok_portal.tenants.register.sheet import MAX_ROWS, Row, Sheet, SheetRefused
from nok_portal.tenants.services.organization_imports import (
    ImportRefused,
    read_file,
)
from tests.factories.excel import workbook

A, B, C = inn_from("990100101"), inn_from("990100202"), inn_from("012300303")
TITLES = ["№", "Наименование", "ИНН", "Сфера", "Адрес"]


# --- reading, without a database ------------------------------------------------------------------


def sheet_of(*rows: Any):
    return [Sheet("Лист1", tuple(Row(number, tuple(row)) for number, row in enumerate(rows, start=1) if any(row)))]


def lines_of(*rows: Any, sphere=""):
    return read_table(sheet_of(*rows), sphere=sphere).lines


def known(pk=1, merged=False, **values: Any):
    blank = {**dict.fromkeys(FIELDS, ""), "recipients_last_year": None, "active_from": None, "active_to": None}
    values = {**blank, "name": "Клуб", "short_name": "Клуб", "sphere": "culture", **values}
    return Known(pk, 1, values, merged=merged)


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Наименование организации", "name"),
        ("Полное наименование\nучреждения (по уставу)", "name"),
        ("Сокращённое наименование", "short_name"),
        ("ИНН/КПП", "inn"),
        ("КПП", None),
        ("Сфера деятельности", "sphere"),
        ("Тип учреждения", "organization_type"),
        ("Вид деятельности", None),
        ("Организационно-правовая форма", None),
        ("Наименование учредителя", "founder"),
        ("Юридический адрес", "address"),
        ("Адрес официального сайта", "site"),
        ("Адрес электронной почты", None),
        ("Телефон руководителя", None),
        ("Ф.И.О. руководителя", "head_name"),
        ("Директор", "head_name"),
        ("Должность руководителя", "head_post"),
        ("Численность получателей услуг за 2025 год", "recipients_last_year"),
        ("Дата открытия", "active_from"),
        ("Дата ликвидации", "active_to"),
        ("Примечание", None),
        ("№ п/п", None),
    ],
)
def test_column_is_known_by_its_meaning(title, field):
    assert meaning_of(title) == field


def test_header_stands_below_headings_and_in_any_order():
    table = read_table(
        sheet_of(
            ["Перечень организаций, подлежащих оценке", None, None],
            ["на 1 января 2026 года", None, None],
            ["Адрес", "ИНН", "Наименование"],
            [1, 2, 3],
            ["ул. Лесная, 1", int(A), "Музей"],
        ),
        sphere="culture",
    )
    assert [line.skipped for line in table.lines] == ["номера столбцов", ""]
    assert table.lines[1].values == {"address": "ул. Лесная, 1", "inn": A, "name": "Музей", "sphere": "culture"}
    assert {name: column.letter for name, column in table.columns.items()} == {"address": "A", "inn": "B", "name": "C"}


def test_header_of_two_lines_is_joined():
    header = find_header(
        sheet_of(
            ["Наименование", "Руководитель", None, "Адрес"],
            [None, "ФИО", "Должность", None],
            ["Музей", "Иванова", "директор", "ул. Лесная, 1"],
        )[0].rows
    )
    assert header.height == 2
    assert header.fields["head_post"].letter == "C"


def test_section_gives_its_sphere_to_the_lines_below():
    lines = lines_of(
        ["Наименование", "Адрес"],
        ["I. Учреждения культуры", None],
        ["Музей", "ул. Лесная, 1"],
        ["Сфера образования", None],
        ["Школа № 2", "ул. Лесная, 2"],
        ["Дворец культуры", None],
        ["ИТОГО", 3],
    )
    assert [(line.values.get("name"), line.values.get("sphere")) for line in lines if not line.skipped] == [
        ("Музей", "culture"),
        ("Школа № 2", "education"),
        ("Дворец культуры", "education"),
    ]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("ИНН", f"{A} / 990101001", A),
        ("ИНН", f"ИНН {A}", A),
        ("ИНН", float(A), A),
        ("ИНН", int(C), C),
        ("Сфера", "Здравоохранение", "health"),
        ("Сфера", "социальное  обслуживание граждан", "social"),
        ("Число получателей", "1\u00a0850 чел.", 1850),
        ("Число получателей", 12.0, 12),
        ("Сайт", "School-5.example.ru", "https://School-5.example.ru"),
        ("Сайт", "https://школа5.рф/о_нас", "https://школа5.рф/о_нас"),
        ("Дата открытия", date(2005, 9, 1), "2005-09-01"),
        ("Дата открытия", "1 сентября 2005 г.", "2005-09-01"),
        ("Дата открытия", "01.09.2005г.", "2005-09-01"),
        ("Адрес", "ул.\nЛесная,\x07 1", "ул. Лесная, 1"),
    ],
)
def test_cell_is_understood_as_people_write(column, cell, value):
    line = lines_of(["Наименование", column], ["Музей", cell])[0]
    assert line.faults == []
    assert value in line.values.values()


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("ИНН", "9901001010", "опечатка"),
        ("ИНН", "99010", "а здесь 5"),
        ("Сфера", "спорт", "Сфера «спорт» не понята"),
        ("Число получателей", "много", "целое число"),
        ("Число получателей", "10-20", "целое число"),
        ("Число получателей", -5, "целое число"),
        ("Дата открытия", "31.02.2005", "не бывает"),
        ("Дата открытия", "2005", "Нужен день"),
        ("Сайт", "javascript:alert(1)", "не похоже на адрес сайта"),
        ("Сайт", "есть", "не похоже на адрес сайта"),
        ("Адрес", "#REF!", "ошибка Excel"),
        ("Адрес", "а" * 501, "помещается 500"),
    ],
)
def test_wrong_cell_is_told_by_line_and_column(column, cell, words):
    line = lines_of(["Телефон", "Наименование", column], [None, "Музей", cell])[0]
    (fault,) = line.faults
    assert (line.number, fault.column, fault.title) == (2, "C", column)
    assert words in fault.message


@pytest.mark.parametrize("blank", ["", "-", "—", "нет", "н/д", None])
def test_blank_cell_says_nothing(blank):
    line = lines_of(["Наименование", "ИНН", "Сайт", "Дата открытия"], ["Музей", blank, blank, blank])[0]
    assert (line.values, line.faults) == ({"name": "Музей"}, [])


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ([], "ни одной заполненной ячейки"),
        (sheet_of(["просто", "таблица"], ["1", "2"]), "не нашёл строку с названиями столбцов"),
        (sheet_of(TITLES), "нет ни одной организации"),
        (sheet_of(TITLES, *[[1, "Музей", A, "Культура", ""]] * (MAX_ROWS + 1)), "больше 5000"),
    ],
)
def test_table_that_is_no_list_is_refused(sheets, words):
    with pytest.raises(SheetRefused) as refusal:
        read_table(sheets)
    assert words in str(refusal.value).replace("\u00a0", " ")


def kinds(lines, *register: Any):
    return [outcome.kind for outcome in classify(lines, register)]


def test_line_is_new_changed_or_same():
    lines = lines_of(
        TITLES,
        [1, "Музей", A, "Культура", "ул. Лесная, 1"],
        [2, "Клуб", B, "Культура", "ул. Новая, 2"],
        [3, "Школа № 2", C, "Образование", None],
    )
    outcomes = classify(
        lines,
        [
            known(1, name="Клуб", inn=B, address="ул. Старая, 1", founder="Район"),
            known(2, name="Школа № 2", short_name="Школа № 2", inn=C, sphere="education", address="ул. Лесная, 3"),
        ],
    )
    assert [outcome.kind for outcome in outcomes] == ["new", "changed", "same"]
    assert outcomes[1].changes == [{"field": "address", "before": "ул. Старая, 1", "after": "ул. Новая, 2"}]


def test_short_and_full_spelling_are_one_organization():
    full = "Муниципальное бюджетное учреждение культуры «Централизованная библиотечная система»"
    assert kinds(lines_of(TITLES, [1, "МБУК «ЦБС»", A, "Культура", None]), known(name=full, inn=A)) == ["same"]
    assert kinds(lines_of(TITLES, [1, full, None, "Культура", None]), known(name="МБУК «ЦБС»", inn=A)) == ["changed"]


def test_branch_with_the_same_inn_is_new():
    register = known(name="Библиотека № 1", short_name="Библиотека № 1", inn=A)
    (outcome,) = classify(lines_of(TITLES, [1, "Библиотека № 2", A, "Культура", None]), [register])
    assert outcome.kind == "new"
    assert outcome.notes == ["С этим ИНН в реестре уже есть «Библиотека № 1»."]


def test_two_that_fit_are_asked_about():
    register = [known(1, inn=A), known(2, inn=B)]
    (outcome,) = classify(lines_of(TITLES, [1, "Клуб", None, "Культура", None]), register)
    assert outcome.kind == "error"
    assert "Впишите ИНН" in outcome.problems[0].message


def test_second_line_of_one_organization_is_an_error():
    line = [1, "Музей", A, "Культура", None]
    outcomes = classify(lines_of(TITLES, line, line), [])
    assert [outcome.kind for outcome in outcomes] == ["new", "error"]
    assert "в строке 2" in outcomes[1].problems[0].message


def test_new_line_needs_a_sphere_and_a_known_one_does_not():
    lines = lines_of(["Наименование", "ИНН"], ["Музей", A], ["Клуб", B])
    assert kinds(lines, known(name="Клуб", inn=B)) == ["error", "same"]


def test_merged_double_is_not_brought_back():
    lines = lines_of(TITLES, [1, "Клуб старый", A, "Культура", "ул. Новая, 2"])
    register = [
        known(1, name="Клуб новый", short_name="Клуб новый", inn=A),
        known(2, merged=True, name="Клуб старый", inn=A),
    ]
    assert kinds(lines, *register) == ["same"]


def test_closed_before_opened_is_an_error():
    lines = lines_of(["Наименование", "ИНН", "Дата закрытия"], ["Клуб", B, "01.01.2001"])
    assert kinds(lines, known(name="Клуб", inn=B, active_from="2005-01-01")) == ["error"]


CELLS = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.dates(),
    st.sampled_from([
        "Наименование", "ИНН", "Сфера", "Адрес", "Итого", "Культура", "I. Учреждения культуры", A, int(A), C, "#REF!",
        "МБУК «ЦБС»", "-", "01.09.2005", "31.02.2005", "1 850 чел.", "школа5.рф", "=1+1", "\ud800",
    ]),
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=12)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS)
def test_messy_lines_never_raise_and_end_in_one_kind(rows):
    titles = ["Наименование", "ИНН", "Сфера", "Число получателей", "Дата открытия", "Сайт"]
    sheets = sheet_of(titles, *rows)
    try:
        table = read_table(sheets)
    except SheetRefused:
        return
    outcomes = classify(table.lines, [known(name="МБУК «ЦБС»", inn=A), known(2, merged=True, name="Клуб")])
    assert len(outcomes) == len(table.lines)
    for outcome in outcomes:
        assert outcome.kind in {"new", "changed", "same", "error", "skipped"}
        assert bool(outcome.problems) == (outcome.kind == "error")
        assert bool(outcome.changes) == (outcome.kind == "changed")
        if outcome.kind in {"new", "changed"}:
            assert outcome.values["name"]
            assert outcome.values["sphere"]
            assert all(len(str(outcome.values[name])) <= longest for name, longest in LENGTHS.items())


@given(st.integers(min_value=0, max_value=999_999_999))
def test_inn_with_one_digit_changed_is_noticed(number):
    inn = inn_from(f"{number:09}")
    assert inn_problem(inn) == "" or len(set(inn)) == 1
    wrong = f"{(int(inn[0]) + 1) % 10}{inn[1:]}"
    assert inn_problem(wrong) != ""


def test_inn_of_an_entrepreneur_has_two_control_digits():
    assert inn_problem("500100732259") == ""
    assert inn_problem("500100732258") != ""
    assert inn_problem("500100732269") != ""


def test_letters_of_columns_are_those_of_excel():
    assert [letter_of(index) for index in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_lengths_are_those_of_the_model():
    assert {name: Organization._meta.get_field(name).max_length for name in LENGTHS} == LENGTHS


# --- files ------------------------------------------------------------------------------------------


def broken_workbook():
    whole = workbook([TITLES, [1, "Музей", A, "Культура", ""]])
    source, target = zipfile.ZipFile(io.BytesIO(whole)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, b"<worksheet><broken" if name.endswith("sheet1.xml") else source.read(name))
    return target.getvalue()


def bomb():
    """An .xlsx that says it unpacks to 200 MB."""
    target = io.BytesIO(workbook([TITLES]))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big.bin", b"\0" * 200_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "пустой"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "старого образца"),
        ("Наименование;ИНН\nМузей;1".encode("cp1251"), "а это текст"),
        (b"%PDF-1.7 ...", "а это PDF"),
        (b"PK\x03\x04 nothing", "Архивы портал не принимает"),
        (broken_workbook(), "повреждён"),
        (bomb, "слишком много данных"),
        (workbook([]), "ни одной заполненной ячейки"),
    ],
    ids=["empty", "xls", "csv", "pdf", "zip", "broken", "bomb", "blank"],
)
def test_wrong_file_is_refused_in_plain_words(content, words):
    content = content() if callable(content) else content
    with pytest.raises(ImportRefused, match=words):
        read_file(io.BytesIO(content))


def test_longest_list_fits_into_the_limits():
    row = ["Муниципальное бюджетное учреждение «Библиотека № {}»", "Культура", "пос. Лесной, ул. Школьная, д. {}"]
    rows = [[cell.format(number) for cell in row] for number in range(MAX_ROWS)]
    table = read_file(io.BytesIO(workbook([["Наименование", "Сфера", "Адрес"], *rows])))
    assert len(table.lines) == MAX_ROWS
