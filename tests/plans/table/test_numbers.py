"""Numbers of activities: which one is missing, and what sections and levels change."""

import pytest

from .documents import HEAD, from_text


def said_of(*numbers: str) -> list[str]:
    """What the check says of activities with these numbers; '= II' is the heading of a section."""
    rows = [
        (number.removeprefix("= "), "Раздел" if number.startswith("=") else f"Опрос посетителей {place}",
         *(("", "") if number.startswith("=") else ("до 1 мая 2027", "Отдел культуры")))
        for place, number in enumerate(numbers)
    ]  # fmt: skip
    plan = from_text(HEAD, *rows, above=["План оценки музеев на 2026–2028 годы"])
    return [one.message for one in plan.findings if one.code.startswith("number")]


@pytest.mark.parametrize(
    "numbers",
    [
        ("1", "2", "3"),
        ("1", "1.1", "1.2", "2", "2.1"),
        ("= I", "1", "2", "= II", "1", "2"),
        ("= I", "1", "2", "= II", "3", "4"),
        ("= 1", "1.1", "1.2", "= 2", "2.1", "2.2"),
        ("а", "б", "г"),
        ("1", "2", "1000000"),
    ],
)
def test_numbers_in_order_need_no_word(numbers: tuple[str, ...]) -> None:
    assert said_of(*numbers) == []


@pytest.mark.parametrize(
    ("numbers", "gap"),
    [
        (("1", "2", "4"), "После номера 2 идёт 4: номер 3 пропущен."),
        (("1", "2", "7"), "После номера 2 идёт 7: номер 3 пропущен."),
        (("1", "1.1", "1.3", "2"), "После номера 1.1 идёт 1.3: номер 1.2 пропущен."),
        (("= 1", "1.1", "= 2", "2.1", "2.3"), "После номера 2.1 идёт 2.3: номер 2.2 пропущен."),
        (("= I", "1", "2", "= II", "3", "5"), "После номера 3 идёт 5: номер 4 пропущен."),
    ],
)
def test_gap_names_the_number_that_is_missing(numbers: tuple[str, ...], gap: str) -> None:
    assert said_of(*numbers) == [f"{gap} Проверьте, не потеряна ли строка."]


@pytest.mark.parametrize("numbers", [("1", "2", "2"), ("1", "1.1", "1.1"), ("= I", "1", "2", "2")])
def test_number_given_twice_is_told(numbers: tuple[str, ...]) -> None:
    assert said_of(*numbers) == [f"Номер {numbers[-1]} стоит у двух мероприятий. Исправьте номер."]


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Составление перечня библиотек", "перечня … библиотек"),
        ("Утверждение онлайн-анкеты для опроса", "онлайн-анкеты"),
    ],
)
def test_words_that_decided_a_step_are_shown_whole(title: str, reason: str) -> None:
    plan = from_text(HEAD, ("1", title, "до 1 мая 2027", "Отдел культуры"))

    assert reason in plan.activities[0].step_reason
