"""Which organizations a line names, and for which years: each gets due dates of its own."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.tenants.models import Organization
from plans.days.changes import Link
from plans.days.difference import DaysDifference
from plans.facts import FIRST_YEAR, LAST_YEAR
from plans.models import Activity, ActivityOrganization
from plans.permissions import Part
from plans.selectors.activity_organizations import (
    ChosenOrganization,
    chosen_organizations,
    gathered,
    suggested_organizations,
    suggestion_key,
)
from plans.services.days import refresh_days
from plans.services.plan_locks import lock_line

CHOSEN = "Указаны организации"
MOST = 500


class OrganizationsWrong(DomainError):
    """The line cannot have these organizations."""


@transaction.atomic
def set_activity_organizations(
    *, activity: Activity, version: int, links: Sequence[Link], actor: User, at: datetime
) -> DaysDifference:
    """Say whom the line is about, with years or for every year (None); nobody makes it one line for all again.

    Due dates follow, those that were reported stay. Raises PlanGone, LineGone, WordsAreFixed, StaleVersion,
    OrganizationsWrong.
    """
    locked = lock_line(activity, version, part=Part.OWN)
    wanted = _checked(locked, links)
    before = chosen_organizations(locked)
    if before == wanted:
        return DaysDifference()
    ActivityOrganization.objects.filter(activity=locked).delete()
    ActivityOrganization.objects.bulk_create(
        ActivityOrganization(
            municipality_id=locked.municipality_id, activity=locked, organization_id=organization, year=year
        )
        for one in wanted
        for organization, year in one.links
    )
    locked.version += 1
    locked.save(update_fields=["version"])
    record(verb=CHOSEN, on=locked, actor=actor, at=at, before=_told(before), after=_told(wanted))
    return refresh_days(locked.plan, actor=actor, at=at, reason="указаны организации", only=[locked.pk])


@transaction.atomic
def accept_named_organizations(
    *, activity: Activity, version: int, key: str, actor: User, at: datetime
) -> DaysDifference:
    """Give each organization that the words name its own due dates. `key` says which ones the person saw.

    Raises what set_activity_organizations raises.
    """
    locked = lock_line(activity, version, part=Part.OWN)
    links = [link for one in suggested_organizations(locked) for link in one.links]
    if not links or suggestion_key(links) != key:
        raise StaleVersion("Слова строки или реестр изменились. Посмотрите, какие организации названы теперь.")
    return set_activity_organizations(activity=locked, version=version, links=links, actor=actor, at=at)


@transaction.atomic
def decline_named_organizations(*, activity: Activity, key: str, actor: User, at: datetime) -> None:
    """The names in the words mean nothing for due dates; the same names are not suggested again."""
    locked = lock_line(activity, None, part=Part.OWN)
    links = [link for one in suggested_organizations(locked) for link in one.links]
    if not links or suggestion_key(links) != key:
        return
    locked.settled = [*locked.settled, key]
    locked.save(update_fields=["settled"])
    record(verb="Названным организациям не нужны свои сроки", on=locked, actor=actor, at=at)


def _checked(activity: Activity, links: Sequence[Link]) -> list[ChosenOrganization]:
    asked = {organization for organization, _ in links}
    if len(asked) > MOST:
        raise OrganizationsWrong(f"Организаций слишком много: в одной строке может быть не больше {MOST}.")
    if any(year is not None and not FIRST_YEAR <= year <= LAST_YEAR for _, year in links):
        raise OrganizationsWrong("Проверьте годы: такого года в плане быть не может.")
    known = Organization.objects.filter(municipality_id=activity.municipality_id, pk__in=asked).listed().in_bulk()
    if asked - set(known):
        raise OrganizationsWrong(
            "Одной из организаций больше нет в реестре или её объединили с другой. Выберите организации заново."
        )
    return gathered((known[organization], year) for organization, year in links)


def _told(chosen: Sequence[ChosenOrganization]) -> dict[str, dict[str, list[int]]]:
    return {"organizations": {one.organization.short_name: list(one.years) for one in chosen}}
