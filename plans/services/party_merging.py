"""Two names of one responsible party become one party, and two again when that was a mistake."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from nok_portal.audit.models import AuditEntry
from nok_portal.audit.selectors import timeline_for
from nok_portal.audit.services import Actor, record
from nok_portal.common.errors import DomainError
from plans.models import ActivityParty, PartyAccount, PartyDistinction, ResponsibleParty
from plans.party_facts import given_back, taken_facts
from plans.services.parties import PartyStale, unchanged_party
from plans.services.party_locks import lock_parties


class MergeRefused(DomainError):
    pass


@transaction.atomic
def merge_parties(*, kept: ResponsibleParty, double: ResponsibleParty, actor: Actor, at: datetime) -> ResponsibleParty:
    """`kept` with the lines, people and other names of `double`, which from now on only leads to it.

    A line that named both names one, where the first of the two stood. Both objects carry the versions that the
    person saw. Raises MergeRefused, PartyStale, PartyMerged.
    """
    if kept.pk == double.pk or kept.municipality_id != double.municipality_id:
        raise MergeRefused("Объединить можно двух разных исполнителей одного муниципалитета.")
    locked = lock_parties(Q(pk__in=(kept.pk, double.pk)) | Q(merged_into=double.pk))
    kept, double = (unchanged_party(locked[one.pk], version=one.version) for one in (kept, double))
    after = taken_facts(kept, double)
    before = {name: getattr(kept, name) for name in after}
    for name, value in after.items():
        setattr(kept, name, value)
    moved = {
        "heads": _join_heads(kept, double),
        "accounts": _move_accounts(kept, double),
        "names": _move_names(kept, double),
        **_move_lines(kept, double),
    }
    kept.version += 1
    kept.save()
    double.merged_into = kept
    double.version += 1
    double.save()
    record(
        verb=_about("Присоединён дубль", double),
        on=kept,
        actor=actor,
        at=at,
        before={**before, "version": kept.version - 1},
        after={**after, "version": kept.version, "double": double.pk},
    )
    record(
        verb=_about("Объединён с исполнителем", kept),
        on=double,
        actor=actor,
        at=at,
        before={"merged_into": None},
        after={"merged_into": kept.pk, "moved": moved, "kept_before": before, "kept_after": after},
    )
    return kept


@transaction.atomic
def undo_merge(*, double: ResponsibleParty, actor: Actor, at: datetime) -> ResponsibleParty:
    """The double on its own again, with its lines, people and other names, as far as nobody changed them since.

    Raises MergeRefused, PartyStale.
    """
    kept_pk = ResponsibleParty.objects.values_list("merged_into", flat=True).get(pk=double.pk)
    if kept_pk is None:
        raise MergeRefused("Этот исполнитель ни с кем не объединён.")
    locked = lock_parties(Q(pk__in=(double.pk, kept_pk)) | Q(merged_into=kept_pk))
    double, kept = locked[double.pk], locked[kept_pk]
    if double.merged_into_id != kept_pk:
        raise PartyStale(double)
    told = _merge_entry(double).after
    for name, value in given_back(kept, told["kept_before"], told["kept_after"]).items():
        setattr(kept, name, value)
    kept.version += 1
    kept.save()
    double.merged_into = None
    double.version += 1
    double.save()
    moved = told["moved"]
    PartyAccount.objects.filter(pk__in=moved["accounts"], party=kept).update(party=double)
    PartyAccount.objects.filter(pk__in=moved.get("heads", ()), party=kept).update(is_head=False)
    ResponsibleParty.objects.filter(pk__in=moved["names"], merged_into=kept).update(merged_into=double)
    ActivityParty.objects.filter(pk__in=moved["links"], party=kept).update(party=double)
    _part_lines(kept, double, moved["joined"])
    record(verb=_about("Дубль отделён", double), on=kept, actor=actor, at=at, after={"double": double.pk})
    record(
        verb=_about("Снова отделён от исполнителя", kept),
        on=double,
        actor=actor,
        at=at,
        before={"merged_into": kept.pk},
        after={"merged_into": None},
    )
    return double


@transaction.atomic
def distinguish_parties(*, one: ResponsibleParty, other: ResponsibleParty, actor: Actor, at: datetime) -> None:
    """Remember that the two are no doubles, so that they are not proposed again."""
    first, second = sorted((one, other), key=lambda party: party.pk)
    if first.pk == second.pk:
        raise MergeRefused("Нужны два разных исполнителя.")
    _, is_new = PartyDistinction.objects.get_or_create(
        municipality_id=first.municipality_id, first=first, second=second
    )
    if is_new:
        for party, another in ((first, second), (second, first)):
            record(verb=_about("Признан не дублем", another), on=party, actor=actor, at=at, after={"other": another.pk})


def _about(verb: str, other: ResponsibleParty) -> str:
    """A verb of the journal with the other party's name, as long as the journal takes it."""
    return f"{verb}: {other.name}"[:100]


