"""Every page × every kind of visitor, from the URL resolver: what is added later is covered by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from nok_portal.accounts.middleware import access_of
from nok_portal.accounts.services.tokens import READABLE, create_token
from nok_portal.tenants.access import Access, Audience
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import MUNICIPALITY_ROLES, RIGHTS, Role
from nok_portal.tenants.scope import scope
from tests.contracts.samples import PLAIN, SAMPLES
from tests.factories import MunicipalityFactory, UserFactory, member_of, ministry_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Page:
    name: str
    variables: tuple[str, ...]
    access: Access

    def url(self, municipality: Municipality, *, of: Municipality | None = None) -> str:
        """The page's address in the municipality; its objects are those of `of` (the same one by default)."""
        with scope(writable=[(of or municipality).pk]):
            values = {name: self._value(name, municipality, of or municipality) for name in self.variables}
        return reverse(self.name, kwargs=values)

    def _value(self, name: str, municipality: Municipality, of: Municipality) -> Any:
        if name == "municipality":
            return municipality.slug
        if name == "region":
            return municipality.region.slug
        if name in PLAIN:
            return PLAIN[name]
        assert name in SAMPLES, f"tests/contracts/samples.py does not say what <{name}> of {self.name} is"
        return SAMPLES[name](of)

    @property
    def names_an_object(self) -> bool:
        return any(name in SAMPLES for name in self.variables)


