"""Proposals about responsible parties are applied once a person has agreed to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.common.errors import DomainError
from nok_portal.tenants.models import Municipality
from plans.enums import EVERY_SPHERE, PartyKind
from plans.models import ResponsibleParty
from plans.selectors.party_proposals import Proposal, ProposalKind, proposals_of
from plans.services.parties import change_party, link_account
from plans.services.party_merging import merge_parties


@dataclass(frozen=True)
class Applied:
    """How many were applied, and what could not be, in words."""

    done: int
    refused: tuple[str, ...]


@transaction.atomic
def accept_proposals(
    *, municipality: Municipality, keys: Collection[str], on: date, actor: User, at: datetime
) -> Applied:
    """Apply the chosen proposals, as far as they still stand; each is as good as if it were done by hand.

    Doubles come last, so that people and institutions found for one of a pair are not lost.
    """
    standing = [one for one in proposals_of(municipality, on=on) if one.key in keys]
    done, refused = 0, []
    for proposal in sorted(standing, key=lambda one: one.kind == ProposalKind.DOUBLE):
        try:
            with transaction.atomic():
                done += _apply(proposal, actor=actor, at=at)
        except DomainError as error:
            refused.append(f"{proposal.party}: {error}")
    return Applied(done, tuple(refused))


def _apply(proposal: Proposal, *, actor: User, at: datetime) -> bool:
    party = _present(proposal.party)
    if proposal.kind == ProposalKind.DOUBLE:
        assert proposal.double is not None
        double = _present(proposal.double)
        if double.pk == party.pk:
            return True  # a pair before has joined them
        merge_parties(kept=party, double=double, actor=actor, at=at)
    elif proposal.kind == ProposalKind.ACCOUNT:
        assert proposal.user is not None
        link_account(party=party, user=proposal.user, actor=actor, at=at)
    elif proposal.kind == ProposalKind.GROUP:
        assert proposal.group is not None
        group = {"group_sphere": proposal.group.sphere or EVERY_SPHERE, "group_type": proposal.group.organization_type}
        _change(party, {"kind": PartyKind.INSTITUTIONS, **group}, actor=actor, at=at)
    else:
        kind = PartyKind.INSTITUTION if party.kind == PartyKind.OTHER else party.kind
        _change(party, {"kind": kind, "organization": proposal.organization}, actor=actor, at=at)
    return True


def _change(party: ResponsibleParty, facts: dict[str, Any], *, actor: User, at: datetime) -> None:
    change_party(party=party, facts=facts, version=party.version, actor=actor, at=at)


def _present(party: ResponsibleParty) -> ResponsibleParty:
    """The party as it is now: itself, or the one it was merged into a moment ago."""
    found = ResponsibleParty.objects.select_related("merged_into").get(pk=party.pk)
    return found.merged_into or found
