"""Days, numbers and Russian typography as templates print them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from nok_portal.pages.templatetags import look

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 24), "сегодня"),
        (date(2026, 11, 25), "завтра"),
        (date(2026, 11, 27), "через 3\u00a0дня"),
        (date(2026, 11, 16), "на 8\u00a0дней"),
        (date(2026, 11, 23), "на 1\u00a0день"),
    ],
)
def test_distance_says_how_far_a_last_day_is(day, words):
    assert look.distance(day, TODAY) == words


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2026, 11, 23), "is-late"), (TODAY, "is-soon"), (date(2026, 12, 1), "is-soon"), (date(2026, 12, 2), "muted")],
)
def test_nearness_turns_calm_after_a_week(day, name):
    assert look.nearness(day, TODAY) == name


def test_day_is_written_with_its_month_unbroken():
    day = date(2026, 12, 1)
    assert look.day(day) == "1\u00a0декабря 2026"
    assert look.day_full(day) == "1\u00a0декабря 2026, вторник"
    assert look.day_short(day) == "1\u00a0декабря, вт"
    assert look.weekday_day(TODAY) == "Вторник, 24\u00a0ноября"
    assert look.day(None) == look.day_full(None) == look.day_short(None) == ""


def test_day_near_shows_the_year_of_another_year():
    assert look.day_near(date(2026, 10, 12), TODAY) == "12\u00a0октября, пн"
    assert look.day_near(date(2025, 10, 12), TODAY) == "12\u00a0октября 2025"


def test_other_days_are_years_when_each_year_has_one():
    assert look.other_days([date(2026, 12, 1), date(2027, 12, 1), date(2028, 12, 1)]) == ", 2027, 2028"


def test_other_days_are_counted_when_they_fall_into_one_year():
    days = [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)]
    assert look.other_days(days) == " и ещё 2\u00a0дня"
    assert look.other_days(days[:1]) == ""


def test_moment_names_near_days_and_strangers_years():
    with timezone.override("Europe/Moscow"):
        today = timezone.localtime().replace(hour=11, minute=5)
        assert look.moment(today) == "сегодня, 11:05"
        assert look.moment(today - timedelta(days=1)) == "вчера, 11:05"
        assert look.moment(datetime(2019, 11, 16, 6, 0, tzinfo=UTC)) == "16\u00a0ноября 2019, 9:00"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (12, "12\u00a0байт"),
        (1, "1\u00a0байт"),
        (325_632, "318\u00a0КБ"),
        (2_516_582, "2,4\u00a0МБ"),
        (20 << 20, "20\u00a0МБ"),
    ],
)
def test_file_size_has_a_decimal_comma_only_when_small(size, words):
    assert look.file_size(size) == words


def test_number_groups_by_no_break_spaces():
    assert look.number(2418) == "2\u00a0418"
    assert look.number(33.3333, 1) == "33,3"
    assert look.number(66.6667, 1) == "66,7"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("план с 1 мая по 31 октября", "план с\u00a01\u00a0мая по\u00a031\u00a0октября"),
        ("и в районе", "и\u00a0в\u00a0районе"),
        ("распоряжение № 418-р", "распоряжение №\u00a0418-р"),
        ("охвачено 93 % организаций", "охвачено 93\u00a0% организаций"),
        ("план – документ", "план\u00a0– документ"),
        ("редакция 2 · 26 мероприятий", "редакция 2\u00a0· 26\u00a0мероприятий"),
        ("класс-в школе", "класс-в школе"),
    ],
)
def test_typo_binds_short_words_numbers_and_signs(text, bound):
    assert look.typo(text) == bound


def test_typo_leaves_markup_to_be_escaped():
    assert look.typo('<a class="quiet small">о плане</a>') == '<a class="quiet small">о\u00a0плане</a>'


def test_plural_keeps_the_number_with_its_word():
    assert look.plural(21, "срок,срока,сроков") == "21\u00a0срок"
    assert look.plural_word(12, "срок,срока,сроков") == "сроков"
