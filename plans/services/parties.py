"""Changes of responsible parties: who they are and who works for them. Words of plans never change here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from nok_portal.accounts.models import Membership, User
from nok_portal.audit.services import Actor, changed_fields, record
from nok_portal.common.errors import DomainError, StaleVersion
from nok_portal.common.text import fold_spaces
from nok_portal.tenants.models import Municipality
from plans.enums import PartyKind
from plans.models import Activity, ActivityParty, PartyAccount, ResponsibleParty
from plans.services.building import party_key
from plans.services.notices import notify_made_responsible
from plans.services.party_locks import lock_parties

FACTS = ("name", "kind", "organization", "group_sphere", "group_type", "curator")


class PartyExists(DomainError):
    """The name belongs to another party; `other` is that one."""

    def __init__(self, other: ResponsibleParty) -> None:
        super().__init__(f"Исполнитель «{other.name}» уже есть. Если это одно и то же, объедините их.")
        self.other = other


class PartyStale(StaleVersion):
    """Somebody else saved the party first; `current` is what stands now."""

    def __init__(self, current: ResponsibleParty) -> None:
        super().__init__("Пока вы работали, сведения об этом исполнителе изменил другой человек.")
        self.current = current


class PartyMerged(DomainError):
    def __init__(self) -> None:
        super().__init__("Этот исполнитель объединён с другим как дубль. Меняйте сведения у того, что остался.")


class NotOfMunicipality(DomainError):
    """Work can only be given to whoever has a role in the municipality now."""

    def __init__(self, user: User) -> None:
        super().__init__(f"{user} не работает в муниципалитете. Пригласите этого человека в разделе «Люди и роли».")


class NotLinked(DomainError):
    """Whoever works for a party no more cannot head it."""

    def __init__(self, user: User) -> None:
        super().__init__(f"{user} больше не отвечает за этого исполнителя. Сначала назначьте этого человека снова.")


@transaction.atomic
def add_party(
    *, municipality: Municipality, facts: Mapping[str, Any], actor: Actor | None, at: datetime
) -> ResponsibleParty:
    """A party that no document has named yet; `facts` with `name` at least. Raises PartyExists, NotOfMunicipality."""
    party = ResponsibleParty(municipality=municipality)
    _set_facts(party, facts)
    _require_free_name(party)
    with _refusals_in_words(party):
        party.save(force_insert=True)
    record(verb="Добавлен исполнитель", on=party, actor=actor, at=at, after=_for_journal(party, FACTS))
    return party


@transaction.atomic
def change_party(
    *, party: ResponsibleParty, facts: Mapping[str, Any], version: int, actor: Actor | None, at: datetime
) -> ResponsibleParty:
    """Change name, kind, institution, group or curator. The words of plans stay; so does what the old name leads to.

    A document that says the old name means this party from now on too. Raises PartyStale, PartyMerged, PartyExists,
    NotOfMunicipality.
    """
    locked = lock_party(party.pk, version=version)
    before, old_name = _for_journal(locked, FACTS), locked.name
    _set_facts(locked, facts)
    was, now = changed_fields(before, _for_journal(locked, FACTS))
    if not now:
        return locked
    locked.version += 1
    if "name" in now:
        _take_name(locked, old_name)
    with _refusals_in_words(locked):
        locked.save()
    record(
        verb="Изменены сведения об исполнителе",
        on=locked,
        actor=actor,
        at=at,
        before={**was, "version": version},
        after={**now, "version": locked.version},
    )
    return locked


@transaction.atomic
def link_account(*, party: ResponsibleParty, user: User, actor: User, at: datetime) -> bool:
    """From now on the person works for the party, and is told which lines became theirs; False when they did already.

    Raises NotOfMunicipality, PartyMerged.
    """
    locked = lock_party(party.pk)
    _require_member(locked, user)
    _, is_new = PartyAccount.objects.get_or_create(municipality_id=locked.municipality_id, party=locked, user=user)
    if is_new:
        record(
            verb=f"Назначен ответственным: {user}"[:100],
            on=locked,
            actor=actor,
            at=at,
            after={"account": user.pk, "account_name": str(user)},
        )
        theirs = ActivityParty.objects.filter(party__account_links__user=user).exclude(party=locked)
        lines = Activity.objects.filter(party_links__party=locked).exclude(pk__in=theirs.values("activity"))
        notify_made_responsible(lines_of={user: list(lines)}, actor=actor, at=at)
    return is_new


@transaction.atomic
def unlink_account(*, party: ResponsibleParty, user: User, actor: Actor, at: datetime) -> bool:
    """The person works for the party no more; False when they did not."""
    locked = lock_party(party.pk)
    gone, _ = PartyAccount.objects.filter(party=locked, user=user).delete()
    if gone:
        record(
            verb=f"Больше не отвечает: {user}"[:100],
            on=locked,
            actor=actor,
            at=at,
            before={"account": user.pk, "account_name": str(user)},
        )
    return bool(gone)


@transaction.atomic
def mark_head(*, party: ResponsibleParty, user: User, is_head: bool, actor: Actor, at: datetime) -> bool:
    """The person heads the party from now on, or no more; False when it is so already.

    Raises NotLinked, PartyMerged.
    """
    locked = lock_party(party.pk)
    link = PartyAccount.objects.filter(party=locked, user=user).first()
    if link is None:
        raise NotLinked(user)
    if link.is_head == is_head:
        return False
    link.is_head = is_head
    link.save(update_fields=["is_head"])
    record(
        verb=f"{'Назначен руководителем' if is_head else 'Больше не руководитель'}: {user}"[:100],
        on=locked,
        actor=actor,
        at=at,
        before={"account": user.pk, "is_head": not is_head},
        after={"account": user.pk, "is_head": is_head},
    )
    return True


def lock_party(pk: int, *, version: int | None = None) -> ResponsibleParty:
    """The party, locked until the transaction ends; raises PartyStale or PartyMerged."""
    return unchanged_party(lock_parties(Q(pk=pk))[pk], version=version)


def unchanged_party(locked: ResponsibleParty, *, version: int | None = None) -> ResponsibleParty:
    """The party where it is no double and nobody has saved it since; raises PartyStale or PartyMerged."""
    if locked.merged_into_id is not None:
        raise PartyMerged
    if version is not None and locked.version != version:
        raise PartyStale(locked)
    return locked


def _set_facts(party: ResponsibleParty, facts: Mapping[str, Any]) -> None:
    """Only what a party of its kind can say of itself: an institution is no group."""
    for name in FACTS:
        if name in facts:
            setattr(party, name, facts[name])
    party.name = fold_spaces(party.name)
    party.name_key = party_key(party.name)
    if party.kind == PartyKind.INSTITUTIONS:
        party.organization = None
    else:
        party.group_sphere = party.group_type = ""
    if facts.get("curator") is not None:
        _require_member(party, facts["curator"])


def _take_name(party: ResponsibleParty, old_name: str) -> None:
    """The old name becomes another name of the party; the new one may have been that before."""
    owner = ResponsibleParty.objects.select_for_update(of=("self",)).filter(
        municipality_id=party.municipality_id, name_key=party.name_key
    )
    other = owner.exclude(pk=party.pk).first()
    if other is not None and other.merged_into_id != party.pk:
        raise PartyExists(other)
    old_key = party_key(old_name)
    if old_key == party.name_key:
        return
    # first the new name is given up, then the old one may be taken
    ResponsibleParty.objects.filter(pk=party.pk).update(name_key=f"#{party.pk}")
    if other is not None:
        ResponsibleParty.objects.filter(pk=other.pk).update(name=old_name, name_key=old_key)
    else:
        ResponsibleParty.objects.create(
            municipality_id=party.municipality_id,
            name=old_name,
            name_key=old_key,
            kind=party.kind,
            merged_into=party,
        )


def _require_free_name(party: ResponsibleParty) -> None:
    other = ResponsibleParty.objects.filter(municipality_id=party.municipality_id, name_key=party.name_key).first()
    if other is not None:
        raise PartyExists(other.merged_into or other)


def _require_member(party: ResponsibleParty, user: User) -> None:
    here = Membership.objects.current().filter(user_id=user.pk, municipality_id=party.municipality_id)
    if not user.is_active or not here.exists():
        raise NotOfMunicipality(user)


def _for_journal(party: ResponsibleParty, names: tuple[str, ...]) -> dict[str, Any]:
    """Facts as the journal keeps them: keys to other rows by number."""
    return {name: getattr(party, f"{name}_id" if name in ("organization", "curator") else name) for name in names}


@contextmanager
def _refusals_in_words(party: ResponsibleParty) -> Iterator[None]:
    """Somebody else may take the same name at this very moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "plans_responsibleparty_name" in str(error):
            raise PartyExists(party) from error
        raise
