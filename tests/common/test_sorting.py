"""Names in the order in which a Russian reader looks for them."""

from itertools import pairwise

import pytest

from nok_portal.common.sorting import russian_sort_key


@pytest.mark.parametrize(
    "names",
    [
        ["Ежи", "Ёжик", "Жук"],
        ["Берег", "Бережок", "Берёза", "Бирюза"],
        ["Школа № 2", "Школа № 10", "Школа № 100"],
        ["Клуб 9 мая", "Клуб 09 мая 2", "Клуб 10 мая"],
        ["Дом", "Дом 1", "Дом культуры"],
        ["Архив", "«Библиотека»", "(Галерея)", "Дом"],
    ],
)
def test_order(names):
    keys = [russian_sort_key(name) for name in names]

    assert all(first < second for first, second in pairwise(keys)), keys


@pytest.mark.parametrize(
    "name",
    ["МБУК Библиотека № 7", "мбук «Библиотека № 7»", "  МБУК\u00a0Библиотека, №7", "МБУК – Библиотека № 007"],
)
def test_case_marks_spaces_and_leading_zeros_make_no_difference(name):
    assert russian_sort_key(name) == russian_sort_key("МБУК Библиотека № 7")


def test_both_spellings_of_a_letter_are_one():
    assert russian_sort_key("Е\u0308лка и\u0306од") == russian_sort_key("Ёлка йод")


def test_key_is_as_long_as_asked():
    assert len(russian_sort_key("а" * 500)) == 400
    assert russian_sort_key("Берёза", length=4) == russian_sort_key("Берёза")[:4]
