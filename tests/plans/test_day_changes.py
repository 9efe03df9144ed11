"""Which windows replace which when days are computed anew. Pure."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.days.changes import Row, RowState, day_changes, moves, organizations_without_days, wanted_days
from plans.deadlines import Context, parse

PERIOD = Context(date(2026, 1, 1), date(2028, 12, 31), (2026, 2027, 2028))
OPEN, REPORTED, CANCELLED, FALLEN = RowState.OPEN, RowState.REPORTED, RowState.CANCELLED, RowState.FALLEN


def days(words, context=PERIOD, links=()):
    return wanted_days(1, parse(words), context, links)


def rows_of(wanted, *, states=(), work=()):
    return [
        Row(
            due=number,
            activity=one.activity,
            organization=one.organization,
            starts_on=one.day.starts_on,
            ends_on=one.day.ends_on,
            origin=one.day.origin,
            state=dict(states).get(number, OPEN),
            has_work=number in work,
        )
        for number, one in enumerate(wanted)
    ]


def told(pairs):
    return [(row.ends_on.isoformat(), one.day.ends_on.isoformat()) for row, one in pairs]


def test_earlier_day_of_the_same_years_is_a_move():
    changes = day_changes(rows_of(days("до 1 декабря")), days("до 15 ноября"))
    assert told(changes.moved) == [(f"{year}-12-01", f"{year}-11-15") for year in (2026, 2027, 2028)]
    assert (changes.added, changes.gone, changes.same) == ((), (), ())


def test_day_around_the_turn_of_the_year_moves_to_the_near_one():
    old = days("до 15 января года, следующего за годом проведения оценки")
    new = days("до 31 декабря года проведения оценки")
    changes = day_changes(rows_of(old), new)
    assert told(changes.moved) == [(f"{year + 1}-01-15", f"{year}-12-31") for year in (2026, 2027, 2028)]


def test_year_that_leaves_is_not_moved_to_a_year_that_comes():
    later = Context(date(2027, 1, 1), date(2029, 12, 31), (2027, 2028, 2029))
    changes = day_changes(rows_of(days("до 1 декабря")), days("до 1 декабря", later))
    assert [row.ends_on for row in changes.gone] == [date(2026, 12, 1)]
    assert [one.day.ends_on for one in changes.added] == [date(2029, 12, 1)]
    assert changes.moved == ()
    assert len(changes.same) == 2


def test_quarters_become_half_years_by_their_last_days():
    changes = day_changes(rows_of(days("ежеквартально")), days("раз в полугодие"))
    assert told(changes.moved)[:2] == [("2026-06-30", "2026-06-30"), ("2026-12-31", "2026-12-31")]
    assert [row.ends_on for row in changes.gone][:2] == [date(2026, 3, 31), date(2026, 9, 30)]


def test_days_in_order_move_in_order():
    changes = day_changes(
        rows_of(days("до 10 числа месяца, следующего за отчётным")),
        days("до 15 числа месяца, следующего за отчётным"),
    )
    assert len(changes.moved) == 36
    assert all(
        (row.ends_on.month, row.ends_on.day + 5) == (one.day.ends_on.month, one.day.ends_on.day)
        for row, one in changes.moved
    )


def test_term_whose_event_was_written_with_a_wrong_year_moves_with_it():
    words = "в течение 5 рабочих дней после заключения контракта"
    wrong = Context(*_ends(), events={"заключение контракта": date(2025, 5, 12)})
    right = Context(*_ends(), events={"заключение контракта": date(2026, 5, 12)})
    changes = day_changes(rows_of(days(words, wrong)), days(words, right))
    assert told(changes.moved) == [("2025-05-19", "2026-05-19")]
    # an event of the calendar is another one in another year
    words = "в течение 10 дней после окончания года"
    changes = day_changes(
        rows_of(days(words, Context(date(2026, 1, 1), date(2026, 12, 31)))),
        days(words, Context(date(2029, 1, 1), date(2029, 12, 31))),
    )
    assert (changes.moved, len(changes.gone), len(changes.added)) == ((), 1, 1)


def _ends():
    return PERIOD.starts_on, PERIOD.ends_on


def test_reported_day_stays_and_the_new_one_stands_beside_it():
    rows = rows_of(days("до 1 декабря"), states={0: REPORTED}.items())
    changes = day_changes(rows, days("до 15 ноября"))
    assert [row.ends_on for row in changes.kept] == [date(2026, 12, 1)]
    assert [one.day.ends_on for one in changes.added] == [date(2026, 11, 15)]
    assert told(changes.beside) == [("2026-12-01", "2026-11-15")]


def test_open_day_with_work_is_cancelled_and_a_plain_one_goes():
    rows = rows_of(days("до 1 декабря"), work={1})
    changes = day_changes(rows, days("постоянно"))
    assert [row.due for row in changes.cancelled] == [1]
    assert [row.due for row in changes.gone] == [0, 2]


def test_day_cancelled_by_a_person_stays_so_and_one_that_fell_away_comes_back():
    rows = rows_of(days("до 1 декабря"), states={0: CANCELLED, 1: FALLEN}.items())
    changes = day_changes(rows, days("до 1 декабря"))
    assert [row.due for row, _ in changes.back] == [1]
    assert [row.due for row, _ in changes.same] == [2]
    assert (changes.added, changes.gone, changes.cancelled) == ((), (), ())


def test_organizations_get_their_years_and_other_years_are_the_lines_own():
    wanted = days("до 1 декабря", links=[(7, 2026), (8, 2026), (9, 2028)])
    assert [(one.day.ends_on.year, one.organization) for one in wanted] == [
        (2026, 7),
        (2026, 8),
        (2027, None),
        (2028, 9),
    ]
    assert [one.organization for one in days("до 1 декабря", links=[(7, None), (7, 2027)])] == [7, 7, 7]


def test_long_window_is_of_every_year_and_a_short_one_of_its_last_day():
    assert [one.organization for one in days("2026–2028 годы", links=[(7, 2027)])] == [7]
    turn = Context(*_ends(), events={"утверждение рейтинга": date(2026, 12, 25)})
    words = "в течение месяца после утверждения рейтинга"
    assert [one.organization for one in days(words, turn, [(7, 2026), (8, 2027)])] == [8]
    assert organizations_without_days([(7, 2026), (8, 2027), (9, None)], [(date(2027, 1, 1), date(2027, 3, 1))]) == [
        (7, 2026)
    ]


WORDS = [
    "до 1 декабря",
    "до 15 ноября",
    "до 15 января года, следующего за годом проведения оценки",
    "ежеквартально",
    "раз в полугодие",
    "ежемесячно, до 10 числа",
    "май – октябрь",
    "2026–2028 годы",
    "IV квартал 2027 года",
    "в течение 5 рабочих дней после заключения контракта",
    "постоянно",
]
contexts = st.builds(
    lambda first, length, event: Context(
        date(first, 1, 1),
        date(first + length, 12, 31),
        tuple(range(first, first + length + 1)),
        {"заключение контракта": event} if event else {},
    ),
    st.integers(2025, 2028),
    st.integers(0, 3),
    st.none() | st.dates(date(2025, 1, 1), date(2029, 12, 31)),
)
links = st.lists(st.tuples(st.integers(1, 3), st.none() | st.integers(2025, 2029)), max_size=4)
lines = st.builds(days, st.sampled_from(WORDS), contexts, links)


@given(lines, lines, st.dictionaries(st.integers(0, 40), st.sampled_from(list(RowState))), st.sets(st.integers(0, 40)))
def test_no_row_and_no_day_is_forgotten_or_told_twice(old, new, states, work):
    rows = rows_of(old, states=states.items(), work=work)
    changes = day_changes(rows, new)
    touched = [
        *(row.due for some in (changes.same, changes.moved, changes.back) for row, _ in some),
        *(row.due for some in (changes.gone, changes.cancelled, changes.kept) for row in some),
    ]
    assert len(touched) == len(set(touched))
    silent = {row.due for row in rows} - set(touched)
    assert all(rows[due].state in (CANCELLED, FALLEN) for due in silent)
    answered = [
        *(id(one) for some in (changes.same, changes.moved, changes.back) for _, one in some),
        *(id(one) for one in changes.added),
    ]
    assert len(answered) == len(set(answered))
    held = {(row.organization, row.window) for row in rows if row.state is CANCELLED}
    assert {id(one) for one in new} - set(answered) <= {
        id(one) for one in new if (one.organization, one.window) in held
    }
    # only open rows move or go, and nobody's work is among those that are deleted
    assert all(row.state is OPEN for row in (*changes.gone, *changes.cancelled, *(row for row, _ in changes.moved)))
    assert not any(row.has_work for row in changes.gone)


@given(lines, lines)
def test_moves_cross_nobody_and_stay_near(old, new):
    rows = [row for row in rows_of(old) if row.organization is None]
    pairs = moves(rows, [one for one in new if one.organization is None])
    assert [one.day.ends_on for _, one in pairs] == sorted(one.day.ends_on for _, one in pairs)
    assert [row.ends_on for row, _ in pairs] == sorted(row.ends_on for row, _ in pairs)
    for row, one in pairs:
        same_year = row.ends_on.year == one.day.ends_on.year
        assert same_year or one.event or abs((row.ends_on - one.day.ends_on).days) <= 183


@pytest.mark.parametrize("words", WORDS)
def test_same_words_change_nothing(words):
    changes = day_changes(rows_of(days(words)), days(words))
    assert (changes.added, changes.moved, changes.gone, changes.kept) == ((), (), (), ())


def in_words(changes):
    def organization(one):
        return f"/{one}" if one else ""

    said = {
        name: [f"{row.ends_on:%d.%m.%y}{organization(row.organization)}" for row in getattr(changes, name)]
        for name in ("gone", "cancelled", "kept")
    }
    said["added"] = [f"{one.day.ends_on:%d.%m.%y}{organization(one.organization)}" for one in changes.added]
    for name in ("same", "moved", "back"):
        said[name] = [f"{row.ends_on:%d.%m.%y}{organization(row.organization)}" for row, _ in getattr(changes, name)]
    return {name: days for name, days in said.items() if days}


TWO_YEARS = Context(date(2026, 1, 1), date(2027, 12, 31), (2026,))


@pytest.mark.parametrize(
    ("old", "new", "states", "work", "expected"),
    [
        # the line itself becomes an organization, and back
        ([], [(7, 2026)], {}, (), {"gone": ["01.04.26"], "added": ["01.04.26/7"], "same": ["01.04.27"]}),
        ([], [(7, 2026)], {0: REPORTED}, (), {"kept": ["01.04.26"], "added": ["01.04.26/7"], "same": ["01.04.27"]}),
        (
            [(7, None)],
            [],
            {},
            (0,),
            {"cancelled": ["01.04.26/7"], "gone": ["01.04.27/7"], "added": ["01.04.26", "01.04.27"]},
        ),
        # another organization has days of its own: nothing of the first goes over
        (
            [(7, 2026), (7, 2027)],
            [(8, 2026), (7, 2027)],
            {0: REPORTED},
            (),
            {"kept": ["01.04.26/7"], "added": ["01.04.26/8"], "same": ["01.04.27/7"]},
        ),
    ],
)
def test_days_belong_to_their_organizations(old, new, states, work, expected):
    before = rows_of(days("до 1 апреля", TWO_YEARS, old), states=states.items(), work=work)
    assert in_words(day_changes(before, days("до 1 апреля", TWO_YEARS, new))) == expected


@pytest.mark.parametrize(
    ("to", "states", "expected"),
    [
        (date(2026, 12, 31), {}, {"same": ["01.04.26"], "gone": ["01.04.27"]}),
        (date(2026, 12, 31), {1: REPORTED}, {"same": ["01.04.26"], "kept": ["01.04.27"]}),
        (date(2026, 12, 31), {1: CANCELLED}, {"same": ["01.04.26"]}),
        (date(2028, 12, 31), {0: REPORTED}, {"same": ["01.04.26", "01.04.27"], "added": ["01.04.28"]}),
    ],
)
def test_period_that_grows_or_shrinks(to, states, expected):
    before = rows_of(days("до 1 апреля", TWO_YEARS), states=states.items())
    changes = day_changes(before, days("до 1 апреля", Context(date(2026, 1, 1), to, (2026,))))
    assert in_words(changes) == expected


def test_day_of_an_event_that_is_taken_back_goes_and_its_report_stays():
    words = "в течение 5 рабочих дней после заключения контракта"
    held = Context(date(2026, 1, 1), date(2026, 12, 31), (), {"заключение контракта": date(2026, 6, 1)})
    without = Context(date(2026, 1, 1), date(2026, 12, 31))
    assert in_words(day_changes(rows_of(days(words, held)), days(words, without))) == {"gone": ["08.06.26"]}
    reported = rows_of(days(words, held), states=[(0, REPORTED)])
    assert in_words(day_changes(reported, days(words, without))) == {"kept": ["08.06.26"]}
