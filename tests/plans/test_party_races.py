"""Parties that two people change at one moment: nobody stands in the way of another, no line is lost."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest
from django.db import OperationalError, connection

from nok_portal.tenants.scope import scope
from plans.models import ActivityParty, ResponsibleParty
from plans.services.building import write_parties
from plans.services.party_merging import merge_parties, undo_merge
from tests.factories import NOW, MunicipalityFactory, member_of
from tests.factories.plans import ActivityFactory, PlanFactory, ResponsiblePartyFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ours():
    return MunicipalityFactory()


def in_the_background(municipality, work: Callable[[], object]) -> threading.Thread:
    """Begins the work and comes back when it waits for a row in other hands, or is through."""
    pids: list[int] = []

    def run() -> None:
        with closing(connection), scope(writable=[municipality.pk]), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
            work()

    thread = threading.Thread(target=run)
    thread.start()
    until = time.monotonic() + 10
    with connection.cursor() as cursor:
        while thread.is_alive() and time.monotonic() < until:
            if pids:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", pids)
                if cursor.fetchone()[0]:
                    break
            time.sleep(0.01)
    return thread


def hold(party: ResponsibleParty) -> None:
    ResponsibleParty.objects.select_for_update(of=("self",), nowait=True).get(pk=party.pk)


@pytest.mark.parametrize("kept_is_older", [True, False])
def test_parting_takes_the_parties_in_the_order_in_which_merging_does(ours, kept_is_older):
    editor = member_of(ours)
    with scope(writable=[ours.pk]):
        older, newer = (ResponsiblePartyFactory(municipality=ours, name=name) for name in ("А", "Б"))
        kept, double = (older, newer) if kept_is_older else (newer, older)
        merge_parties(kept=kept, double=double, actor=editor, at=NOW)
    with scope(writable=[ours.pk]):
        hold(older)
        parting = in_the_background(ours, partial(undo_merge, double=double, actor=editor, at=NOW))
        try:
            hold(newer)
        except OperationalError:
            pytest.fail("the newer one was taken before the older one")
    parting.join(10)
    with scope(readable=[ours.pk]):
        assert not ResponsibleParty.objects.exclude(merged_into=None).exists()


def test_line_written_while_its_party_is_merged_names_the_one_that_stays(ours, monkeypatch):
    editor = member_of(ours)
    with scope(writable=[ours.pk]):
        kept, double = (ResponsiblePartyFactory(municipality=ours, name=name) for name in ("А", "Б"))
        line = ActivityFactory(plan=PlanFactory(municipality=ours))
    merging: list[threading.Thread] = []
    honest = ActivityParty.objects.bulk_create

    def overtaken(links):
        merge = partial(merge_parties, kept=kept, double=double, actor=editor, at=NOW)
        merging.append(in_the_background(ours, merge))
        return honest(links)

    monkeypatch.setattr(ActivityParty.objects, "bulk_create", overtaken)
    with scope(writable=[ours.pk]):
        write_parties([line], [["Б"]], ours)
    merging[0].join(10)
    with scope(readable=[ours.pk]):
        assert ActivityParty.objects.get().party == kept
