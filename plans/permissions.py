"""Who may do what with a plan and its lines now, beyond the right that a page asks for."""

from collections.abc import Collection

from django.db.models import QuerySet

from nok_portal.accounts.models import User
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right

from .models import DueDate, Plan
from .selectors.people import only_of_person
from .services.plan_locks import Part, why_fixed


def may_change(plan: Plan, part: Part, *, rights: Collection[Right]) -> bool:
    """Whether somebody with these rights may change this part of the plan now."""
    return Right.EDIT_PLANS in rights and not why_fixed(plan, part)


def may_report(due: DueDate, *, user: User, rights: Collection[Right], organization_ids: Collection[int] = ()) -> bool:
    """Whoever accepts reports may write any; others those of the parties they stand behind and of their institution."""
    mine = reportable(
        DueDate.objects.filter(pk=due.pk),
        municipality=due.municipality,
        user=user,
        rights=rights,
        organization_ids=organization_ids,
    )
    return mine.exists()


def reportable(
    dues: QuerySet[DueDate],
    *,
    municipality: Municipality,
    user: User,
    rights: Collection[Right],
    organization_ids: Collection[int] = (),
) -> QuerySet[DueDate]:
    """Those of the due dates on which the person may report, whatever their states."""
    if Right.ACCEPT_REPORTS in rights:
        return dues
    if Right.REPORT not in rights:
        return dues.none()
    return only_of_person(dues, municipality=municipality, user_id=user.pk, organization_ids=organization_ids)
