"""Roles of people who are here: changed, ended with their open work handed over."""

from datetime import datetime

from django.db import transaction

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import fold_spaces
from nok_portal.messaging.services.feeds import close_feed
from nok_portal.tenants.models import Municipality, Organization
from nok_portal.tenants.rights import Role

from .. import handover
from ..models import Membership, User
from .people import close_account_without_roles
from .places import region_of
from .tokens import revoke_tokens


class LastAdministrator(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "Это единственный администратор муниципалитета. Сначала пригласите другого и дождитесь, пока он"
            " примет приглашение."
        )


class RoleTaken(DomainError):
    def __init__(self) -> None:
        super().__init__("У этого человека уже есть такая роль. Оставьте одну из двух.")


class WorkNotHandedOver(DomainError):
    def __init__(self) -> None:
        super().__init__("У человека есть незавершённая работа. Выберите, кому её передать.")


@transaction.atomic
def change_membership(
    *,
    membership: Membership,
    role: Role,
    post: str,
    organization: Organization | None,
    version: int,
    actor: User,
    at: datetime,
) -> Membership:
    """Give a member of a municipality another role, post or institution; raises StaleVersion and the errors above."""
    membership = _lock(membership)
    if membership.version != version:
        raise StaleVersion
    before = _facts(membership)
    if membership.role == Role.ADMINISTRATOR and role is not Role.ADMINISTRATOR:
        _keep_one_administrator(membership)
    if role is Role.MINISTRY:
        raise DomainError("Роль министерства даёт поддержка портала.")
    if (role is Role.INSTITUTION) != (organization is not None):
        raise DomainError("Учреждение указывают для роли «Учреждение», и только для неё.")
    twins = Membership.objects.current().filter(
        user_id=membership.user_id, municipality_id=_place(membership), role=role, organization=organization
    )
    if twins.exclude(pk=membership.pk).exists():
        raise RoleTaken
    membership.role, membership.post, membership.organization = role, fold_spaces(post), organization
    old, new = audit.changed_fields(before, _facts(membership))
    if new:
        membership.version += 1
        membership.save(update_fields=["role", "post", "organization", "version"])
        audit.record(verb="Изменена роль", on=membership, actor=actor, at=at, before=old, after=new)
    return membership


@transaction.atomic
def end_membership(
    *, membership: Membership, to: Membership | None, actor: User, at: datetime, reason: str = ""
) -> bool:
    """End a role; its open work passes to `to`. Says whether the account was closed with it.

    Access to the place ends at once, by keys and calendar address too. The account closes, and its sessions die, when no role is left.
    Raises LastAdministrator, WorkNotHandedOver.
    """
    membership = _lock(membership)
    if membership.role == Role.ADMINISTRATOR:
        _keep_one_administrator(membership)
    passed: list[handover.OpenWork] = []
    if membership.municipality_id is not None:
        if handover.open_work(membership) and to is None:
            raise WorkNotHandedOver
        if to is not None:
            if to.pk == membership.pk or to.municipality_id != membership.municipality_id or to.ended_at is not None:
                raise WorkNotHandedOver
            passed = handover.hand_over(membership=membership, to=to, actor=actor, at=at)
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    after: dict[str, object] = {"ended_at": at}
    if to is not None:
        after["handed_over_to"] = str(to.user)
        after["handed_over"] = [str(work) for work in passed]
    audit.record(
        verb="Роль снята",
        on=membership,
        actor=actor,
        at=at,
        before={"role": membership.role, "post": membership.post},
        after=after,
        reason=reason,
        region_id=region_of(membership),
    )
    _close_what_opened(membership, actor=actor, at=at)
    return close_account_without_roles(user=membership.user, actor=actor, at=at)


def successors_of(membership: Membership) -> list[Membership]:
    """Who may take over a person's work: other people with a current role in the same municipality."""
    return list(
        Membership.objects.current()
        .filter(municipality_id=_place(membership), user__is_active=True)
        .exclude(user_id=membership.user_id)
        .select_related("user")
        .order_by("user__full_name", "pk")
    )


def _close_what_opened(membership: Membership, *, actor: User, at: datetime) -> None:
    """With the last role in a place the person's keys and calendar address of that place fall; a role given anew
    later does not open them again."""
    place = {"municipality_id": membership.municipality_id, "region_id": membership.region_id}
    if Membership.objects.current().filter(user_id=membership.user_id, **place).exists():
        return
    revoke_tokens(user=membership.user, actor=actor, at=at, **place)
    if membership.municipality is not None:
        close_feed(municipality=membership.municipality, user=membership.user, actor=actor, at=at)


def _lock(membership: Membership) -> Membership:
    # the place first: two administrators who end each other at one moment wait here
    if membership.municipality_id is not None:
        Municipality.objects.select_for_update().get(pk=membership.municipality_id)
    fresh = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership.pk)
    if fresh.ended_at is not None:
        raise StaleVersion("Эту роль уже снял другой администратор.")
    return fresh


def _keep_one_administrator(membership: Membership) -> None:
    others = Membership.objects.current().filter(
        municipality_id=_place(membership), role=Role.ADMINISTRATOR, user__is_active=True
    )
    if not others.exclude(user_id=membership.user_id).exists():
        raise LastAdministrator


def _place(membership: Membership) -> int:
    assert membership.municipality_id is not None, "a ministry's role has no municipality"
    return membership.municipality_id


def _facts(membership: Membership) -> dict[str, object]:
    return {"role": membership.role, "post": membership.post, "organization": membership.organization_id}
