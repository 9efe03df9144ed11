"""Figures of plans in the ministry's weekly digest."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from nok_portal.messaging.kinds import RegionalFigure, regional_figure
from nok_portal.tenants.models import Municipality
from plans.days.lateness import SOON
from plans.enums import DueState, PlanState
from plans.selectors.dues import dues_in_force, is_late, is_soon
from plans.selectors.plans import plans_in_force


@regional_figure
class OverdueFigure(RegionalFigure):
    key, title, is_alarming = "overdue", "Просрочено", True

    def counts(self, municipalities: Collection[Municipality], *, day: date) -> Mapping[int, int]:
        return _count(dues_in_force(municipalities).filter(is_late(day)))


@regional_figure
class SoonFigure(RegionalFigure):
    key, title = "soon", f"Срок в ближайшие {SOON} дней"

    def counts(self, municipalities: Collection[Municipality], *, day: date) -> Mapping[int, int]:
        return _count(dues_in_force(municipalities).filter(is_soon(day)))


@regional_figure
class WaitingFigure(RegionalFigure):
    key, title = "waiting", "Отчёты ждут проверки"

    def counts(self, municipalities: Collection[Municipality], *, day: date) -> Mapping[int, int]:
        return _count(dues_in_force(municipalities).filter(state=DueState.REPORTED))


@regional_figure
class DraftsFigure(RegionalFigure):
    key, title = "drafts", "Планы не утверждены"

    def counts(self, municipalities: Collection[Municipality], *, day: date) -> Mapping[int, int]:
        return _count(plans_in_force(municipalities).filter(state=PlanState.DRAFT))


def _count(found: QuerySet[Any]) -> dict[int, int]:
    return dict(found.order_by().values_list("municipality").annotate(Count("pk")))
