"""Each view says for whom it is; accounts.middleware.AccessMiddleware sees to it, a contract test reads it too."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from .rights import Right

View = TypeVar("View", bound=Callable[..., Any])


class Audience(Enum):
    """Who may open a page at all."""

    PUBLIC = "public"  # everybody, signed in or not
    ACCOUNT = "account"  # whoever has signed in
    OFFICE = "office"  # members of the municipality in the URL, and the ministry of its region
    MINISTRY = "ministry"  # the ministry of the region in the URL
    SUPPORT = "support"  # the portal's own support staff
    API = "api"  # programs with a person's key: they read the municipality in the URL


@dataclass(frozen=True)
class Access:
    audience: Audience
    right: Right | None = None


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


public_page = _declare(Access(Audience.PUBLIC))
account_page = _declare(Access(Audience.ACCOUNT))
support_page = _declare(Access(Audience.SUPPORT))


def asked_by_itself(view: View) -> View:
    """Pages ask for it without anybody having done anything: it says nothing of when the person was last there."""
    view.is_asked_by_itself = True  # type: ignore[attr-defined]
    return view


def office_page(right: Right | None = None) -> Callable[[View], View]:
    """A page under /m/<municipality>/: for members whose role has the right (None: every member)."""
    return _declare(Access(Audience.OFFICE, right))


def api_page(right: Right) -> Callable[[View], View]:
    """An answer for programs under /api/…/m/<municipality>/: the key and its owner must have the right."""
    return _declare(Access(Audience.API, right))


def ministry_page(right: Right) -> Callable[[View], View]:
    """A page under /region/<region>/: for the region's ministry."""
    return _declare(Access(Audience.MINISTRY, right))
