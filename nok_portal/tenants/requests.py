"""What AccessMiddleware has put on a request by the time a view sees it."""

from contextlib import ExitStack
from typing import Any

from django.http import HttpRequest

from .models import Municipality, Region
from .rights import Right


class PortalRequest(HttpRequest):
    """Any request: `scopes` closes with it; whoever has a standing here has rights and a label."""

    scopes: ExitStack
    htmx: Any  # django_htmx.middleware.HtmxDetails
    user: Any
    municipality: Municipality | None
    region: Region | None
    standing: Any
    rights: frozenset[Right]
    membership_label: str
    support_visit: Any


class OfficeRequest(PortalRequest):
    """A request below /m/<municipality>/: the person is signed in and has the view's right."""

    municipality: Municipality


class MinistryRequest(PortalRequest):
    """A request below /region/<region>/."""

    region: Region
