"""Organizations that a line names: numbers, quotes, endings and years. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.lines.named_organizations import Named, Registered, alike, named_organizations

SCHOOL_1, SCHOOL_2, SCHOOL_12, MUSIC_1, GARDEN_5, GARDEN_7, LIBRARY, CLUB, HOUSE = range(1, 10)
REGISTER = [
    Registered(
        SCHOOL_1,
        "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 1»",
        "Школа № 1",
    ),
    Registered(SCHOOL_2, "МБОУ «СОШ № 2»", "СОШ № 2"),
    Registered(SCHOOL_12, "МБОУ «Средняя школа № 12 имени А. Н. Лесного»", "Школа № 12"),
    Registered(MUSIC_1, "МБУДО «Детская музыкальная школа № 1»", "ДМШ № 1"),
    Registered(GARDEN_5, "МБДОУ «Детский сад № 5 «Ромашка»»", "Детский сад № 5 «Ромашка»"),
    Registered(GARDEN_7, "МБДОУ «Детский сад № 7 «Тополёк»»", "Детский сад № 7 «Тополёк»"),
    Registered(LIBRARY, "МБУК «Центральная районная библиотека»", "Центральная районная библиотека"),
    Registered(CLUB, "МБУК «Клуб «Рассвет»»", "Клуб «Рассвет»"),
    Registered(HOUSE, "МКУ «Дом культуры села Озёрное»", "Дом культуры с. Озёрное"),
]
YEARS = (2026, 2027, 2028)


def found(*texts, register=REGISTER):
    return [(one.organization, one.year) for one in named_organizations(texts, register, YEARS)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "В 2026 году – Школа № 1, Школа № 12; 2027 г.: детский сад № 5, клуб «Рассвет»",
            [(SCHOOL_1, 2026), (SCHOOL_12, 2026), (GARDEN_5, 2027), (CLUB, 2027)],
        ),
        (
            "Школа № 1 – 2026 год; детский сад «Тополек» – 2027 год",
            [(SCHOOL_1, 2026), (GARDEN_7, 2027)],
        ),
        ("Оценка школы № 1 (2026), СОШ №2 (2027 г.)", [(SCHOOL_1, 2026), (SCHOOL_2, 2027)]),
        (
            "Оценка в 2026–2028 годах: школа № 1 (2026 г.), школа № 12 (2028 г.)",
            [(SCHOOL_1, 2026), (SCHOOL_12, 2028)],
        ),
        ("Обследование школ №№ 1, 2 и 12", [(SCHOOL_1, None), (SCHOOL_2, None), (SCHOOL_12, None)]),
        ("Опрос в Центральной районной библиотеке", [(LIBRARY, None)]),
        ("Опрос в домах культуры с. Озерное и в клубе «Рассвет»", [(HOUSE, None), (CLUB, None)]),
        ("Опрос в доме культуры села Озерное", [(HOUSE, None)]),
        (
            "2026, 2028 годы: детские сады N 5, 7",
            [(GARDEN_5, 2026), (GARDEN_5, 2028), (GARDEN_7, 2026), (GARDEN_7, 2028)],
        ),
        ("2026–2027 гг. – музыкальная школа №1", [(MUSIC_1, 2026), (MUSIC_1, 2027)]),
        ("2027 год: СОШ 2, ДМШ 1", [(SCHOOL_2, 2027), (MUSIC_1, 2027)]),
        ("МБОУ «СОШ № 01», МБОУ СОШ № 02 в 2026 году", [(SCHOOL_1, 2026), (SCHOOL_2, 2026)]),
        # years of the plans before and after this one
        ("2025 – школа № 12; 2026 – школа № 1; 2029 – СОШ № 2", [(SCHOOL_1, 2026)]),
        ("Школа № 1 – 2026 год; СОШ № 2 – 2029 год", [(SCHOOL_1, 2026)]),
        ("По приказу 2018 года школа № 1 – 2026 год; СОШ № 2 – 2027 год", [(SCHOOL_1, 2026), (SCHOOL_2, 2027)]),
        ("2026 год школа № 1 клуб «Рассвет» 2027 год СОШ № 2", [(SCHOOL_1, 2026), (CLUB, 2026), (SCHOOL_2, 2027)]),
        ("2026 год – школа № 1, 2027 год – школа № 1", [(SCHOOL_1, 2026), (SCHOOL_1, 2027)]),
        ("приказ № 2 от 12.01.2026, школы района", []),
        ("не менее 12 школ в 2026 году", []),
    ],
)
def test_names_are_found_with_their_years(words, expected):
    assert found(words) == expected


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Опрос получателей услуг в 2026 году",
        "Руководители школ и детских садов",
        "Школа № 3, школа № 11",
        "Приказ от 20.02.2026 № 12 о школах",
        "Централизованная библиотека",
        "Рассвет над рекой",
        "В школах 12 классов",
        "школа, 1 этап",
    ],
)
def test_what_is_not_named_is_not_found(words):
    assert found(words) == []


def test_number_that_two_could_have_is_nobodys():
    register = [
        Registered(1, "МБОУ «Средняя общеобразовательная школа № 4»", "СОШ № 4"),
        Registered(2, "МБУДО «Детская музыкальная школа № 4»", "ДМШ № 4"),
    ]
    assert found("Оценка школы № 4", register=register) == []
    assert found("Оценка музыкальной школы № 4", register=register) == [(2, None)]
    assert found("Оценка СОШ № 4 и ДМШ № 4", register=register) == [(1, None), (2, None)]
    # the one that is called so and nothing else is meant
    plain = [Registered(1, "МБОУ «Школа № 4»", "Школа № 4"), register[1]]
    assert found("Оценка школы № 4", register=plain) == [(1, None)]


def test_quoted_name_of_two_is_nobodys():
    register = [Registered(1, "Детский сад «Лучик»", "Сад «Лучик»"), Registered(2, "Клуб «Лучик»", "Клуб «Лучик»")]
    assert found("Оценка в «Лучике» и «Лучик»", register=register) == []
    assert found("Оценка клуба «Лучик»", register=register) == [(2, None)]


def test_years_beyond_the_plan_say_nothing():
    assert found("В 2015 году – Школа № 1") == [(SCHOOL_1, None)]


def test_year_of_one_text_counts_where_another_names_none():
    assert found("Оценка школы № 1", "2026 год – школа № 1, школа № 12") == [(SCHOOL_1, 2026), (SCHOOL_12, 2026)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("библиотека", "библиотекой", True),
        ("сад", "сада", True),
        ("музей", "музыка", False),
        ("школа", "школьный", False),
        ("центральная", "центрального", True),
        ("парк", "парта", False),
        ("5", "55", False),
    ],
)
def test_endings_are_forgiven_other_letters_are_not(one, other, same):
    assert alike(one, other) is alike(other, one) is same


@given(
    st.sets(st.sampled_from(REGISTER[:3]), min_size=1), st.sampled_from(YEARS), st.sampled_from([" – ", ": ", " г. "])
)
def test_names_of_the_register_are_found_as_they_stand(some, year, link):
    chosen = sorted(some, key=lambda one: one.pk)
    words = f"{year}{link}" + ", ".join(one.short_name for one in chosen)
    assert named_organizations([words], REGISTER, YEARS) == [Named(one.pk, year) for one in chosen]


@given(st.text(alphabet="школаСОШ№1225, .;()–«»20 6г\n", max_size=60))
def test_no_words_break_it(words):
    for one in named_organizations([words], REGISTER, YEARS):
        assert one.year is None or one.year in YEARS