def _move_accounts(kept: ResponsibleParty, double: ResponsibleParty) -> list[int]:
    held = PartyAccount.objects.filter(party=kept).values("user")
    moved = list(PartyAccount.objects.filter(party=double).exclude(user__in=held).values_list("pk", flat=True))
    PartyAccount.objects.filter(pk__in=moved).update(party=kept)
    return moved


def _join_heads(kept: ResponsibleParty, double: ResponsibleParty) -> list[int]:
    """Who works for both and heads the double heads the one that stays."""
    theirs = PartyAccount.objects.filter(party=double, is_head=True).values("user")
    joined = list(PartyAccount.objects.filter(party=kept, is_head=False, user__in=theirs).values_list("pk", flat=True))
    PartyAccount.objects.filter(pk__in=joined).update(is_head=True)
    return joined


def _move_names(kept: ResponsibleParty, double: ResponsibleParty) -> list[int]:
    """Other names of the double lead to the kept one at once, never by two steps."""
    moved = list(ResponsibleParty.objects.filter(merged_into=double).values_list("pk", flat=True))
    ResponsibleParty.objects.filter(pk__in=moved).update(merged_into=kept)
    return moved


def _move_lines(kept: ResponsibleParty, double: ResponsibleParty) -> dict[str, Any]:
    """`links` moved; `joined`: lines that named both, with the place of each before."""
    own = {link.activity_id: link for link in ActivityParty.objects.filter(party=kept)}
    theirs = list(ActivityParty.objects.filter(party=double))
    links = [link.pk for link in theirs if link.activity_id not in own]
    ActivityParty.objects.filter(pk__in=links).update(party=kept)
    joined = []
    for link in theirs:
        if (mine := own.get(link.activity_id)) is None:
            continue
        joined.append({"activity": link.activity_id, "kept": mine.position, "double": link.position})
        link.delete()
        if link.position < mine.position:
            ActivityParty.objects.filter(pk=mine.pk).update(position=link.position)
    return {"links": links, "joined": joined}


def _part_lines(kept: ResponsibleParty, double: ResponsibleParty, joined: list[Mapping[str, int]]) -> None:
    """Lines that named both name both again, each at its place where that is still free."""
    for line in joined:
        links = ActivityParty.objects.filter(activity_id=line["activity"])
        mine = links.filter(party=kept).first()
        if mine is None or links.filter(party=double).exists():
            continue  # somebody took the party off the line since, or the line is gone
        taken = set(links.exclude(pk=mine.pk).values_list("position", flat=True))
        last = links.aggregate(last=Max("position"))["last"]
        if line["kept"] not in taken and mine.position == line["double"]:
            ActivityParty.objects.filter(pk=mine.pk).update(position=line["kept"])
            taken.add(line["kept"])
        else:
            taken.add(mine.position)
        place = line["double"] if line["double"] not in taken else max(last, *taken) + 1
        ActivityParty.objects.create(
            municipality_id=kept.municipality_id, activity_id=line["activity"], party=double, position=place
        )


def _merge_entry(double: ResponsibleParty) -> AuditEntry:
    entry = timeline_for(double).filter(after__merged_into=double.merged_into_id).first()
    if entry is None:
        # the old name of a party that was given another one
        raise MergeRefused("Это прежнее название того же исполнителя, разделять нечего.")
    return entry
