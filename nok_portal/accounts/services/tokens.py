"""Keys for programs: made by the person whose rights they carry; revoked by them, and by the portal with the last
role in the place, the password, the second factor and the account."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError
from nok_portal.common.secrets import hash_of_secret
from nok_portal.common.text import fold_spaces
from nok_portal.messaging.places import Place
from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.rights import Right

from ..access import Standing, standing_in_region, standing_of_member
from ..models import AccessToken, User

PREFIX = "nok_"
LIFETIMES = {30: "30 дней", 90: "90 дней", 365: "год"}
MOST = 20
# the API only reads
READABLE = (Right.SEE_PLANS, Right.SEE_ORGANIZATIONS)


class TokenRefused(DomainError):
    """Why a key cannot be made."""


@dataclass(frozen=True)
class NewToken:
    """The key as it is told once, and its row."""

    token: AccessToken
    key: str


@transaction.atomic
def create_token(
    *, user: User, place: Municipality | Region, name: str, rights: Collection[Right], days: int, at: datetime
) -> NewToken:
    """Make a key that reads the place for `days` days (one of LIFETIMES) with those of `rights` that are readable.

    Raises TokenRefused where the person has no such right there or has too many keys.
    """
    standing = standing_for_key(user, place)
    wanted = [right for right in READABLE if right in rights]
    if not wanted or days not in LIFETIMES:
        raise TokenRefused("Выберите, что откроет ключ и на какой срок.")
    if not set(wanted) <= standing.rights:
        raise TokenRefused("Ключ не может открыть больше, чем открыто вам самим. Выберите другое место работы.")
    if AccessToken.objects.valid(at).filter(user=user).count() >= MOST:
        raise TokenRefused(f"Действующих ключей уже {MOST}. Отзовите ненужные, чтобы создать новый.")
    key = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        user=user,
        name=fold_spaces(name)[:100],
        token_hash=hash_of_secret(key),
        beginning=key[: len(PREFIX) + 4],
        municipality=place if isinstance(place, Municipality) else None,
        region=place if isinstance(place, Region) else None,
        rights=wanted,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    _record("Создан ключ для программ", token, user, at)
    return NewToken(token, key)


def standing_for_key(user: User, place: Municipality | Region) -> Standing:
    """The role that a key of the place stands on: the person's own there. Neither a ministry's in one of its
    municipalities, nor a municipality's in the region, nor a support visit."""
    return standing_of_member(user, place) if isinstance(place, Municipality) else standing_in_region(user, place)


@transaction.atomic
def revoke_token(*, token: AccessToken, actor: User, at: datetime) -> None:
    """The key opens nothing from now on; a second time changes nothing."""
    locked = AccessToken.objects.select_for_update().get(pk=token.pk)
    if locked.revoked_at is None:
        locked.revoked_at = at
        locked.save(update_fields=["revoked_at"])
        _record("Отозван ключ для программ", locked, actor, at)


@transaction.atomic
def revoke_tokens(
    *, user: User, actor: User, at: datetime, municipality_id: int | None = None, region_id: int | None = None
) -> None:
    """All keys of the person, or those of one place, open nothing from now on."""
    found = AccessToken.objects.valid(at).filter(user_id=user.pk)
    if municipality_id or region_id:
        found = found.filter(municipality=municipality_id, region=region_id)
    for token in found:
        revoke_token(token=token, actor=actor, at=at)


def token_for_key(key: str, *, at: datetime) -> AccessToken | None:
    """The valid key of a person whose account is open, or None; notes the day of its use."""
    if not key.startswith(PREFIX):
        return None
    found = (
        AccessToken.objects.valid(at)
        .select_related("user", "municipality", "region")
        .filter(token_hash=hash_of_secret(key), user__is_active=True)
        .first()
    )
    if found is not None and found.last_used_on != at.date():
        AccessToken.objects.filter(pk=found.pk).update(last_used_on=at.date())
    return found


def _record(verb: str, token: AccessToken, actor: User, at: datetime) -> None:
    with Place(token.municipality_id, token.region_id).scope():
        audit.record(
            verb=verb,
            on=token,
            actor=actor,
            at=at,
            municipality_id=token.municipality_id,
            region_id=token.region_id,
            after={"rights": token.rights, "expires_at": token.expires_at},
        )
