"""Days as people type them, and what they come to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nok_portal.common.workdays import is_working_day
from nok_portal.messaging.foretelling import Ladders, days_in_words, foretell, goes_up_on, told_days
from nok_portal.messaging.reminding import Ladder, Rhythm, Thresholds, stage_on, working_days_late
from nok_portal.messaging.typed_days import FARTHEST, MOST, DaysNotRead, read_days, write_days

DUE = date(2026, 12, 1)
SHIPPED = Thresholds()
LATE = Ladder(after=SHIPPED.after, every=SHIPPED.every)
LADDERS = Ladders(ahead=Ladder(before=SHIPPED.before), today=Ladder(on_the_day=True), late=LATE, escalate_after=5)
some_days = st.sets(st.integers(1, FARTHEST), max_size=MOST)
parted_by = st.sampled_from([",", ", ", " ", ";", " / ", "\n", "\u00a0", " и ", " — ", ". ", " дней, за ", "…"])


class TestReading:
    @given(days=some_days, parts=st.lists(parted_by, min_size=MOST, max_size=MOST), ends=st.tuples(*[parted_by] * 2))
    def test_order_repetition_and_separators_do_not_matter(self, days, parts, ends):
        text = "".join(f"{day}{part}" for day, part in zip([*days, *days], parts * 2, strict=False))
        assert read_days(f"{ends[0]}{text}{ends[1]}" if days else "") == tuple(sorted(days))

    @given(days=some_days, falling=st.booleans())
    def test_what_is_written_is_read_again(self, days, falling):
        assert read_days(write_days(days, falling=falling)) == tuple(sorted(days))

    @given(text=st.text())
    def test_whatever_is_typed_is_read_or_refused(self, text):
        try:
            found = read_days(text)
        except DaysNotRead:
            return
        assert len(found) <= MOST
        assert all(1 <= day <= FARTHEST for day in found)

    @pytest.mark.parametrize(
        ("text", "days"),
        [("30, 14, 7, 1", (1, 7, 14, 30)), ("За 30 дней и за 7", (7, 30)), ("7дн.;1 день", (1, 7)), ("  ", ())],
    )
    def test_as_people_write(self, text, days):
        assert read_days(text) == days

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("две недели", "Слово «две» непонятно"),
            ("7, 0", "сам день срока"),
            ("366", "больше года"),
            ("301471", "разделяйте запятой"),
            ("9" * 5000, "больше года"),
            (", ;", "ни одного числа"),
            ("за дней", "ни одного числа"),
            (" ".join(map(str, range(1, 12))), "слишком много: 11"),
        ],
    )
    def test_errors_say_what_to_do(self, text, words):
        with pytest.raises(DaysNotRead, match=words):
            read_days(text)


class TestForetelling:
    def test_shipped_thresholds(self):
        assert foretell(LADDERS, DUE) == [
            "О сроке 1 декабря 2026, вторник, портал напомнит 2, 17, 24 и 30 ноября, потом в сам день.",
            (
                "Если отчёта не будет, напомнит 2 и 8 декабря,"
                " затем каждые 14\u00a0дней: 22 декабря, 11 января 2027 и так далее."
            ),
            (
                "8 декабря, когда просрочке будет 5\u00a0рабочих дней или больше, о ней узнают руководитель исполнителя"
                " или его куратор, а если таких нет, администратор."
            ),
        ]

    def test_day_off_is_told_on_the_working_day_before(self):
        sunday = date(2026, 11, 29)
        said = foretell(Ladders(Ladder(before=(7,)), Ladder(on_the_day=True), None, 5), sunday)
        assert said[0] == "О сроке 29 ноября 2026, воскресенье, портал напомнит 23 и 27 ноября."
        assert "отключён" in said[1]

    @pytest.mark.parametrize(
        ("ladders", "words"),
        [
            (Ladders(Ladder(), Ladder(on_the_day=True), LATE, 5), "напомнит только в сам день."),
            (Ladders(None, None, LATE, 5), "портал не напомнит."),
            (Ladders(None, None, Ladder(), 5), "о просрочке портал не напомнит никому"),
            (Ladders(None, None, Ladder(every=7), 5), "напомнит каждые 7\u00a0дней: 8, 15 декабря"),
        ],
    )
    def test_nothing_is_promised_that_is_not_set(self, ladders, words):
        assert words in " ".join(foretell(ladders, DUE))

    def test_people_above_are_named(self):
        assert foretell(LADDERS, DUE, above=["Осипова", "Седов"])[-1].endswith("а также Осипова и Седов.")

    def test_days_of_several_months_and_years(self):
        days = [date(2026, 11, 17), date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 11)]
        assert days_in_words(days, year=2026) == "17, 30 ноября, 1 декабря и 11 января 2027"

    @given(
        before=some_days, after=some_days, every=st.integers(0, 60), due=st.dates(date(2025, 1, 1), date(2027, 6, 1))
    )
    def test_told_on_working_days_once_a_stage_and_latest_first_reached(self, before, after, every, due):
        ladder = Ladder(before=tuple(before), after=tuple(after), every=every)
        told = told_days(ladder, due, till=due + timedelta(days=100))
        stages = [stage for _, stage in told]
        assert all(is_working_day(day) for day, _ in told)
        assert stages == sorted(set(stages))
        for day, stage in told:
            assert stage_on(ladder, due_on=due, day=day, next_day=Rhythm().next_day(day)) == stage

    @given(after=st.integers(1, 60), first=st.integers(1, 60), due=st.dates(date(2025, 1, 1), date(2027, 1, 1)))
    def test_those_above_hear_on_the_first_working_day_that_is_late_enough(self, after, first, due):
        day = goes_up_on(Ladder(after=(first,)), due, after=after)
        assert is_working_day(day)
        assert working_days_late(due, day) >= after
        earlier = [day - timedelta(days=n) for n in range(1, (day - due).days)]
        assert not [
            one
            for one in earlier
            if is_working_day(one) and (one - due).days >= first and working_days_late(due, one) >= after
        ]
