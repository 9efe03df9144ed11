"""Celery's side of mail: what is due is decided from rows."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from nok_portal.celery import app
from nok_portal.tenants.models import Municipality, Region

from .places import Place
from .services import deciding, digests, mail, regional


@app.task(name="nok_portal.messaging.tasks.send_mail")
def send_mail(*, mail_id: str, municipality_id: int | None = None, region_id: int | None = None) -> None:
    """Send one letter right after it was written; repeated, it finds nothing to do."""
    mail.send_waiting(place=Place(municipality_id, region_id), at=timezone.now(), mail_id=UUID(mail_id))


@app.task(name="nok_portal.messaging.tasks.send_waiting_mail")
def send_waiting_mail() -> None:
    """Send every letter that is due: what a crash, a pause or a broker that was down has left."""
    at = timezone.now()
    places = mail.places_with_waiting_mail(
        municipality_ids=Municipality.objects.active().values_list("pk", flat=True),
        region_ids=Region.objects.values_list("pk", flat=True),
        at=at,
    )
    for place in places:
        mail.send_waiting(place=place, at=at)


@app.task(name="nok_portal.messaging.tasks.remind")
def remind() -> None:
    """Decide and write what is to be told now, wherever the hour has come; repeated, it finds nothing to do."""
    if not settings.REMINDERS:
        return
    at = timezone.now()
    deciding.decide_due_places(at=at)
    digests.compose_due_places(at=at)
    regional.tell_regions(at=at)
