"""Due dates in a person's calendar feed: those of the lines that are their work."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils import timezone

from nok_portal.accounts.models import Membership
from nok_portal.messaging.feeds import FeedEntry, feed_source
from nok_portal.tenants.models import Municipality
from plans.enums import DueState
from plans.selectors.dues import dues_of
from plans.selectors.people import only_of_person


@feed_source
def due_entries(*, municipality: Municipality, user_id: int, since: date) -> Iterable[FeedEntry]:
    """In whatever state: what is done stays to be looked up, what was cancelled leaves the calendar."""
    places = Membership.objects.current().filter(municipality=municipality, user=user_id, organization__isnull=False)
    mine = only_of_person(
        dues_of(municipality, first=since),
        municipality=municipality,
        user_id=user_id,
        on=municipality.day_of(timezone.now()),
        organization_ids=list(places.values_list("organization_id", flat=True)),
    )
    for due in mine.select_related("activity__plan", "organization").order_by("window_to", "pk"):
        activity = due.activity
        name = f"{activity.number} {activity.title}".strip()
        words = [f"Срок в плане: «{activity.deadline_text}»"] if activity.deadline_text else []
        yield FeedEntry(
            uid=f"duedate-{due.pk}",
            day=due.window_to,
            title=f"{name} — {due.organization}" if due.organization else name,
            about="\n".join([*words, activity.plan.title]),
            url=reverse("office:due", args=[municipality.slug, due.pk]),
            revision=due.version,
            is_done=due.state in (DueState.REPORTED, DueState.ACCEPTED),
            is_cancelled=due.state == DueState.CANCELLED,
        )
