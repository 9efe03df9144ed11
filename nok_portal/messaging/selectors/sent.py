"""What was sent to whom and when, for administrators."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from nok_portal.tenants.models import Municipality

from ..models import OutgoingMail, Reminder


@dataclass(frozen=True)
class MailFilter:
    """Words of an address, a name or a subject; a state of OutgoingMail.State; a kind of letter."""

    words: str = ""
    state: str = ""
    kind: str = ""


def letters_of(municipality: Municipality, wanted: MailFilter) -> QuerySet[OutgoingMail]:
    """Letters of a municipality, newest first, each with its person and `reminder_count`."""
    found = OutgoingMail.objects.filter(municipality=municipality)
    for word in wanted.words.split()[:10]:
        found = found.filter(
            Q(recipient__icontains=word) | Q(subject__icontains=word) | Q(user__full_name__icontains=word)
        )
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    return found.select_related("user").annotate(reminder_count=Count("reminders")).order_by("-created_at", "-pk")


def reminders_in(mail: OutgoingMail) -> QuerySet[Reminder]:
    """What a letter told."""
    return Reminder.objects.filter(mail=mail).select_related("recipient").order_by("due_on", "pk")


def reminders_of_thing(municipality: Municipality, thing: str) -> QuerySet[Reminder]:
    """Everybody who was told of one thing, newest first: 'duedate:7'."""
    found = Reminder.objects.filter(municipality=municipality, thing=thing)
    return found.select_related("recipient", "mail").order_by("-pk")


def count_failed(municipality: Municipality) -> int:
    return OutgoingMail.objects.filter(municipality=municipality, state=OutgoingMail.State.FAILED).count()
