"""Reminders outlive everything: workers, beats and a Redis that are killed, all real, a mail server that refuses.

A step is held where it is wanted by a lock of the test's own, or by a mail server that keeps its answer back.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connections

from nok_portal.celery import app
from nok_portal.messaging.models import EscalationPerson, OutgoingMail, Reminder
from nok_portal.messaging.services.mail import HOLD, PAUSES
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from tests.conftest import connect_as_owner
from tests.factories import member_of
from tests.messaging.conftest import Mailbox, serving
from tests.messaging.reminded import TUESDAY, ledger, noon, outbox
from tests.messaging.worker import Beat, Killable, Redis, Worker, clock
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
State = OutgoingMail.State
PATIENCE = 40  # seconds, on a machine that does something else, too


class Portal:
    """Everything that runs beside the web: workers, beats or their ticks, Redis, and the clock of them all."""

    def __init__(self, smtp_port: int, broker: str) -> None:
        self.smtp_port, self.broker = smtp_port, broker
        self.redis = redis.Redis.from_url(broker)
        self.clock = clock()
        self.running: list[Killable] = []
        self.move_clock_to(noon(TUESDAY))
        self.flush()

    def move_clock_to(self, at: datetime) -> None:
        self.clock.value = (at - datetime.now(UTC)).total_seconds()

    def wait_for_clock(self, more: timedelta) -> None:
        self.clock.value += more.total_seconds()

    def start_worker(self) -> Worker:
        worker = Worker(broker=self.broker, smtp_port=self.smtp_port, ahead=self.clock)
        self.running.append(worker)
        return worker

    def start_beat(self, schedule: Path) -> Beat:
        beat = Beat(broker=self.broker, schedule=schedule)
        self.running.append(beat)
        return beat

    def tick(self, *names: str) -> None:
        """What beat does."""
        with app.connection_for_write(self.broker) as broker:
            for name in names or ("remind", "send-waiting-mail"):
                app.send_task(settings.CELERY_BEAT_SCHEDULE[name]["task"], connection=broker)

    def flush(self) -> None:
        """Whoever flushes Redis takes all that waits in it, and what a dead worker had taken out."""
        self.redis.flushdb()

    def is_idle(self) -> bool:
        """Nothing waits in Redis, and no worker has anything in its hands."""
        return not self.redis.llen("default") and not self.redis.hlen("unacked")

    def stop(self) -> None:
        for process in self.running:
            process.kill()
        with suppress(redis.ConnectionError):  # a test may have ended without it
            self.flush()
        self.redis.close()


@pytest.fixture
def portal(smtp_port: int) -> Iterator[Portal]:
    portal = Portal(smtp_port, settings.CELERY_BROKER_URL)
    yield portal
    portal.stop()


@pytest.fixture
def world() -> World:
    """Two due dates, of which one is so late that two more people hear of it."""
    world = make_world()
    with scope(writable=[world.municipality.pk]):
        for user in (world.other, member_of(world.municipality, Role.RESPONSIBLE)):
            EscalationPerson.objects.create(municipality=world.municipality, user=user)
    world.due(window_to=TUESDAY - timedelta(days=20))
    world.due(window_to=TUESDAY + timedelta(days=7))
    return world


class Owner:
    """The test's own connections: one holds what a worker wants, the other looks who waits for it."""

    def __init__(self) -> None:
        self.lock, self.eyes = (connect_as_owner(connections["default"].settings_dict["NAME"]) for _ in range(2))
        self.eyes.autocommit = True

    def hold(self, sql: str, *values: Any) -> None:
        with self.lock.cursor() as cursor:
            cursor.execute(sql, values)

    def waiting(self) -> list[int]:
        return self._pids("datname = current_database() AND wait_event_type = 'Lock'")

    def is_alive(self, pid: int) -> bool:
        return bool(self._pids("pid = %s", pid))

    def _pids(self, condition: str, *values: Any) -> list[int]:
        with self.eyes.cursor() as cursor:
            cursor.execute(f"SELECT pid FROM pg_stat_activity WHERE {condition}", values)
            return [pid for (pid,) in cursor.fetchall()]


@contextmanager
def holding(sql: str, *values: Any) -> Iterator[Owner]:
    """A lock, until the block ends."""
    owner = Owner()
    try:
        owner.hold(sql, *values)
        yield owner
    finally:
        owner.lock.close()
        owner.eyes.close()


