"""Whose work it is: which responsible parties a person of the portal stands behind."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from nok_portal.accounts.models import User
from nok_portal.tenants.models import Municipality, Organization
from plans.enums import EVERY_SPHERE, PartyKind
from plans.models import ActivityParty, DueDate, PartyAccount, ResponsibleParty

from .dues import open_dues


def parties_of_person(
    *, municipality: Municipality, user_id: int, organization_ids: Collection[int] = ()
) -> QuerySet[ResponsibleParty]:
    """Parties the person works for; those of their institutions and groups; those without people of the
    municipality whose curator they are.

    `organization_ids`: the institutions where the person has a role.
    """
    present = PartyAccount.objects.filter(
        user__is_active=True, user__memberships__municipality=municipality, user__memberships__ended_at__isnull=True
    )
    mine = Q(account_links__user=user_id) | (Q(curator=user_id) & ~Q(pk__in=present.values("party")))
    if organization_ids:
        mine |= Q(organization__in=organization_ids)
        for sphere, kind in Organization.objects.filter(pk__in=organization_ids).values_list(
            "sphere", "organization_type"
        ):
            mine |= Q(kind=PartyKind.INSTITUTIONS, group_sphere__in=(EVERY_SPHERE, sphere), group_type__in=("", kind))
    return ResponsibleParty.objects.filter(mine, municipality=municipality, merged_into__isnull=True).distinct()


def dues_of_person(
    *, municipality: Municipality, user: User, organization_ids: Collection[int] = ()
) -> QuerySet[DueDate]:
    """Open due dates that the person is to report; what names an organization only where it is theirs."""
    return only_of_person(
        open_dues(municipality), municipality=municipality, user_id=user.pk, organization_ids=organization_ids
    )


def only_of_person(
    dues: QuerySet[DueDate], *, municipality: Municipality, user_id: int, organization_ids: Collection[int] = ()
) -> QuerySet[DueDate]:
    """Those of the due dates that are the person's work; what names an organization only where it is theirs."""
    parties = parties_of_person(municipality=municipality, user_id=user_id, organization_ids=organization_ids)
    theirs = dues.filter(activity__in=ActivityParty.objects.filter(party__in=parties).values("activity"))
    if organization_ids:
        theirs = theirs.filter(Q(organization__isnull=True) | Q(organization__in=organization_ids))
    return theirs
