"""Of what is to be told to whom on a day: read for many municipalities at once, written nowhere."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Max

from nok_portal.common.text import counted, date_in_words
from nok_portal.common.workdays import is_working_day
from nok_portal.tenants.models import Municipality

from ..kinds import Item, Kind, Told, all_kinds
from ..models import EscalationPerson, PersonalReminders, Reminder, ReminderRun, ReminderSettings
from ..people import Contact, Staff, directory
from ..reminding import WORKING_DAYS, Rhythm, stage_on, stage_to_tell, working_days_late

_DAILY = Rhythm()
LONGEST_PAUSE = 21  # days that may lie between two letters to somebody who gets one a week
_LedgerKey = tuple[Any, ...]  # municipality, kind, thing, due day, recipient


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A reminder that is to be written; `as_news`: only if the person was never told of the due day."""

    kind: Kind
    item: Item
    stage: int
    recipient: Contact
    because: str
    is_escalation: bool
    by_mail: bool
    as_news: bool = False


@dataclass
class _Place:
    """What decides about the reminders of one municipality beside its items."""

    municipality: Municipality
    settings: ReminderSettings
    decided_on: date | None = None
    staff: Staff = field(default_factory=Staff)
    persons: dict[int, PersonalReminders] = field(default_factory=dict)
    escalation: list[int] = field(default_factory=list)


def foreseen(municipalities: Sequence[Municipality], *, day: date) -> dict[int, list[Foreseen]]:
    """New reminders of a day by municipality, those without any left out; on a day off none.

    Wants all of them readable. The same number of queries for one and for many.
    """
    if not is_working_day(day):
        return {}
    places = _places(municipalities)
    candidates: dict[int, list[Foreseen]] = defaultdict(list)

    @cache
    def days_of(rhythm: Rhythm, decided_on: date | None) -> tuple[bool, date]:
        """Whether the day is one of theirs, and the next one that is."""
        return rhythm.tells_on(day, decided_on=decided_on), rhythm.next_day(day)

    for kind in all_kinds():
        ladders = {
            key: kind.ladder_for(place.settings.thresholds)
            for key, place in places.items()
            if kind.key not in place.settings.kinds_off
        }
        if not ladders:
            continue
        wanted = [places[key].municipality for key in ladders]
        ahead = max(LONGEST_PAUSE, *(ladder.farthest() for ladder in ladders.values()))
        for item in kind.items(wanted, day=day, ahead=ahead):
            place = places[item.municipality_id]
            late: set[int] = set()
            for told, is_escalation in _told(kind, item, place, day):
                contact, because = _or_deputy(told, place, day, besides=late if is_escalation else ())
                if not is_escalation:
                    late.add(contact.user_id)
                person = place.persons.get(contact.user_id)
                is_theirs, next_day = days_of(person.rhythm if person else _DAILY, place.decided_on)
                ladder = ladders[item.municipality_id]
                is_own = kind.is_of_due_days and not is_escalation
                stage = stage_on(
                    ladder, due_on=item.due_on, day=day, next_day=next_day, is_theirs=is_theirs, is_news=is_own
                )
                if stage is None:
                    continue
                by_mail = person is None or not kind.is_declinable or kind.key not in person.kinds_off
                as_news = not is_theirs and item.due_on <= day
                candidates[item.municipality_id].append(
                    Foreseen(kind, item, stage, contact, because, is_escalation, by_mail, as_news)
                )
    return _untold(candidates)


def row_of(municipality: Municipality, one: Foreseen, *, at: datetime) -> Reminder:
    """The ledger's row of a reminder, not written yet."""
    item = one.item
    return Reminder(
        municipality=municipality,
        kind=one.kind.key,
        thing=item.thing,
        due_on=item.due_on,
        stage=one.stage,
        recipient_id=one.recipient.user_id,
        because=one.because[:1500],
        is_escalation=one.is_escalation,
        group_title=item.group_title,
        group_url=item.group_url,
        number=item.number,
        title=item.title,
        words=item.words,
        url=item.url,
        by_mail=one.by_mail,
        created_at=at,
    )