def until(holds: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.02)
    return found


def kill_where_it_waits(worker: Worker, owner: Owner) -> None:
    """Kill the worker at the lock, let the lock go, and see its connection off."""
    (pid,) = until(owner.waiting, "the worker comes to the lock")
    worker.kill()
    owner.lock.rollback()
    until(lambda: not owner.is_alive(pid), "the database notices that the worker is dead")


def told(world: World) -> Counter[tuple[Any, ...]]:
    return Counter(
        (row.kind, row.thing, row.due_on, row.stage, row.recipient.email) for row in ledger(world.municipality)
    )


def states(world: World) -> list[str]:
    return sorted(mail.state for mail in outbox(world.municipality))


def everybody(world: World) -> list[str]:
    with scope(readable=[world.municipality.pk]):
        return sorted(Reminder.objects.values_list("recipient__email", flat=True).distinct())


def test_killed_at_every_step_and_redis_flushed_between_them(world, portal):
    box = Mailbox()
    with serving(box, portal.smtp_port):
        # while it decides, inside the transaction
        with holding("LOCK TABLE messaging_reminder IN SHARE MODE") as owner:
            worker = portal.start_worker()
            portal.tick("remind")
            kill_where_it_waits(worker, owner)
        assert ledger(world.municipality) == []
        portal.flush()

        # after the rows, before the first letter
        with holding("LOCK TABLE messaging_outgoingmail IN SHARE MODE") as owner:
            worker = portal.start_worker()
            portal.tick("remind")
            kill_where_it_waits(worker, owner)
        decided = told(world)
        assert len(decided) == 4, "two of the responsible, and one of each who hears of long lateness"
        assert outbox(world.municipality) == []
        portal.flush()

        # while letters are written: the first one is, the last one is not
        last = max(row.pk for row in ledger(world.municipality))
        with holding("SELECT 1 FROM messaging_reminder WHERE id = %s FOR UPDATE", last) as owner:
            worker = portal.start_worker()
            portal.tick("remind")
            kill_where_it_waits(worker, owner)
        assert outbox(world.municipality) == []
        portal.flush()

        # after the mail server took a letter, before that is noted
        box.may_answer.clear()
        worker = portal.start_worker()
        portal.tick("remind")
        (letter,) = until(lambda: box.letters, "a letter comes to the mail server")
        sql = "SELECT 1 FROM messaging_outgoingmail WHERE message_id = %s FOR UPDATE"
        with holding(sql, letter["Message-ID"]) as owner:
            box.may_answer.set()
            kill_where_it_waits(worker, owner)
        assert states(world) == [State.WAITING] * 3
        portal.flush()

        # what the dead one had in its hands goes when its claim has run out
        portal.start_worker()
        portal.tick()
        until(lambda: states(world) == [State.SENT] * 2 + [State.WAITING], "what nobody has claimed goes")
        portal.wait_for_clock(HOLD)
        portal.tick()
        until(lambda: states(world) == [State.SENT] * 3, "all letters go")
        until(portal.is_idle, "nothing is left to do")
    assert told(world) == decided
    assert set(decided.values()) == {1}
    assert sorted({one["To"] for one in box.letters}) == everybody(world)
    taken = Counter(one["Message-ID"] for one in box.letters)
    once = Counter(mail.message_id for mail in outbox(world.municipality))
    assert taken == once + Counter([letter["Message-ID"]]), "the one that was not noted goes again under its Message-ID"


