"""Years in words moved to another period."""

import re
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plans.deadlines import Context, describe, from_json, parse, schedule, to_json
from plans.editions.shifting import shift_day, shift_deadline, shift_years, years_to_next

MOVED = {
    "до 1 декабря 2026 года": "до 1 декабря 2029 года",
    "до 1 декабря 2026 г.": "до 1 декабря 2029 г.",
    "до 01.12.2026": "до 01.12.2029",
    "до 01.12.26": "до 01.12.29",
    "2026–2028 годы": "2029–2031 годы",
    "на 2026-2028 гг.": "на 2029-2031 гг.",
    "с 2026 по 2028 год": "с 2029 по 2031 год",
    "2026, 2027 и 2028 годы": "2029, 2030 и 2031 годы",
    "2026, 2027, 2028": "2029, 2030, 2031",
    "IV квартал 2026": "IV квартал 2029",
    "IV кв. 2026г.": "IV кв. 2029г.",
    "май – октябрь 2026": "май – октябрь 2029",
    "в 2026": "в 2029",
    "2026": "2029",
    "2026/2027 учебный год": "2029/2030 учебный год",
    "2026/27 уч. год": "2029/30 уч. год",
    "10.01.2027, 10.01.2028": "10.01.2030, 10.01.2031",
    "План мероприятий на 2026–2028 годы (раздел 2)": "План мероприятий на 2029–2031 годы (раздел 2)",
    "с 15.01.2026 по 20.02.2026": "с 15.01.2029 по 20.02.2029",
    "2026–28 гг.": "2029–31 гг.",
    "2026 – 2027 уч. г.": "2029 – 2030 уч. г.",
    "2026 2027 2028": "2029 2030 2031",
    "2026–2028 (ежегодно)": "2029–2031 (ежегодно)",
    "2026-й, 2027-й гг.": "2029-й, 2030-й гг.",
    "в 2026-м году": "в 2029-м году",
    "1 кв.2026 г.;3 кв.2026 г.": "1 кв.2029 г.;3 кв.2029 г.",
    "IIкв2026г.": "IIкв2029г.",
    "кв. III 2026": "кв. III 2029",
    "2 полуг. 2026": "2 полуг. 2029",
    "окт. 2026 - апр. 2027": "окт. 2029 - апр. 2030",
    "декабрь2026": "декабрь2029",
    "декабрь 26 г.": "декабрь 29 г.",
    "до 01. 12. 2026": "до 01. 12. 2029",
    "15/06/2026": "15/06/2029",
    "2026-12-01": "2029-12-01",
    "2026/12/01": "2029/12/01",
    "1.12.26": "1.12.29",
    "с 03.2026 по 06.2027": "с 03.2029 по 06.2030",
}
IN_TITLES = {
    "Сводный отчёт за 9 месяцев 2026": "Сводный отчёт за 9 месяцев 2029",
    "Смета на 2026 финансовый год": "Смета на 2029 финансовый год",
    "Итоги в 2026 отчётном году": "Итоги в 2029 отчётном году",
    "Доля в году 2026": "Доля в году 2029",
    "Доклад о реестре (2026)": "Доклад о реестре (2029)",
    "2026 – школа № 3; 2027 – лицей № 2": "2029 – школа № 3; 2030 – лицей № 2",
    "2026: клуб «Рассвет»\n2027: детская школа искусств": "2029: клуб «Рассвет»\n2030: детская школа искусств",
    "2026: клуб «Рассвет» 2027: школа № 2025": "2029: клуб «Рассвет» 2030: школа № 2025",
    "в 2026 – 12 организаций, в 2027 – 15": "в 2029 – 12 организаций, в 2030 – 15",
    "не менее 50 % в 2026, 70 % в 2027": "не менее 50 % в 2029, 70 % в 2030",
    "школы № 2025 и № 2026 в 2026 году": "школы № 2025 и № 2026 в 2029 году",
    "школа №2026, 2026 г.": "школа №2026, 2029 г.",
    "от 1 мая 2026 года до 31 октября 2026 года": "от 1 мая 2029 года до 31 октября 2029 года",
    "контракт по 44-ФЗ от 05.04.2013 во II квартале 2026 года": "контракт по 44-ФЗ от 05.04.2013 во II квартале 2029 года",
}
STAYS = (
    "в соответствии с приказом Минтруда от 31.05.2018 № 344н",
    "Федеральный закон от 5 декабря 2017 года № 392-ФЗ",
    "приказ № 2026-р",
    "распоряжение № 2026 от 12.03.2020",
    "2026 анкет",
    "опрошено не менее 2026 человек",
    "в 2026 учреждениях",
    "пункт 1.2.2026.4",
    "счёт 20262027",
    "ежегодно, до 1 декабря",
    "по телефону 2026-12",
    "телефон 8 (2026) 20-27-28, доб. 2026",
    "8-800-2026-2027",
    "44-ФЗ от 05.04.2013",
    "приказ Минтруда от 31.05.2018.",
    "приказ 675н от 30 октября 2018 года (ред. от 01.02.2022)",
    "договор от 1 марта 2026 г. с оператором",
    "письмо от 01.02.2026 исх. № 01-15/2026",
    "школы № 2025, 2026 и 2027",
    "школы №№ 2025, 2026",
    "требования ГОСТ Р 52872-2019 и СП 59.13330.2020",
    "раздел 12.2026, пункт 1.12.26",
    "https://bus.gov.ru/2026/05/",
)