def pages(resolver: URLResolver | None = None, prefix: str = "", above: tuple[str, ...] = ()) -> Iterator[Page]:
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        variables = above + tuple(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from pages(entry, inner, variables)
        elif isinstance(entry, URLPattern):
            access = access_of(entry.callback)
            if access is not None:
                assert entry.name, f"{entry.pattern} has no name"
                yield Page(prefix + entry.name, variables, access)


ALL = sorted(pages(), key=lambda page: page.name)
OFFICE = [page for page in ALL if page.access.audience is Audience.OFFICE]
API = [page for page in ALL if page.access.audience is Audience.API]
NOT_PUBLIC = [page for page in ALL if page.access.audience not in (Audience.PUBLIC, Audience.API)]
METHODS = ("get", "post")


def each(chosen: list[Page]) -> Any:
    return pytest.mark.parametrize("page", chosen, ids=lambda page: page.name)


def visit(client: Client, method: str, url: str) -> int:
    response = getattr(client, method)(url)
    if response.streaming:
        b"".join(response)  # type: ignore[arg-type]  # closes the file
    return response.status_code


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


class Visitors:
    """A municipality, another one and people who sign in once for all pages; each test gets browsers of its own."""

    def __init__(self) -> None:
        self.municipality = MunicipalityFactory()
        self.elsewhere = MunicipalityFactory()
        self._members = {role: self._sign_in(member_of(self.municipality, role)) for role in MUNICIPALITY_ROLES}
        self._ministry = self._sign_in(ministry_of(self.municipality.region))
        self._strangers = [
            self._sign_in(stranger)
            for stranger in (
                UserFactory(),
                member_of(self.elsewhere, Role.ADMINISTRATOR),
                ministry_of(self.elsewhere.region),
            )
        ]

    def member(self, role: Role) -> Client:
        return self._browser(self._members[role])

    @property
    def ministry(self) -> Client:
        return self._browser(self._ministry)

    @property
    def strangers(self) -> list[Client]:
        return [self._browser(session) for session in self._strangers]

    @staticmethod
    def _sign_in(user: Any) -> str:
        return signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value

    @staticmethod
    def _browser(session: str) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        return client


@pytest.fixture(scope="module")
def visitors(django_db_setup: None, django_db_blocker: Any) -> Iterator[Visitors]:
    """Made once, in a transaction that ends with the module: the transaction of each test stands inside it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Visitors()
        transaction.set_rollback(True)


@pytest.fixture
def municipality(visitors: Visitors) -> Municipality:
    return visitors.municipality


@each(NOT_PUBLIC)
def test_anonymous_is_sent_to_log_in(page, municipality):
    url = page.url(municipality)
    for method in METHODS:
        response = getattr(Client(), method)(url)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/account/login/")


@each([page for page in NOT_PUBLIC if page.access.audience is not Audience.ACCOUNT])
def test_stranger_finds_nothing(page, visitors):
    url = page.url(visitors.municipality)
    for stranger in visitors.strangers:
        for method in METHODS:
            assert visit(stranger, method, url) == 404


@each([page for page in OFFICE if page.access.right is not None])
def test_member_without_the_right_is_refused(page, visitors):
    url = page.url(visitors.municipality)
    for role in MUNICIPALITY_ROLES:
        if page.access.right not in RIGHTS[role]:
            client = visitors.member(role)
            for method in METHODS:
                assert visit(client, method, url) == 403


@each(OFFICE)
def test_member_with_the_right_is_let_in(page, visitors):
    url = page.url(visitors.municipality)
    for role in MUNICIPALITY_ROLES:
        if page.access.right is None or page.access.right in RIGHTS[role]:
            assert visit(visitors.member(role), "get", url) in (200, 302, 405)


@each(OFFICE)
def test_ministry_of_the_region_only_reads(page, visitors):
    allowed = page.access.right is None or page.access.right in RIGHTS[Role.MINISTRY]
    status = visit(visitors.ministry, "get", page.url(visitors.municipality))
    assert status in ((200, 302, 405) if allowed else (403,))


@each([page for page in OFFICE if page.names_an_object])
def test_object_of_another_municipality_is_not_found(page, visitors):
    """The address is ours, the object theirs: guessed numbers lead nowhere."""
    client = visitors.member(Role.ADMINISTRATOR)
    url = page.url(visitors.municipality, of=visitors.elsewhere)
    answers = {visit(client, method, url) for method in METHODS}
    assert 404 in answers
    assert answers <= {404, 405}


@each([page for page in ALL if page.access.audience is Audience.MINISTRY])
def test_ministry_page_is_for_the_ministry_of_that_region(page, municipality):
    assert visit(signed_in(ministry_of(municipality.region)), "get", page.url(municipality)) in (200, 302, 405)
    assert visit(signed_in(member_of(municipality, Role.ADMINISTRATOR)), "get", page.url(municipality)) == 404


@each([page for page in ALL if page.access.audience is Audience.SUPPORT])
def test_support_page_is_for_support(page, municipality):
    assert visit(signed_in(UserFactory(is_support=True)), "get", page.url(municipality)) in (200, 302, 405)


@each([page for page in ALL if page.access.audience in (Audience.PUBLIC, Audience.ACCOUNT)])
def test_open_page_answers_whoever_signed_in(page, municipality):
    assert visit(signed_in(UserFactory()), "get", page.url(municipality)) in (200, 302, 404, 405, 410)


def test_support_enters_no_municipality_without_a_visit(municipality):
    client = signed_in(UserFactory(is_support=True))
    assert visit(client, "get", reverse("office:today", args=[municipality.slug])) == 404


def test_stranger_cannot_tell_a_municipality_from_nothing(municipality):
    client = signed_in(UserFactory())
    there = client.get(reverse("office:today", args=[municipality.slug]))
    nowhere = client.get("/m/no-such-place/")
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content


def read_with(user: Any, place: Any, rights: Any, url: str) -> int:
    """The status of an answer to a program with a new key of the person."""
    key = create_token(user=user, place=place, name="Проверка", rights=rights, days=30, at=timezone.now()).key
    return Client().get(url, headers={"Authorization": f"Bearer {key}"}).status_code


@each(API)
def test_program_reads_with_a_key_of_whoever_has_the_right(page, municipality):
    url = page.url(municipality)
    for role in MUNICIPALITY_ROLES:
        assert read_with(member_of(municipality, role), municipality, READABLE, url) == 200
    assert read_with(ministry_of(municipality.region), municipality.region, READABLE, url) == 200


@each(API)
def test_program_without_a_key_or_with_the_session_alone_reads_nothing(page, municipality):
    url = page.url(municipality)
    for client in (Client(), signed_in(member_of(municipality, Role.ADMINISTRATOR))):
        response = client.get(url)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"


@each(API)
def test_program_with_a_key_to_another_place_finds_nothing(page, municipality):
    elsewhere = MunicipalityFactory()
    url = page.url(municipality)
    assert read_with(member_of(elsewhere, Role.ADMINISTRATOR), elsewhere, READABLE, url) == 404
    assert read_with(ministry_of(elsewhere.region), elsewhere.region, READABLE, url) == 404


@each(API)
def test_program_with_a_key_to_something_else_is_refused(page, municipality):
    others = [right for right in READABLE if right != page.access.right]
    assert read_with(member_of(municipality), municipality, others, page.url(municipality)) == 403


@each([page for page in API if page.names_an_object])
def test_program_does_not_find_an_object_of_another_municipality(page, municipality):
    url = page.url(municipality, of=MunicipalityFactory())
    assert read_with(member_of(municipality, Role.ADMINISTRATOR), municipality, READABLE, url) == 404


@each(API)
def test_program_only_reads(page, municipality):
    key = create_token(
        user=member_of(municipality), place=municipality, name="", rights=READABLE, days=30, at=timezone.now()
    ).key
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(Client(), method)(page.url(municipality), headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 405
