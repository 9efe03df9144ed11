"""Which stage is told when: for any sequence of runs each stage that was due reaches its person once."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nok_portal.common.workdays import is_provisional, is_working_day
from nok_portal.messaging.reminding import (
    EVE,
    Ladder,
    Rhythm,
    stage_on,
    stage_to_tell,
    working_days_late,
)

SOON = Ladder(before=(30, 14, 7, 1))
TODAY = Ladder(on_the_day=True)
LATE = Ladder(after=(1, 7), every=14)
DUE = date(2026, 12, 1)  # a Tuesday
DAILY = Rhythm()


def days(count: int) -> timedelta:
    return timedelta(days=count)


class TestStages:
    @pytest.mark.parametrize(
        ("left", "stage"),
        [(31, None), (30, -30), (29, -30), (14, -14), (8, -14), (7, -7), (2, -7), (1, -1), (0, None), (-1, None)],
    )
    def test_before_the_day(self, left, stage):
        assert SOON.reached(DUE, DUE - days(left)) == stage

    def test_on_the_day_only(self):
        assert [TODAY.reached(DUE, DUE + days(passed)) for passed in (-1, 0, 1)] == [None, 0, None]

    @pytest.mark.parametrize(
        ("late", "stage"),
        [(0, None), (1, 1), (6, 1), (7, 7), (20, 7), (21, 21), (34, 21), (35, 35), (700, 693)],
    )
    def test_after_the_day(self, late, stage):
        assert LATE.reached(DUE, DUE + days(late)) == stage

    def test_without_repetition_the_last_stage_stays(self):
        assert Ladder(after=(1, 7)).reached(DUE, DUE + days(500)) == 7

    def test_repetition_alone_begins_after_its_first_pause(self):
        ladder = Ladder(every=10)
        assert [ladder.reached(DUE, DUE + days(late)) for late in (9, 10, 25)] == [None, 10, 20]

    def test_day_off_before_the_next_telling_day_is_told_ahead(self):
        friday, sunday, monday = date(2026, 11, 27), date(2026, 11, 29), date(2026, 11, 30)
        assert stage_on(SOON, due_on=sunday, day=friday, next_day=monday) == EVE
        assert stage_on(LATE, due_on=sunday, day=friday, next_day=monday) is None

    def test_stage_that_would_come_on_the_due_day_itself_is_told_ahead(self):
        friday, monday, tuesday = date(2026, 11, 27), date(2026, 11, 30), date(2026, 12, 1)
        assert stage_on(SOON, due_on=monday, day=friday, next_day=monday) == EVE
        assert stage_on(Ladder(before=(14, 2)), due_on=monday, day=friday, next_day=monday) == -2
        assert stage_on(Ladder(before=(14, 7)), due_on=monday, day=friday, next_day=monday) == -7
        assert stage_on(SOON, due_on=tuesday, day=friday, next_day=monday) == -7

    # to somebody with a letter on Mondays, on a Wednesday
    @pytest.mark.parametrize(
        ("ladder", "due_on", "of_old", "as_news"),
        [
            (SOON, date(2026, 11, 26), EVE, EVE),
            (SOON, date(2026, 11, 29), EVE, EVE),
            (SOON, date(2026, 11, 30), -1, -1),
            (Ladder(before=(14, 7)), date(2026, 11, 30), -7, -7),
            (Ladder(before=()), date(2026, 11, 30), None, None),
            (SOON, date(2026, 12, 1), None, None),
            (SOON, date(2026, 12, 9), None, None),
            (TODAY, date(2026, 11, 25), None, 0),
            (TODAY, date(2026, 11, 26), None, None),
            (LATE, date(2026, 11, 24), None, 1),
            (LATE, date(2026, 11, 10), None, 7),
        ],
    )
    def test_what_comes_after_ones_day_and_cannot_wait_for_the_next_one_is_told_at_once(
        self, ladder, due_on, of_old, as_news
    ):
        mondays, wednesday = Rhythm(weekday=0), date(2026, 11, 25)
        when = {"day": wednesday, "next_day": mondays.next_day(wednesday), "is_theirs": False}
        assert stage_on(ladder, due_on=due_on, **when) == of_old
        assert stage_on(ladder, due_on=due_on, **when, is_news=True) == as_news

    @settings(deadline=None)
    @given(st.lists(st.integers(1, 60), min_size=1, max_size=5, unique=True), st.integers(0, 4), st.integers(0, 300))
    def test_whoever_was_told_on_their_day_hears_the_same_on_no_other_day(self, before, weekday, ahead):
        ladder, rhythm = Ladder(before=tuple(before)), Rhythm(weekday)
        theirs = rhythm.last_day(date(2026, 11, 25) + days(ahead))
        next_day = rhythm.next_day(theirs)
        for due_on in _span(theirs + days(1), next_day):
            told = [stage_on(ladder, due_on=due_on, day=theirs, next_day=next_day)]
            for day in _span(theirs + days(1), next_day - days(1)):
                stage = stage_on(ladder, due_on=due_on, day=day, next_day=next_day, is_theirs=False)
                assert stage_to_tell(stage, told) is None

    @pytest.mark.parametrize(
        ("stage", "told", "tells"),
        [(-7, (), -7), (-7, (-14,), -7), (-7, (-7,), None), (-14, (-7,), None), (None, (), None), (7, (1,), 7)],
    )
    def test_told_once_and_never_backwards(self, stage, told, tells):
        assert stage_to_tell(stage, told) == tells


class TestRhythm:
    def test_daily_is_each_working_day(self):
        assert DAILY.tells_on(date(2026, 11, 27))
        assert not DAILY.tells_on(date(2026, 11, 28))
        assert DAILY.next_day(date(2026, 11, 27)) == date(2026, 11, 30)

    def test_long_holidays_are_one_pause(self):
        last, first = date(2026, 12, 30), date(2027, 1, 11)
        assert [day for day in _span(date(2026, 12, 30), first) if DAILY.tells_on(day)] == [last, first]
        assert DAILY.next_day(last) == first

    def test_may_holidays_tell_ahead_what_falls_on_them(self):
        first, last = date(2026, 4, 29), date(2026, 5, 12)
        off = {date(2026, 5, day) for day in (1, 2, 3, 9, 10, 11)}
        assert [day for day in _span(first, last) if not DAILY.tells_on(day)] == sorted(off)
        for due_on in off:
            eve = DAILY.last_day(due_on)
            assert stage_on(SOON, due_on=due_on, day=eve, next_day=DAILY.next_day(eve)) == EVE
            back = DAILY.next_day(due_on)
            assert stage_on(LATE, due_on=due_on, day=back, next_day=DAILY.next_day(back)) == 1

    def test_working_saturday_is_a_day_like_others(self):
        friday, saturday, monday = date(2027, 2, 19), date(2027, 2, 20), date(2027, 2, 22)
        assert DAILY.next_day(friday) == saturday
        assert stage_on(SOON, due_on=monday, day=friday, next_day=saturday) == -7
        assert stage_on(SOON, due_on=monday, day=saturday, next_day=DAILY.next_day(saturday)) == EVE
        assert Rhythm(weekday=4).next_day(friday) == date(2027, 2, 26), "weekly stays weekly"

    def test_last_day_of_the_year_is_told_before_the_holidays_once_a_week_too(self):
        thursdays, last = Rhythm(weekday=3), date(2026, 12, 24)
        assert thursdays.next_day(last) == date(2027, 1, 11)
        assert stage_on(SOON, due_on=date(2026, 12, 31), day=last, next_day=thursdays.next_day(last)) == EVE

    def test_year_without_an_official_calendar_has_the_days_off_of_the_law(self):
        assert is_provisional(2028)
        assert DAILY.next_day(date(2027, 12, 30)) == date(2028, 1, 10)
        assert not DAILY.tells_on(date(2028, 5, 9))

    def test_weekly_moves_to_the_working_day_after_a_day_off(self):
        mondays = Rhythm(weekday=0)
        # 23 February 2026 is a Monday and a holiday
        assert [day for day in _span(date(2026, 2, 16), date(2026, 3, 2)) if mondays.tells_on(day)] == [
            date(2026, 2, 16),
            date(2026, 2, 24),
            date(2026, 3, 2),
        ]
        assert mondays.next_day(date(2026, 2, 16)) == date(2026, 2, 24)
        assert mondays.next_day(date(2026, 2, 23)) == date(2026, 2, 24)
        assert mondays.next_day(date(2026, 2, 24)) == date(2026, 3, 2)

    @settings(deadline=None)
    @given(st.integers(0, 4), st.dates(date(2024, 1, 1), date(2029, 12, 31)))
    def test_weekly_next_day_is_the_next_one_that_tells(self, weekday, day):
        rhythm = Rhythm(weekday)
        found = rhythm.next_day(day)
        assert rhythm.tells_on(found)
        assert not any(rhythm.tells_on(between) for between in _span(day + days(1), found - days(1)))
        assert found - day <= days(20)

    def test_weekly_day_that_no_run_came_on_is_made_up_for_once(self):
        mondays, monday, friday = Rhythm(weekday=0), date(2026, 11, 23), date(2026, 11, 20)
        wednesday, thursday = monday + days(2), monday + days(3)
        assert mondays.tells_on(wednesday, decided_on=friday)
        assert not mondays.tells_on(wednesday, decided_on=monday)
        assert not mondays.tells_on(thursday, decided_on=wednesday)
        assert not mondays.tells_on(monday + days(5), decided_on=friday), "a Saturday stays a day off"

    @settings(deadline=None)
    @given(st.none() | st.integers(0, 4), st.dates(date(2024, 1, 1), date(2029, 12, 31)))
    def test_last_day_is_the_latest_that_tells(self, weekday, day):
        rhythm = Rhythm(weekday)
        found = rhythm.last_day(day)
        assert rhythm.tells_on(found)
        assert not any(rhythm.tells_on(between) for between in _span(found + days(1), day))


def test_lateness_in_working_days():
    assert working_days_late(date(2026, 12, 31), date(2027, 1, 10)) == 0
    assert working_days_late(date(2026, 12, 31), date(2027, 1, 11)) == 1
    assert working_days_late(DUE, DUE) == 0
    assert working_days_late(DUE, DUE + days(7)) == 5


def _span(first: date, last: date) -> list[date]:
    return [first + days(ahead) for ahead in range((last - first).days + 1)]


ladders = st.builds(
    Ladder,
    before=st.lists(st.integers(1, 60), max_size=5, unique=True).map(tuple),
    on_the_day=st.booleans(),
    after=st.lists(st.integers(1, 40), max_size=4, unique=True).map(tuple),
    every=st.integers(0, 30),
)
rhythms = st.builds(Rhythm, weekday=st.none() | st.integers(0, 4))
dues = st.dates(date(2024, 1, 1), date(2028, 12, 31))
# of the days around the due day: which of them a run came on, and how often
runs = st.lists(st.tuples(st.integers(-80, 120), st.integers(1, 3)), max_size=60)


def stage_days(ladder: Ladder, due_on: date, until: date) -> dict[int, date]:
    """Every stage with its day, counted out one by one."""
    stages = [-ahead for ahead in ladder.before] + ([0] if ladder.on_the_day else []) + list(ladder.after)
    late = max(ladder.after, default=0) + ladder.every
    while ladder.every and due_on + days(late) <= until:
        stages.append(late)
        late += ladder.every
    return {stage: due_on + days(stage) for stage in stages}


def run(ladder: Ladder, rhythm: Rhythm, due_on: date, day: date, ledger: list[int]) -> int | None:
    """One run as the portal does it; what it tells is noted."""
    if not rhythm.tells_on(day):
        return None
    stage = stage_to_tell(stage_on(ladder, due_on=due_on, day=day, next_day=rhythm.next_day(day)), ledger)
    if stage is not None:
        ledger.append(stage)
    return stage


class TestAnySequenceOfRuns:
    @settings(deadline=None)
    @given(ladders, rhythms, dues, runs)
    def test_each_stage_once_the_latest_first_and_none_that_a_run_reached_is_left(
        self, ladder, rhythm, due_on, sequence
    ):
        ledger: list[int] = []
        for ahead, times in sorted(sequence):
            day = due_on + days(ahead)
            told = [run(ladder, rhythm, due_on, day, ledger) for _ in range(times)]
            assert all(stage is None for stage in told[1:]), "a repeated run tells nothing"
            if not rhythm.tells_on(day):
                assert told == [None] * times
                continue
            # the same side of the due day: what is over is not looked back at
            come = [
                stage
                for stage, its_day in stage_days(ladder, due_on, day).items()
                if its_day <= day and _side(stage) == _side((day - due_on).days)
            ]
            assert not come or max(ledger) >= max(come), "the latest stage that has come is told"
            if told[0] is not None and told[0] != EVE:
                assert told[0] == max(come), "what was missed before it is not told any more"
        assert ledger == sorted(set(ledger)), "each stage once, none after a later one"

    @settings(max_examples=25, deadline=None)
    @given(ladders.filter(lambda ladder: ladder.before), rhythms, dues)
    def test_whoever_is_told_on_each_of_their_days_hears_before_the_day_is_over(self, ladder, rhythm, due_on):
        ledger: list[int] = []
        for day in _span(due_on - days(80), due_on - days(1)):
            run(ladder, rhythm, due_on, day, ledger)
        days_told = [day for day in _span(due_on - days(max(ladder.before)), due_on - days(1)) if rhythm.tells_on(day)]
        assert ledger or not days_told

    @settings(max_examples=25, deadline=None)
    @given(ladders, dues)
    def test_working_day_by_working_day_nothing_that_fell_on_one_is_missed(self, ladder, due_on):
        ledger: list[int] = []
        told = {day: run(ladder, DAILY, due_on, day, ledger) for day in _span(due_on - days(80), due_on + days(120))}
        for stage, day in stage_days(ladder, due_on, due_on + days(120)).items():
            if is_working_day(day) and day >= due_on - days(80):
                later = told[day]
                assert later == stage or (later is not None and stage < later < 0 and due_on <= DAILY.next_day(day))

    @settings(deadline=None)
    @given(ladders, rhythms, dues, dues, runs)
    def test_moved_due_day_starts_anew(self, ladder, rhythm, before, after, sequence):
        ledgers: dict[date, list[int]] = {before: [], after: []}
        for ahead, _ in sorted(sequence):
            run(ladder, rhythm, before, before + days(ahead), ledgers[before])
        fresh: list[int] = []
        for ahead, _ in sorted(sequence):
            expected = run(ladder, rhythm, after, after + days(ahead), fresh)
            if after != before:
                assert run(ladder, rhythm, after, after + days(ahead), ledgers[after]) == expected


def _side(stage: int) -> int:
    return (stage > 0) - (stage < 0)
