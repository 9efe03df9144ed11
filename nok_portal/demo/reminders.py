"""Reminders of the demo: what the portal would have told on the last working day."""

from datetime import datetime, time

from nok_portal.common.workdays import default_calendar
from nok_portal.messaging.services.deciding import SHIPPED_HOUR, decide_on
from nok_portal.messaging.services.digests import compose_digests
from nok_portal.tenants.models import Municipality


def tell_of_last_working_day(*, municipality: Municipality, at: datetime) -> None:
    """The bell rings and letters are under way, whatever day the demo is filled on. Opens the municipality's scope."""
    here = municipality.local(at)
    day = default_calendar().previous_working_day(here.date())
    told_at = min(datetime.combine(day, time(SHIPPED_HOUR), tzinfo=here.tzinfo), at)
    decide_on([municipality], day=day, at=told_at)
    compose_digests(municipality=municipality, at=told_at)