def test_mail_server_that_is_away_and_then_refuses_half(world, portal):
    with scope(writable=[world.municipality.pk]):
        EscalationPerson.objects.create(municipality=world.municipality, user=member_of(world.municipality))
    portal.start_worker()
    portal.tick("remind")

    def tries() -> list[int]:
        return [mail.tries for mail in outbox(world.municipality)]

    until(lambda: tries() == [1] * 4 and portal.is_idle(), "every letter is tried")
    assert {mail.error.partition(":")[0] for mail in outbox(world.municipality)} == {"ConnectionRefusedError"}
    box = Mailbox()
    box.script = ["250 OK", "451 try later", "250 OK", "550 never"]
    with serving(box, portal.smtp_port):
        portal.wait_for_clock(PAUSES[0])
        portal.tick("send-waiting-mail")
        half = sorted([State.SENT, State.SENT, State.WAITING, State.FAILED])
        until(lambda: states(world) == half, "two go, one waits, one is given up in sight")
        portal.tick("send-waiting-mail")
        until(portal.is_idle, "nothing is sent before its pause is over")
        assert sorted(tries()) == [2] * 4
        portal.wait_for_clock(PAUSES[1])
        portal.tick("send-waiting-mail")
        until(lambda: states(world) == sorted([*[State.SENT] * 3, State.FAILED]), "the refused one goes")
    (given_up,) = (mail for mail in outbox(world.municipality) if mail.state == State.FAILED)
    assert "550" in given_up.error
    assert len(box.letters) == len({one["Message-ID"] for one in box.letters}) == 3
    assert set(told(world).values()) == {1}


def test_two_workers_and_two_ticks_at_once(world, portal):
    worlds = [world, make_world()]
    worlds[1].due(window_to=TUESDAY)
    box = Mailbox()
    with serving(box, portal.smtp_port):
        with holding("LOCK TABLE messaging_reminder IN SHARE MODE") as owner:
            for _ in range(2):
                portal.start_worker()
            portal.tick("remind", "remind")
            until(owner.waiting, "one comes to the ledger")
            until(lambda: len(owner.waiting()) == 2 or _passed_by(portal), "the other one, too, or it passes by")
        until(lambda: sum(len(outbox(one.municipality)) for one in worlds) == 4, "all letters are written")
        portal.tick("remind", "send-waiting-mail", "remind", "send-waiting-mail")
        until(lambda: [set(states(one)) for one in worlds] == [{State.SENT}] * 2, "all letters go")
        until(portal.is_idle, "nothing is left to do")
    assert [set(told(one).values()) for one in worlds] == [{1}, {1}]
    assert sorted(one["To"] for one in box.letters) == sorted(person for one in worlds for person in everybody(one))


def _passed_by(portal: Portal) -> bool:
    """One tick is done, though the other one stands."""
    return not portal.redis.llen("default") and portal.redis.hlen("unacked") == 1


def test_beat_killed_and_started_again_and_a_second_one_beside_it(world, portal, tmp_path):
    box = Mailbox()
    with serving(box, portal.smtp_port):
        first = portal.start_beat(tmp_path / "first")
        until(lambda: first.is_heard(portal.redis), "the beat ticks")
        first.kill()
        portal.flush()

        # nobody works before both are heard, so that ticks of both come to the workers
        beats = [portal.start_beat(tmp_path / "first"), portal.start_beat(tmp_path / "second")]
        until(lambda: all(beat.is_heard(portal.redis) for beat in beats), "the one that was killed, and another, tick")
        for _ in range(2):
            portal.start_worker()
        until(lambda: states(world) == [State.SENT] * 3, "all letters go")
        for beat in beats:
            beat.kill()
        until(portal.is_idle, "all ticks are done with")
    assert len(told(world)) == 4
    assert set(told(world).values()) == {1}
    assert sorted(one["To"] for one in box.letters) == everybody(world)


def test_redis_killed_under_worker_and_beat_and_started_again_empty(world, smtp_port, tmp_path):
    box, server = Mailbox(), Redis(tmp_path)
    portal = Portal(smtp_port, server.url)
    try:
        with serving(box, portal.smtp_port):
            # in the middle of a tick: what it decided stands, its letters are not written
            with holding("LOCK TABLE messaging_outgoingmail IN SHARE MODE") as owner:
                worker, beat = portal.start_worker(), portal.start_beat(tmp_path / "schedule")
                until(owner.waiting, "the worker comes to the letters")
                server.kill()
            until(lambda: states(world) == [State.WAITING] * 3, "what was begun without Redis is finished")
            assert box.letters == [], "who would send them is told by Redis"

            server.start()
            until(lambda: states(world) == [State.SENT] * 3, "all letters go")
            assert worker.process.is_alive()
            beat.kill()
            until(portal.is_idle, "all ticks are done with")
        assert len(told(world)) == 4
        assert set(told(world).values()) == {1}
        assert sorted(one["To"] for one in box.letters) == everybody(world)
    finally:
        portal.stop()
        server.kill()
