"""The places of the portal, as the rail and the bar of a phone list them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from nok_portal.tenants.requests import PortalRequest
from nok_portal.tenants.rights import Right

ON_PHONE_BAR = 4


@dataclass(frozen=True)
class Place:
    """An entry of the navigation: shown when its address exists and the person has the right."""

    label: str
    icon: str
    url_name: str
    right: Right | None = None


@dataclass(frozen=True)
class Link:
    """A place as one request shows it; `current` is the value of aria-current."""

    label: str
    icon: str
    url: str
    current: str = ""


OFFICE = (
    Place("Сегодня", "today", "office:today"),
    Place("Мои сроки", "check", "office:dues", Right.REPORT),
    Place("Планы", "plan", "office:plans", Right.SEE_PLANS),
    Place("Календарь", "cal", "office:calendar", Right.SEE_PLANS),
    Place("Исполнители", "people", "office:parties", Right.SEE_PLANS),
    Place("Организации", "org", "office:organizations", Right.SEE_ORGANIZATIONS),
    Place("Правовые акты", "act", "office:acts", Right.SEE_ACTS),
    Place("Отчёты", "table", "office:reports"),
    Place("Люди и роли", "council", "office:people", Right.SEE_PEOPLE),
    Place("Журнал", "journal", "office:journal", Right.SEE_JOURNAL),
    Place("Настройки", "gear", "office:settings", Right.MANAGE_SETTINGS),
)
REGION = (
    Place("Муниципалитеты", "region", "region:home"),
    Place("Люди и роли", "council", "region:people", Right.SEE_PEOPLE),
)
SUPPORT = (
    Place("Муниципалитеты", "region", "support:home"),
    Place("Учётные записи", "people", "support:accounts"),
    Place("Журнал", "journal", "support:journal"),
)


def links_for(request: PortalRequest) -> list[Link]:
    """The places this request may go to; the first is the root of the others, so only it alone marks it."""
    found = [(place, url) for place, url in _addresses(request) if place.right is None or place.right in request.rights]
    return [
        Link(place.label, place.icon, url, current=_current(request.path, url, is_root=position == 0))
        for position, (place, url) in enumerate(found)
    ]


def _current(path: str, url: str, *, is_root: bool) -> str:
    if path == url:
        return "page"
    return "true" if path.startswith(url) and not is_root else ""


def _addresses(request: PortalRequest) -> Iterator[tuple[Place, str]]:
    if request.municipality:
        places: tuple[Place, ...] = OFFICE
        arguments = [request.municipality.slug]
    elif request.region:
        places = REGION
        arguments = [request.region.slug]
    elif request.user.is_authenticated and getattr(request.user, "is_support", False):
        places = SUPPORT
        arguments = []
    else:
        return
    for place in places:
        try:
            yield place, reverse(place.url_name, args=arguments)
        except NoReverseMatch:
            continue