def _places(municipalities: Sequence[Municipality]) -> dict[int, _Place]:
    keys = [municipality.pk for municipality in municipalities]
    places = {one.pk: _Place(one, ReminderSettings(municipality=one)) for one in municipalities}
    for run in ReminderRun.objects.filter(municipality__in=keys):
        assert run.municipality_id is not None, "filtered above"
        places[run.municipality_id].decided_on = run.decided_on
    for settings in ReminderSettings.objects.filter(municipality__in=keys):
        places[settings.municipality_id].settings = settings
    for municipality_id, staff in directory().staff(keys).items():
        places[municipality_id].staff = staff
    for person in PersonalReminders.objects.filter(municipality__in=keys):
        places[person.municipality_id].persons[person.user_id] = person
    for one in EscalationPerson.objects.filter(municipality__in=keys).order_by("pk"):
        places[one.municipality_id].escalation.append(one.user_id)
    return places


def _told(kind: Kind, item: Item, place: _Place, day: date) -> Iterator[tuple[Told, bool]]:
    """Each person once: those whose work it is, else the administrators; then those above, when it is late for long."""
    here = place.staff.people
    people = [told for told in item.people if told.user_id in here]
    if not people:
        people = [Told(user_id, item.nobody) for user_id in place.staff.administrators]
    seen: set[int] = set()
    for told in people:
        if told.user_id not in seen:
            seen.add(told.user_id)
            yield told, False
    if not kind.escalates or day <= item.due_on:
        return
    after = place.settings.escalate_after
    if working_days_late(item.due_on, day) < after:
        return
    late = f"просрочено уже {counted(after, *WORKING_DAYS)} или дольше"
    if item.responsible:
        late += f" (исполнитель: {item.responsible})"
    above = [
        *item.superiors,
        *(Told(user_id, f"{late}, а вы следите за просрочкой") for user_id in place.escalation),
    ]
    above = [told for told in above if told.user_id in here and told.user_id not in seen]
    if not above:  # or they are late themselves
        above = [Told(user_id, f"{late}, а вы администратор") for user_id in place.staff.administrators]
    for told in above:
        if told.user_id not in seen:
            seen.add(told.user_id)
            yield told, True


def _or_deputy(told: Told, place: _Place, day: date, *, besides: Collection[int]) -> tuple[Contact, str]:
    """The person or, during a pause, who stands in: the deputy, without one (or with one who is away or one of
    `besides`) nobody else than an administrator."""
    person = place.persons.get(told.user_id)
    contact = place.staff.people[told.user_id]
    if not _is_away(person, day):
        return contact, told.because
    assert person is not None
    assert person.paused_to is not None
    away = f"{contact.name} отсутствует по {date_in_words(person.paused_to)}"
    deputy = place.staff.people.get(person.deputy_id) if person.deputy_id else None
    if deputy is not None and deputy.user_id not in besides and not _is_away(place.persons.get(deputy.user_id), day):
        return deputy, f"вы замещаете коллегу: {away}"
    for user_id in place.staff.administrators:
        if user_id not in besides and not _is_away(place.persons.get(user_id), day):
            return place.staff.people[user_id], f"вы администратор, а замещать некому: {away}"
    return contact, told.because


def _is_away(person: PersonalReminders | None, day: date) -> bool:
    return person is not None and person.is_away(day)


def _untold(candidates: Mapping[int, list[Foreseen]]) -> dict[int, list[Foreseen]]:
    """Without what the ledger holds already, and each only once."""
    latest = _latest_told(candidates)
    due_kinds = {kind.key for kind in all_kinds() if kind.is_of_due_days}
    known = {(place, *rest) for place, kind, *rest in latest if kind in due_kinds}
    found: dict[int, list[Foreseen]] = defaultdict(list)
    for municipality_id, some in candidates.items():
        for one in some:
            about = (one.item.thing, one.item.due_on, one.recipient.user_id)
            if one.as_news and (municipality_id, *about) in known:
                continue
            key = (municipality_id, one.kind.key, *about)
            told = (latest[key],) if key in latest else ()
            if stage_to_tell(one.stage, told) is not None:
                latest[key] = one.stage
                found[municipality_id].append(one)
    return dict(found)


def _latest_told(candidates: Mapping[int, list[Foreseen]]) -> dict[_LedgerKey, int]:
    """The latest stage in the ledger of each of these things and people."""
    things = {one.item.thing for some in candidates.values() for one in some}
    rows = (
        Reminder.objects.filter(municipality__in=list(candidates), thing__in=things)
        .order_by()
        .values_list("municipality_id", "kind", "thing", "due_on", "recipient_id")
        .annotate(latest=Max("stage"))
    )
    return {tuple(key): latest for *key, latest in rows}
