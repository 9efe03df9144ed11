"""Letters with reminders: one a person a day, made of all rows of the ledger that are in no letter yet."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from nok_portal.common.text import date_in_words
from nok_portal.common.workdays import is_working_day
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import scope

from ..digest import Digest, make_digest
from ..kinds import all_kinds, find_kind
from ..models import OutgoingMail, PersonalReminders, Reminder, ReminderSettings
from ..people import Contact, directory
from ..rendering import render_letter
from ..selectors.settings import settings_of
from ..selectors.standing import standing
from ..selectors.upcoming import Letter, next_letter
from .deciding import SHIPPED_HOUR, lock_run
from .mail import queue_mail
from .unsubscribing import unsubscribe_address

logger = logging.getLogger(__name__)
KIND = "reminders.digest"
TRIAL = "test"
TEMPLATE = "messaging/mail/digest"


@dataclass(frozen=True)
class Preview:
    """A letter as it would look on `day`; `is_example`: made up, as there is nothing to say."""

    subject: str
    text: str
    html: str
    day: date
    is_example: bool


def compose_due_places(*, at: datetime) -> int:
    """Write the letters of every municipality where rows wait for one and the hour of a working day has come.

    Answers how many letters were written.
    """
    return compose_places(_places_to_compose(at=at), at=at)


def compose_places(municipalities: Iterable[Municipality], *, at: datetime) -> int:
    """Write the letters of these municipalities, whatever their hour; on a day off none. One that is broken is logged;
    the others go on."""
    written = 0
    for municipality in municipalities:
        if not is_working_day(municipality.day_of(at)):
            continue
        try:
            written += compose_digests(municipality=municipality, at=at)
        except Exception:
            logger.exception("letters of %s cannot be written", municipality.slug)
    return written


def compose_digests(*, municipality: Municipality, at: datetime) -> int:
    """One letter to each person with rows that are in none yet; what was done or declined meanwhile is left out.

    A letter that cannot be written is logged and waits; the others go on. Answers how many letters; none when another
    worker is at it.
    """
    day = municipality.day_of(at)
    with scope(writable=[municipality.pk]):
        if not lock_run(municipality):
            return 0
        waiting = list(_unsent().filter(municipality=municipality).order_by("pk"))
        here = directory().staff([municipality.pk])
        people = here[municipality.pk].people if municipality.pk in here else {}
        declined = _declined(municipality)
        asking = [
            row
            for row in standing(waiting, municipality=municipality, day=day)
            if row.recipient_id in people and (row.recipient_id, row.kind) not in declined
        ]
        # a row that asks for nothing any more, or asks nobody, never becomes a letter
        Reminder.objects.filter(pk__in={row.pk for row in waiting} - {row.pk for row in asking}).update(by_mail=False)
        by_person: dict[int, list[Reminder]] = defaultdict(list)
        for row in asking:
            by_person[row.recipient_id].append(row)
        opening = settings_of(municipality).opening
        written = 0
        for user_id, rows in by_person.items():
            try:
                with transaction.atomic():
                    _write_letter(rows, to=people[user_id], municipality=municipality, opening=opening, day=day, at=at)
            except Exception:
                logger.exception("the letter of %s to account %s cannot be written", municipality.slug, user_id)
            else:
                written += 1
        return written


def preview_digest(*, municipality: Municipality, person: Contact, opening: str, at: datetime) -> Preview:
    """The person's letter of today or of their next day with this opening line; a made-up one where there is nothing
    to say. Nothing is written."""
    letter, context = _shown(municipality, person, opening=opening, at=at)
    subject = context["digest"].subject
    rendered = render_letter(TEMPLATE, subject=subject, context=context)
    return Preview(
        subject,
        rendered.text,
        rendered.html,
        letter.day,
        is_example=not letter.rows,
    )


def send_trial(*, municipality: Municipality, person: Contact, opening: str, to: Any, at: datetime) -> OutgoingMail:
    """Send the letter that `preview_digest` shows to the account `to`, marked as a trial. Runs in the municipality's
    scope."""
    _, context = _shown(municipality, person, opening=opening, at=at)
    return queue_mail(
        kind=TRIAL,
        recipient=to.email,
        subject=f"Проба: {context['digest'].subject}",
        template=TEMPLATE,
        context={**context, "is_trial": True},
        at=at,
        municipality_id=municipality.pk,
        user=to,
    )


def _shown(municipality: Municipality, person: Contact, *, opening: str, at: datetime) -> tuple[Letter, dict[str, Any]]:
    letter = next_letter(municipality, user_id=person.user_id, at=at)
    digest = _digest(letter.rows or _made_up(municipality, letter.day), municipality, letter.day)
    return letter, _context(digest, person=person, municipality=municipality, opening=opening)


def _places_to_compose(*, at: datetime) -> list[Municipality]:
    municipalities = {one.pk: one for one in Municipality.objects.active()}
    with scope(readable=municipalities):
        waiting = sorted(_unsent().order_by().values_list("municipality_id", flat=True).distinct())
        hours = dict(ReminderSettings.objects.filter(municipality__in=waiting).values_list("municipality_id", "hour"))
    return [
        municipalities[key] for key in waiting if municipalities[key].local(at).hour >= hours.get(key, SHIPPED_HOUR)
    ]


def _unsent() -> QuerySet[Reminder]:
    return Reminder.objects.filter(by_mail=True, mail__isnull=True)


def _declined(municipality: Municipality) -> set[tuple[int, str]]:
    """Accounts, each with a kind of which it wants no letters."""
    persons = PersonalReminders.objects.filter(municipality=municipality).values_list("user_id", "kinds_off")
    declinable = {kind.key for kind in all_kinds() if kind.is_declinable}
    return {(user_id, key) for user_id, kinds_off in persons for key in kinds_off if key in declinable}


def _write_letter(
    rows: Sequence[Reminder], *, to: Contact, municipality: Municipality, opening: str, day: date, at: datetime
) -> None:
    digest = _digest(rows, municipality, day)
    context = _context(digest, person=to, municipality=municipality, opening=opening)
    mail = queue_mail(
        kind=KIND,
        recipient=to.email,
        subject=digest.subject,
        template=TEMPLATE,
        context=context,
        at=at,
        municipality_id=municipality.pk,
        user=to,
        unsubscribe_url=unsubscribe_address(municipality=municipality, user_id=to.user_id),
    )
    Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(mail=mail)


def _digest(rows: Sequence[Reminder], municipality: Municipality, day: date) -> Digest:
    return make_digest(rows, place=municipality.name, day=day, portal_url=settings.PORTAL_URL.rstrip("/"))


def _context(digest: Digest, *, person: Contact, municipality: Municipality, opening: str) -> dict[str, Any]:
    home, place = settings.PORTAL_URL.rstrip("/"), [municipality.slug]
    return {
        "digest": digest,
        "person": person,
        "municipality": municipality,
        "opening": opening,
        "settings_url": home + reverse("office:my_reminders", args=place),
        "all_url": home + reverse("office:reminders", args=place),
    }


def _made_up(municipality: Municipality, day: date) -> list[Reminder]:
    """An example for a person who is not reminded of anything."""
    home = reverse("office:today", args=[municipality.slug])
    samples = (("overdue", day - timedelta(days=3), "1.2"), ("due_soon", day + timedelta(days=7), "2.1"))
    return [
        Reminder(
            kind=key,
            thing=f"example:{number}",
            due_on=due_on,
            number=number,
            title="Пример мероприятия",
            words=f"до {date_in_words(due_on, year=False)}",
            url=home,
            group_title="Пример плана",
            group_url=home,
            because="вы работаете за исполнителя «Пример»",
        )
        for key, due_on, number in samples
        if find_kind(key)
    ]
