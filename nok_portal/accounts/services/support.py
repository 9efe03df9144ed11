"""Support staff in a municipality: with a reason, for a limited time, in its journal."""

from datetime import datetime, timedelta

from django.db import transaction

from nok_portal.audit import services as audit
from nok_portal.common.errors import DomainError
from nok_portal.common.text import fold_spaces
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.scope import scope

from ..models import SupportVisit, User

VISIT_HOURS = (1, 2, 4)


class VisitRefused(DomainError):
    pass


@transaction.atomic
def start_visit(*, user: User, municipality: Municipality, reason: str, hours: int, at: datetime) -> SupportVisit:
    """Let a support person work in a municipality as an administrator for some hours; an earlier visit ends."""
    reason = fold_spaces(reason)
    if not user.is_support:
        raise VisitRefused("Войти в муниципалитет может только сотрудник поддержки.")
    if not reason:
        raise VisitRefused("Укажите причину: она останется в журнале муниципалитета.")
    if hours not in VISIT_HOURS:
        raise VisitRefused("Выберите 1, 2 или 4 часа.")
    for earlier in SupportVisit.objects.select_for_update().filter(
        user=user, municipality=municipality, ended_at=None, until__gt=at
    ):
        end_visit(visit=earlier, actor=user, at=at)
    visit = SupportVisit.objects.create(
        user=user, municipality=municipality, reason=reason, started_at=at, until=at + timedelta(hours=hours)
    )
    with scope(writable=[municipality.pk]):
        audit.record(
            verb="Вошла поддержка портала",
            on=municipality,
            actor=user,
            at=at,
            municipality_id=municipality.pk,
            after={"until": visit.until},
            reason=reason,
        )
    return visit


@transaction.atomic
def end_visit(*, visit: SupportVisit, actor: User, at: datetime) -> None:
    """Leave the municipality before the time is over; a second time changes nothing."""
    fresh = SupportVisit.objects.select_for_update().get(pk=visit.pk)
    if fresh.ended_at is not None or fresh.until <= at:
        return
    fresh.ended_at = at
    fresh.save(update_fields=["ended_at"])
    with scope(writable=[fresh.municipality_id]):
        audit.record(
            verb="Поддержка портала вышла",
            on=fresh.municipality,
            actor=actor,
            at=at,
            municipality_id=fresh.municipality_id,
        )
