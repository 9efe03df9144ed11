"""A municipality with an editor who is signed in, as tests of pages begin; for tests of services, its scope is open."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from nok_portal.accounts.models import User
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import scope
from plans.deadlines import parse, to_json
from plans.models import Activity, Plan, PlanImport
from plans.services.imports import import_table
from tests.factories import NOW, MunicipalityFactory, UserFactory, member_of
from tests.factories.plans import ActivityFactory, PlanFactory, PlanImportFactory, table_of
from tests.plans.readings import WRONG
from tests.plans.reporting import World, make_world


@pytest.fixture
def ours(db: None) -> Municipality:
    return MunicipalityFactory()


@pytest.fixture
def editor(ours: Municipality) -> User:
    return member_of(ours)


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


@pytest.fixture
def actor(db: None) -> User:
    """Somebody of whom services ask nothing but the name."""
    return UserFactory()


@pytest.fixture
def inside(ours: Municipality) -> Callable[[], Any]:
    """The municipality's scope, opened again after each request has closed its own."""
    return lambda: scope(writable=[ours.pk])


@pytest.fixture
def who(ours: Municipality) -> dict[str, Any]:
    """Who changes the plan, and when."""
    return {"actor": member_of(ours), "at": NOW}


@pytest.fixture
def in_scope(ours: Municipality) -> Iterator[None]:
    """The municipality's scope during the whole test: for those that ask for no page."""
    with scope(writable=[ours.pk]):
        yield


@pytest.fixture
def plan(ours: Municipality, inside: Callable[[], Any]) -> Plan:
    """1.1 «до 1 апреля», 1.2 «май – октябрь»; 2.1 «до 1 декабря», 2.2 after an event."""
    with inside():
        return import_table(table=table_of(), municipality=ours, actor=None, at=NOW)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def in_world(world: World) -> Iterator[None]:
    """The scope of the world's municipality during the whole test."""
    with scope(writable=[world.municipality.pk]):
        yield


@pytest.fixture
def wrong(ours: Municipality, inside: Callable[[], Any]) -> PlanImport:
    """A document with «до 31 ноября» in it."""
    with inside():
        return PlanImportFactory(municipality=ours, pasted_text=WRONG)


@pytest.fixture
def wrong_activity(ours: Municipality, inside: Callable[[], Any]) -> Activity:
    """An activity with «до 31 ноября» that has no days."""
    words = "до 31 ноября"
    with inside():
        return ActivityFactory(
            plan=PlanFactory(municipality=ours),
            deadline_text=words,
            deadline_rule=to_json(parse(words)),
            deadline_reading="",
            findings=[{"code": "deadline_impossible", "severity": "error", "message": "Нет такого дня", "field": ""}],
        )
