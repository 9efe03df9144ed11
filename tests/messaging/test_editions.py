"""A new edition goes on with what was told: nobody hears of a carried line once more, and nobody misses a stage."""

from datetime import timedelta

import pytest

from nok_portal.messaging.services.deciding import decide_due_places
from nok_portal.messaging.services.digests import compose_due_places
from nok_portal.tenants.scope import scope
from plans.deadlines import parse, to_json
from plans.models import DueDate, Plan
from plans.services.approval import approve_plan, withdraw_approval
from plans.services.days import refresh_days
from plans.services.editions import start_new_edition
from tests.factories import LegalActFactory
from tests.messaging.reminded import TUESDAY, decide, ledger, noon, outbox, told
from tests.plans.reporting import World, make_world

pytestmark = pytest.mark.django_db
WORDS = "до 1 декабря 2026 года"


@pytest.fixture
def world() -> World:
    """A line that is due in a week."""
    world = make_world()
    line = world.activity(deadline_text=WORDS, deadline_rule=to_json(parse(WORDS)))
    with scope(writable=[world.municipality.pk]):
        refresh_days(line.plan, actor=world.editor, at=noon(TUESDAY), reason="")
    return world


def approve_new_edition(world: World) -> Plan:
    with scope(writable=[world.municipality.pk]):
        plan = Plan.objects.get(pk=world.plan.pk)
        edition = start_new_edition(plan=plan, version=plan.version, actor=world.editor, at=noon(TUESDAY))
        Plan.objects.filter(pk=edition.pk).update(spheres=["culture"])
        edition.refresh_from_db()
        return approve_plan(
            plan=edition,
            version=edition.version,
            act=LegalActFactory(municipality=world.municipality),
            actor=world.editor,
            at=noon(TUESDAY),
        )


def withdraw(world: World, edition: Plan) -> None:
    with scope(writable=[world.municipality.pk]):
        withdraw_approval(plan=edition, version=edition.version, reason="ошибка", actor=world.editor, at=noon(TUESDAY))


def day_after(count: int):
    return TUESDAY + timedelta(days=count)


def due_of(world: World, plan: Plan) -> DueDate:
    with scope(readable=[world.municipality.pk]):
        return DueDate.objects.get(activity__plan=plan)


def test_carried_line_is_told_on_from_where_it_stood(world):
    assert told(world.municipality, TUESDAY) == [("due_soon", -7, world.responsible)]
    edition = approve_new_edition(world)
    assert decide(world.municipality, day_after(1)) == []
    (row,) = ledger(world.municipality)
    due = due_of(world, edition)
    assert row.thing == f"duedate:{due.pk}"
    assert row.url == f"/m/{world.municipality.slug}/dues/{due.pk}/"
    assert row.group_url == f"/m/{world.municipality.slug}/plans/{edition.pk}/"
    assert told(world.municipality, day_after(6)) == [("due_soon", -1, world.responsible)]


def test_letter_that_is_not_written_yet_tells_of_the_new_edition(world):
    decide_due_places(at=noon(TUESDAY))
    edition = approve_new_edition(world)
    assert compose_due_places(at=noon(TUESDAY)) == 1
    (mail,) = outbox(world.municipality)
    assert f"/dues/{due_of(world, edition).pk}/" in mail.text


def test_withdrawn_edition_gives_back_what_was_told_under_both(world):
    decide(world.municipality, TUESDAY)
    edition = approve_new_edition(world)
    decide(world.municipality, day_after(6))
    withdraw(world, edition)
    thing = f"duedate:{due_of(world, world.plan).pk}"
    assert [(row.thing, row.stage) for row in ledger(world.municipality)] == [(thing, -7), (thing, -1)]
    assert decide(world.municipality, day_after(7))[0].kind == "due_today"
