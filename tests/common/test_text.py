from datetime import date
from decimal import Decimal

import pytest

from nok_portal.common.text import (
    counted,
    date_in_words,
    figure_in_words,
    fold,
    fold_letters,
    fold_spaces,
    month_in_words,
    plural,
    whole_number,
)


@pytest.mark.parametrize(
    ("count", "word"),
    [(0, "дней"), (1, "день"), (2, "дня"), (4, "дня"), (5, "дней"), (11, "дней"), (12, "дней"), (14, "дней"), (21, "день"),
     (22, "дня"), (25, "дней"), (101, "день"), (111, "дней"), (112, "дней"), (-1, "день"), (-3, "дня")],
)  # fmt: skip
def test_plural_follows_the_number(count, word):
    assert plural(count, "день", "дня", "дней") == word


def test_counted_joins_number_and_word_by_a_no_break_space():
    assert counted(3, "срок", "срока", "сроков") == "3\u00a0срока"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("  до\u00a01\n апреля\t", "до 1 апреля"),
        ("не\u00adобходимости", "необходимости"),
        ("I\u2009квартал\u202f2027", "I квартал 2027"),
        ("\ufeffпостоянно\u200b", "постоянно"),
        ("", ""),
    ],
)
def test_fold_spaces(text, folded):
    assert fold_spaces(text) == folded


def test_fold_letters_makes_both_spellings_of_yo_and_short_i_one():
    assert fold_letters("ОТЧЁТНЫЙ") == fold_letters("отче\u0308тныи\u0306") == "отчетный"


def test_fold_forgives_case_space_and_yo():
    assert fold(" В Трёхдневный\u00a0 СРОК ") == "в трехдневный срок"


def test_date_in_words():
    assert date_in_words(date(2026, 12, 1)) == "1 декабря 2026"
    assert date_in_words(date(2026, 12, 1), weekday=True) == "1 декабря 2026, вторник"
    assert date_in_words(date(2026, 5, 9), year=False) == "9 мая"


def test_month_in_words():
    assert month_in_words(date(2027, 3, 15)) == "март 2027"


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("17", 17), ("9" * 17, int("9" * 17))])
def test_whole_number_is_what_plain_digits_say(typed, number):
    assert whole_number(typed) == number


@pytest.mark.parametrize("typed", ["", " 7", "-1", "+1", "1.0", "٣", "²", "7a", "9" * 18, "9" * 5000])
def test_whole_number_is_nothing_else(typed):
    assert whole_number(typed) is None


@pytest.mark.parametrize(
    ("figure", "words"), [("66.700", "66,7"), ("40.000", "40"), ("1200", "1200"), ("0.000", "0"), ("0.05", "0,05")]
)
def test_figure_in_words(figure, words):
    assert figure_in_words(Decimal(figure)) == words
    assert figure_in_words(None) == ""
