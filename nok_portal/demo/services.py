"""Fills an empty database with the demo, and empties a demo again. Nothing else may be in that database."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.db import connections, transaction

from nok_portal.accounts.models import Membership, User
from nok_portal.common.errors import DomainError
from nok_portal.tenants import tables
from nok_portal.tenants.models import Municipality, Organization, Region
from nok_portal.tenants.register.inn import inn_from
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.organizations import add_organization
from plans.services.document_reading import keep_reading, read_document
from plans.services.imports import import_table, start_import
from plans.table import read_pasted

from .content import (
    MINISTRY,
    MUNICIPALITIES,
    PASSWORD,
    REGION_NAME,
    REGION_SLUG,
    SUPPORT_LOGIN,
    TOTP_SECRET,
    DemoMunicipality,
    DemoPerson,
    email_of,
)
from .editions import approve_demo_plan, prepare_demo_edition
from .events import add_events
from .parties import tell_who_parties_are
from .reminders import tell_of_last_working_day
from .reports import add_reports
from .targets import add_actuals

PLANS = Path(__file__).parent / "plans"
MARK = "nok-portal demo"


class DatabaseNotEmpty(DomainError):
    def __init__(self) -> None:
        super().__init__("В базе уже есть данные. Пример заполняется только в пустую базу.")


class NotADemo(DomainError):
    def __init__(self) -> None:
        super().__init__("Эта база не создана как пример, поэтому портал её не очистит.")


def is_empty() -> bool:
    """No person, region or municipality yet."""
    return not (User.objects.exists() or Region.objects.exists() or Municipality.objects.exists())


def is_demo() -> bool:
    """Whether the demo was filled into this database."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')")
        return cursor.fetchone()[0] == MARK


@transaction.atomic
def fill_demo(*, at: datetime) -> None:
    """The region with its municipalities, people, organizations and plans around `at`.

    Raises DatabaseNotEmpty. Marks the database, so that `empty_demo` knows what it may empty.
    """
    if not is_empty():
        raise DatabaseNotEmpty
    region = Region.objects.create(name=REGION_NAME, slug=REGION_SLUG)
    password = make_password(PASSWORD)  # slow on purpose, so once for all
    ministry = _add_person(MINISTRY, password=password, at=at)
    Membership.objects.create(user=ministry, role=MINISTRY.role, region=region, post=MINISTRY.post, created_at=at)
    User.objects.create(
        email=email_of(SUPPORT_LOGIN), full_name="Поддержка портала", is_support=True, password=password, created_at=at
    )
    for number, demo in enumerate(MUNICIPALITIES, start=1):
        _fill_municipality(demo, region=region, number=number, password=password, at=at)
    _mark(MARK)


def empty_demo() -> None:
    """Remove everything from a database that holds the demo; raises NotADemo for any other."""
    if not is_demo():
        raise NotADemo
    names = [
        name
        for name in (*tables.GLOBAL, *tables.MUNICIPALITY, *tables.MIXED)
        if name not in ("django_migrations", "django_content_type", "auth_permission")
    ]
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names) + " RESTART IDENTITY CASCADE")
    _mark("")


def _mark(text: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("COMMENT ON SCHEMA public IS %s", [text])


def _fill_municipality(demo: DemoMunicipality, *, region: Region, number: int, password: str, at: datetime) -> None:
    municipality = Municipality.objects.create(
        region=region,
        slug=demo.slug,
        name=demo.name,
        name_genitive=demo.genitive,
        name_prepositional=demo.prepositional,
        head_post=demo.head_post,
        head_name=demo.head_name,
        created_at=at,
    )
    with scope(writable=[municipality.pk]):
        people = {person.login: _add_person(person, password=password, at=at) for person in demo.people}
        actor = people[demo.people[0].login]
        for position, one in enumerate(demo.organizations, start=1):
            add_organization(
                municipality=municipality,
                facts={
                    "name": one.name,
                    "short_name": one.short_name,
                    "inn": inn_from(f"00{number:02}{position:05}"),
                    "sphere": one.sphere,
                    "organization_type": one.organization_type,
                    "founder": f"Администрация {demo.genitive}",
                    "address": one.address,
                    "head_name": one.head_name,
                    "recipients_last_year": one.recipients,
                    "active_from": date(2012, 9, 1),
                },
                actor=actor,
                at=at - timedelta(days=40),
            )
        for person in demo.people:
            Membership.objects.create(
                user=people[person.login],
                role=person.role,
                municipality=municipality,
                organization=Organization.objects.get(short_name=person.organization) if person.organization else None,
                post=person.post,
                created_at=at,
            )
        _add_plan(demo, municipality=municipality, actor=actor, at=at)
        if demo.is_approved:
            plan = approve_demo_plan(municipality=municipality, actor=actor, at=at)
            if demo.has_edition:
                prepare_demo_edition(plan=plan, actor=actor, at=at)
        if demo.has_reports:
            tell_who_parties_are(municipality=municipality, people=people, at=at)
            add_events(municipality=municipality, people=people, at=at)
            add_reports(municipality=municipality, people=people, at=at)
            add_actuals(municipality=municipality, people=people, at=at)
    if demo.has_reports:
        tell_of_last_working_day(municipality=municipality, at=at)


def _add_plan(demo: DemoMunicipality, *, municipality: Municipality, actor: User, at: datetime) -> None:
    text = _plan_text(demo.plan_file, year=at.year)
    if demo.is_plan_confirmed:
        import_table(table=read_pasted(text), municipality=municipality, actor=actor, at=at - timedelta(days=30))
    else:
        waiting = start_import(municipality=municipality, actor=actor, at=at, text=text)
        keep_reading(plan_import_id=waiting.pk, table=read_document(waiting))


def _plan_text(name: str, *, year: int) -> str:
    """The plan with its years written out: {Y} is this year."""
    words = (PLANS / name).read_text(encoding="utf-8")
    return re.sub(r"\{Y([+-]\d)?\}", lambda found: str(year + int(found[1] or 0)), words)


def _add_person(person: DemoPerson, *, password: str, at: datetime) -> User:
    user = User.objects.create(
        email=email_of(person.login), full_name=person.full_name, password=password, created_at=at
    )
    if person.has_second_factor:
        TOTP.activate(user, TOTP_SECRET)
        RecoveryCodes.activate(user)
    return user
