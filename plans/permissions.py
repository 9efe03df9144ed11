"""Who may do what with a line of a plan, beyond the right that a page asks for."""

from collections.abc import Collection

from nok_portal.accounts.models import User
from nok_portal.tenants.rights import Right

from .models import DueDate
from .selectors.people import parties_of_person


def may_report(due: DueDate, *, user: User, rights: Collection[Right], organization_ids: Collection[int] = ()) -> bool:
    """Whoever accepts reports may write any; others those of the parties they stand behind and of their institution."""
    if Right.ACCEPT_REPORTS in rights:
        return True
    if Right.REPORT not in rights:
        return False
    if due.organization_id is not None and organization_ids and due.organization_id not in organization_ids:
        return False
    parties = parties_of_person(municipality=due.municipality, user=user, organization_ids=organization_ids)
    return parties.filter(activity_links__activity=due.activity_id).exists()
