"""A municipality with an editor who is signed in, as tests of pages begin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import scope
from tests.factories import MunicipalityFactory, member_of


@pytest.fixture
def ours(db: None) -> Municipality:
    return MunicipalityFactory()


@pytest.fixture
def client(ours: Municipality) -> Client:
    client = Client()
    client.force_login(member_of(ours))
    return client


@pytest.fixture
def inside(ours: Municipality) -> Callable[[], Any]:
    """The municipality's scope, opened again after each request has closed its own."""
    return lambda: scope(writable=[ours.pk])
