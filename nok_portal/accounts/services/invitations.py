"""Invitations: the only way to an account. The link goes by mail, the table keeps its hash."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError
from nok_portal.common.secrets import hash_of_secret
from nok_portal.common.text import date_in_words, fold_spaces
from nok_portal.messaging.services import queue_mail
from nok_portal.messaging.services.letters import call_back
from nok_portal.tenants.models import Municipality, Organization, Region
from nok_portal.tenants.rights import Role

from ..models import Invitation, InvitationState, Membership, User
from .people import open_account
from .places import place_scope, region_of

LIFETIME = timedelta(days=14)


class InvitationRefused(DomainError):
    """Why a role cannot be offered, or an offer not be taken."""


@dataclass(frozen=True)
class Invited:
    """The invitation and its link, which exists here and in the letter only."""

    invitation: Invitation
    link: str


@transaction.atomic
def invite_person(
    *,
    email: str,
    full_name: str,
    role: Role,
    place: Municipality | Region,
    actor: User | None,
    at: datetime,
    post: str = "",
    organization: Organization | None = None,
) -> Invited:
    """Offer a person a role in a municipality, or in a region's ministry, and send the link.

    Runs in the scope of the place. `organization` is for the role of an institution, and only for it.
    Without an actor the portal's own command invites.
    """
    email = email.strip().lower()
    _check(email=email, role=role, place=place, organization=organization, at=at)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=hash_of_secret(token),
        email=email,
        full_name=fold_spaces(full_name),
        role=role,
        post=fold_spaces(post),
        municipality=place if isinstance(place, Municipality) else None,
        region=place if isinstance(place, Region) else None,
        organization=organization,
        invited_by=actor,
        created_at=at,
        expires_at=at + LIFETIME,
    )
    invitation.save()
    link = _send(invitation, token, at=at)
    audit.record(
        verb="Отправлено приглашение",
        on=invitation,
        actor=actor,
        at=at,
        after={"role": role, "post": invitation.post},
        region_id=invitation.region_id,
        municipality_id=invitation.municipality_id,
    )
    return Invited(invitation, link)


@transaction.atomic
def resend_invitation(*, invitation: Invitation, actor: User | None, at: datetime) -> Invited:
    """Send a new link for the next 14 days; the old one opens nothing from now on."""
    invitation = _lock(invitation)
    if invitation.state(at=at) not in {InvitationState.WAITING, InvitationState.EXPIRED}:
        raise InvitationRefused("Это приглашение уже принято или отозвано. Пригласите человека заново.")
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hash_of_secret(token)
    invitation.expires_at = at + LIFETIME
    invitation.save(update_fields=["token_hash", "expires_at"])
    link = _send(invitation, token, at=at)
    audit.record(
        verb="Приглашение отправлено ещё раз", on=invitation, actor=actor, at=at, region_id=region_of(invitation)
    )
    return Invited(invitation, link)


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: User, at: datetime) -> None:
    """Take the offer back: the link opens nothing from now on."""
    invitation = _lock(invitation)
    if invitation.accepted_at is not None:
        raise InvitationRefused("Приглашение уже принято. Роль снимается на странице человека.")
    if invitation.revoked_at is not None:
        return
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    call_back(mail_id=invitation.mail_id, why="приглашение отозвано")
    audit.record(verb="Приглашение отозвано", on=invitation, actor=actor, at=at, region_id=region_of(invitation))


def invitation_by_token(token: str) -> Invitation | None:
    """The invitation a link belongs to, whatever its state."""
    return (
        Invitation.objects.select_related("municipality__region", "region", "invited_by")
        .filter(token_hash=hash_of_secret(token))
        .first()
    )


@transaction.atomic
def accept_with_new_account(*, invitation: Invitation, full_name: str, password: str, at: datetime) -> Membership:
    """Open the account (a closed one again) and take the role."""
    invitation = _acceptable(invitation, at=at)
    user = open_account(email=invitation.email, full_name=full_name, password=password, at=at)
    return _accept(invitation, user, at=at)


@transaction.atomic
def accept_with_existing_account(*, invitation: Invitation, user: User, at: datetime) -> Membership:
    """Take the role as the person who has signed in with the address invited."""
    invitation = _acceptable(invitation, at=at)
    if user.email != invitation.email:
        raise InvitationRefused(f"Приглашение отправлено на {invitation.email}. Войдите с этим адресом.")
    return _accept(invitation, user, at=at)


def _accept(invitation: Invitation, user: User, *, at: datetime) -> Membership:
    # whoever holds the link acts in the place that sent it, for this one thing
    with place_scope(invitation):
        invitation.accepted_at, invitation.accepted_by = at, user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        membership, is_new = Membership.objects.current().get_or_create(
            user=user,
            role=invitation.role,
            municipality=invitation.municipality,
            region=invitation.region,
            organization=invitation.organization,
            defaults={"post": invitation.post, "created_at": at},
        )
        region_id = region_of(invitation)
        audit.record(verb="Приглашение принято", on=invitation, actor=user, at=at, region_id=region_id)
        if is_new:
            audit.record(
                verb="Получена роль",
                on=membership,
                actor=user,
                at=at,
                after={"role": membership.role, "post": membership.post},
                region_id=region_id,
            )
    return membership


def _acceptable(invitation: Invitation, *, at: datetime) -> Invitation:
    invitation = _lock(invitation)
    state = invitation.state(at=at)
    if state is not InvitationState.WAITING:
        raise InvitationRefused("Приглашение больше не действует. Откройте ссылку заново: там сказано, что делать.")
    if invitation.municipality is not None and not invitation.municipality.is_active:
        raise InvitationRefused("Муниципалитет больше не работает в портале.")
    return invitation


def _lock(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("municipality", "region")
        .get(pk=invitation.pk)
    )


def _check(
    *, email: str, role: Role, place: Municipality | Region, organization: Organization | None, at: datetime
) -> None:
    where = {"municipality": place} if isinstance(place, Municipality) else {"region": place}
    if (role is Role.MINISTRY) != isinstance(place, Region):
        raise InvitationRefused("Эту роль здесь дать нельзя.")
    if role is Role.INSTITUTION and organization is None:
        raise InvitationRefused("Выберите учреждение, которое человек представляет.")
    if role is not Role.INSTITUTION and organization is not None:
        raise InvitationRefused("Учреждение указывают только для роли «Учреждение».")
    if organization is not None and organization.municipality_id != place.pk:
        raise InvitationRefused("Этого учреждения нет в реестре муниципалитета.")
    if User.objects.filter(email=email, is_support=True).exists():
        raise InvitationRefused("Поддержка портала входит только по обращению и на время, роли ей не дают.")
    same = {**where, "role": role, "organization": organization}
    if Membership.objects.current().filter(user__email=email, **same).exists():
        raise InvitationRefused(f"У {email} уже есть эта роль. Измените её на странице человека.")
    if Invitation.objects.waiting(at=at).filter(email=email, **same).exists():
        raise InvitationRefused(f"{email} уже приглашён на эту роль. Отправьте то же приглашение ещё раз.")


def _send(invitation: Invitation, token: str, *, at: datetime) -> str:
    link = settings.PORTAL_URL.rstrip("/") + reverse("invitation", args=[token])
    place = invitation.municipality or invitation.region
    # an earlier letter that has not gone would bring a link that opens nothing
    call_back(mail_id=invitation.mail_id, why="ссылку заменило новое приглашение")
    invitation.mail = queue_mail(
        kind="invitation",
        recipient=invitation.email,
        subject=f"Приглашение в НОК-портал: {place}",
        template="accounts/mail/invitation",
        context={
            "invitation": invitation,
            "role": Role(invitation.role).label,
            "place": place,
            "link": link,
            "until": date_in_words(invitation.expires_at.date()),
        },
        at=at,
        municipality_id=invitation.municipality_id,
        region_id=invitation.region_id,
        has_secret=True,
    )
    invitation.save(update_fields=["mail"])
    return link