@pytest.mark.parametrize(("words", "moved"), [*MOVED.items(), *IN_TITLES.items()])
def test_years_that_words_name_are_moved(words, moved):
    assert shift_years(words, 3) == moved
    assert shift_years(moved, -3) == words


@pytest.mark.parametrize("words", STAYS)
def test_numbers_that_are_no_years_stay(words):
    assert shift_years(words, 3) == words


def test_act_and_period_in_one_title_are_told_apart():
    title = "План на 2026–2028 годы по приказу от 31 мая 2018 г. № 344н"
    assert shift_years(title, 1) == "План на 2027–2029 годы по приказу от 31 мая 2018 г. № 344н"


PIECES = st.sampled_from([
    "{y} года", "{y}–{z} годы", "до 1 декабря {y}", "01.12.{y}", "{y}, {z}", "{y} анкет", "№ {y}-р", "в {y}", "{y}/{z}",
    "от 31.05.{y} № 344н", "квартал {y}", "{y}", "раздел 2.1", "за {y} и {z} год", "с {y} по {z} г.",
    "(2026)", "{y}: клуб", "кв.{y}", "12.{y}", "{y}-12-01", "{y}–28 гг.", "в {y}-м", "{y} {z}", "№ {y}, {z}", "1.12.26",
])  # fmt: skip


@st.composite
def texts(draw):
    years = st.integers(1940, 2080)
    return " ".join(
        draw(PIECES).format(y=draw(years), z=draw(years)) + draw(st.sampled_from(["", ",", ";", " и", "."]))
        for _ in range(draw(st.integers(1, 5)))
    )


# no year may leave the centuries in which a number can be one
NEAR_AN_EDGE = re.compile(r"18[7-9]\d|19[0-2]\d|21[7-9]\d|22[0-2]\d")


@given(texts() | st.text(alphabet="0123456789 .,-–/№года", max_size=30), st.integers(-30, 30))
def test_there_and_back_is_the_same(text, by):
    assume(not NEAR_AN_EDGE.search(text))
    assert shift_years(shift_years(text, by), -by) == text


@pytest.mark.parametrize("words", [words for words in MOVED if "План" not in words])
def test_days_move_with_the_words(words):
    """What the moved words mean is what the words mean, as many years later."""
    moved = parse(shift_years(words, 3))
    assert moved == shift_deadline(parse(words), 3, moved.text)
    before, after = Context(), Context()
    days = [(one.starts_on, one.ends_on) for one in schedule(parse(words), before)]
    later = [(one.starts_on, one.ends_on) for one in schedule(moved, after)]
    assert [(a.year + 3, a.month, b.year + 3, b.month) for a, b in days] == [
        (a.year, a.month, b.year, b.month) for a, b in later
    ]


def test_corrected_reading_moves_with_its_words():
    read = parse("до 1 декабря 2026 года")
    moved = shift_deadline(read, 3, "до 1 декабря 2029 года")
    assert "2029" in describe(moved)
    assert shift_deadline(moved, -3, read.text) == read
    assert from_json(to_json(moved)) == moved


@pytest.mark.parametrize(
    ("first", "last", "by"),
    [
        (date(2026, 1, 1), date(2028, 12, 31), 3),
        (date(2026, 9, 1), date(2028, 8, 31), 2),  # school years
        (date(2025, 10, 1), date(2026, 11, 30), 2),
        (date(2026, 2, 1), date(2026, 6, 30), 1),
        (date(2024, 2, 29), date(2025, 2, 27), 1),
    ],
)
def test_next_period_begins_as_soon_as_whole_years_allow(first, last, by):
    assert years_to_next(first, last) == by
    assert shift_day(first, by) > last >= shift_day(first, by - 1)
