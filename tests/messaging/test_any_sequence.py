"""Whatever happens to plans, people and settings, and whenever runs come: each stage that was due reaches its person
once in the ledger, and what was told comes in at most one letter a day."""

from collections import Counter
from contextlib import ExitStack, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from nok_portal.common.workdays import is_working_day
from nok_portal.messaging.kinds import find_kind
from nok_portal.messaging.models import OutgoingMail, PersonalReminders, Reminder, ReminderSettings
from nok_portal.messaging.reminding import EVE, Ladder, Rhythm, working_days_late
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from plans.models import DueDate, PartyAccount
from tests.factories import member_of
from tests.messaging.reminded import tick
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db

KINDS = ("due_soon", "due_today", "overdue")
START = date(2026, 11, 16)  # up to fifty days later the first run comes: before, in or after the long holidays
THRESHOLDS = (
    {"before": [30, 14, 7, 1], "after": [1, 7], "every": 14},
    {"before": [10], "after": [3], "every": 5},
    {"before": [5, 2], "after": [], "every": 0},
    {"before": [1], "after": [2, 4], "every": 30},
)
NEVER = -1000
which = st.integers(0, 1)


class _Undo(Exception):
    """Rolls back what one sequence did."""


class Year(RuleBasedStateMachine):
    """Two due dates of a party; three people who may work for it, stand in or head it; an administrator."""

    world: World

    @initialize(lead=st.integers(0, 50))
    def begin(self, lead: int) -> None:
        self.opened = ExitStack()
        self.opened.enter_context(transaction.atomic())
        self.world = make_world()
        self.opened.enter_context(scope(writable=[self.world.municipality.pk]))
        self.day = START + timedelta(days=lead)
        self.decided_on: date | None = None
        self.people = [self.world.responsible, self.world.other, member_of(self.world.municipality, Role.RESPONSIBLE)]
        self.come_or_go(1, is_head=False)
        self.come_or_go(2, is_head=True)
        self.want_rhythm(1, weekday=0)
        self.dues = [self.world.due(window_to=self.day + timedelta(days=ahead)).pk for ahead in (8, 20)]

    def teardown(self) -> None:
        if hasattr(self, "opened"):
            with suppress(_Undo), self.opened:
                raise _Undo

    # ---- what happens

    @rule(at=which, days=st.integers(-10, 40))
    def move(self, at: int, days: int) -> None:
        day = self.day + timedelta(days=days)
        DueDate.objects.filter(pk=self.dues[at]).update(window_from=day, window_to=day)

    @rule(at=which, state=st.sampled_from(("open", "cancelled", "reported")))
    def settle(self, at: int, state: str) -> None:
        is_reported = state == "reported"
        DueDate.objects.filter(pk=self.dues[at]).update(
            state=state,
            cancelled_reason="не нужно" if state == "cancelled" else "",
            done_on=self.day if is_reported else None,
            reported_at=self.moment(9) if is_reported else None,
        )

    @rule(who=st.integers(0, 2), is_head=st.booleans())
    def come_or_go(self, who: int, is_head: bool) -> None:
        link = PartyAccount.objects.filter(party=self.world.party, user=self.people[who])
        if not link.delete()[0]:
            PartyAccount.objects.create(
                municipality=self.world.municipality, party=self.world.party, user=self.people[who], is_head=is_head
            )

    @rule(who=st.integers(0, 2), days=st.integers(0, 9))
    def pause(self, who: int, days: int) -> None:
        away = {"paused_from": self.day, "paused_to": self.day + timedelta(days=days)}
        self.personal(who, deputy=self.people[(who + 1) % 3], **away)

    @rule(who=st.integers(0, 2), weekday=st.sampled_from((None, 0, 1, 4)))
    def want_rhythm(self, who: int, weekday: int | None) -> None:
        self.personal(who, weekday=weekday)

    @rule(thresholds=st.sampled_from(THRESHOLDS), hour=st.sampled_from((0, 9, 15)), escalate=st.sampled_from((1, 5)))
    def set_up(self, thresholds: dict[str, Any], hour: int, escalate: int) -> None:
        ReminderSettings.objects.update_or_create(
            municipality=self.world.municipality, defaults={**thresholds, "hour": hour, "escalate_after": escalate}
        )

    @rule(
        runs=st.lists(
            st.tuples(st.sampled_from((0, 1, 1, 1, 2, 3, 6, 12)), st.sampled_from((8, 10, 16))), min_size=1, max_size=4
        )
    )
    def run(self, runs: list[tuple[int, int]]) -> None:
        """Some days later (or on the same day once more) beat ticks; nothing else happens between these runs."""
        for days, hour in runs:
            self.day += timedelta(days=days)
            known = {row.pk for row in Reminder.objects.all()}
            tick(self.moment(hour))
            new = [row for row in Reminder.objects.select_related("recipient") if row.pk not in known]
            has_come = is_working_day(self.day) and hour >= self.settings().hour
            is_new = has_come and self.decided_on != self.day
            assert is_new or not new
            if is_new:
                self.compare(new)
                self.decided_on = self.day
            assert not has_come or not Reminder.objects.filter(by_mail=True, mail__isnull=True).exists()
            self.nothing_is_doubled()

    def moment(self, hour: int) -> datetime:
        """This hour of the day in Moscow."""
        return datetime(self.day.year, self.day.month, self.day.day, hour - 3, tzinfo=UTC)

    # ---- what must hold

    def compare(self, new: list[Reminder]) -> None:
        """The ledger holds what was due to those whose work it is, and nothing else is in it."""
        wanted: set[tuple[str, str, date, int]] = set()
        heard: set[tuple[str, str, date, int]] = set()
        for due in DueDate.objects.filter(pk__in=self.dues, state="open"):
            thing = f"duedate:{due.pk}"
            for key in KINDS:
                for user in self.whose():
                    wanted.add((key, thing, due.window_to, user.pk))
                    self.hears(key, thing, due.window_to, user)
            if working_days_late(due.window_to, self.day) >= self.settings().escalate_after:
                heard |= {("overdue", thing, due.window_to, user.pk) for user in self.above()}
                for user in self.above():
                    self.hears("overdue", thing, due.window_to, user)
        for row in new:
            if row.kind not in KINDS:
                continue
            key = (row.kind, row.thing, row.due_on, row.recipient_id)
            assert key in (heard if row.is_escalation else wanted), f"{row.recipient} has nothing to do with it"

    def hears(self, key: str, thing: str, due_on: date, user: Any) -> None:
        rhythm = self.rhythm(user)
        told = set(
            Reminder.objects.filter(kind=key, thing=thing, due_on=due_on, recipient=user.pk).values_list(
                "stage", flat=True
            )
        )
        ladder = self.ladder(key)
        stage = ladder.reached(due_on, self.day)
        if stage is not None and rhythm.tells_on(self.day, decided_on=self.decided_on):
            assert max(told, default=NEVER) >= stage, f"{user} was not told of {thing}, {due_on} ({key}, {stage})"
        if ladder.before and self.day < due_on < rhythm.next_day(self.day):
            assert max(told, default=NEVER) >= EVE, f"{user} is told again only when {due_on} is over"
        if ladder.before and self.day < due_on == rhythm.next_day(self.day):
            assert told, f"{user} is told only on {due_on} itself"

    def nothing_is_doubled(self) -> None:
        stages: dict[tuple[Any, ...], list[int]] = {}
        for row in Reminder.objects.order_by("pk"):
            stages.setdefault((row.kind, row.thing, row.due_on, row.recipient_id), []).append(row.stage)
        for some in stages.values():
            assert some == sorted(set(some)), "each stage once, none after a later one"
        letters = Counter(OutgoingMail.objects.values_list("recipient", "created_at__date"))
        assert set(letters.values()) <= {1}, "one letter a person a day"

    # ---- who and when, by the rules that people are told

    def whose(self) -> set[Any]:
        """Those who work for the party, heads only without others; without anybody the administrator."""
        links = list(PartyAccount.objects.filter(party=self.world.party).select_related("user"))
        people = [link.user for link in links if not link.is_head] or [link.user for link in links]
        return {self.stands_in(user) for user in people or [self.world.editor]}

    def above(self) -> set[Any]:
        """The heads of others, else the administrator; each but those who are told already."""
        links = list(PartyAccount.objects.filter(party=self.world.party).select_related("user"))
        heads = [link.user for link in links if link.is_head] if any(not link.is_head for link in links) else []
        return {self.stands_in(user) for user in heads or [self.world.editor]} - self.whose()

    def stands_in(self, user: Any) -> Any:
        """The deputy during a pause; whose deputy is away, too, the administrator's."""
        if (mine := self.absence(user)) is None:
            return user
        return mine.deputy if self.absence(mine.deputy) is None else self.world.editor

    def absence(self, user: Any) -> PersonalReminders | None:
        return (
            PersonalReminders.objects.filter(user=user.pk, paused_from__lte=self.day, paused_to__gte=self.day)
            .select_related("deputy")
            .first()
        )

    def rhythm(self, user: Any) -> Rhythm:
        row = PersonalReminders.objects.filter(user=user.pk).first()
        return row.rhythm if row else Rhythm()

    def settings(self) -> ReminderSettings:
        return ReminderSettings.objects.first() or ReminderSettings()

    def ladder(self, key: str) -> Ladder:
        found = find_kind(key)
        assert found is not None
        return found.ladder_for(self.settings().thresholds)

    def personal(self, who: int, **values: Any) -> None:
        PersonalReminders.objects.update_or_create(
            municipality=self.world.municipality, user=self.people[who], defaults=values
        )


def test_each_stage_reaches_its_person_once_whatever_happens_between_runs():
    run_state_machine_as_test(
        Year,
        settings=settings(
            max_examples=6,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            phases=(Phase.generate,),  # to make a failing sequence shorter would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
