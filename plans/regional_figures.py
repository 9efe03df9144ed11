"""Figures of plans in the ministry's weekly digest."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from nok_portal.messaging.kinds import RegionalFigure, regional_figure
from plans.enums import DueState, PlanState
from plans.reminders import Municipalities, Overdue, dues_in_force, plans_in_force
from plans.selectors.dues import SOON, is_soon


@regional_figure
class OverdueFigure(RegionalFigure):
    key, title, is_alarming = "overdue", "Просрочено", True

    def counts(self, municipalities: Municipalities, *, day: date) -> Mapping[int, int]:
        return _count(dues_in_force(municipalities).filter(Overdue().wanted(day, 0)))


@regional_figure
class SoonFigure(RegionalFigure):
    key, title = "soon", f"Срок в ближайшие {SOON} дней"

    def counts(self, municipalities: Municipalities, *, day: date) -> Mapping[int, int]:
        return _count(dues_in_force(municipalities).filter(is_soon(day)))


@regional_figure
class WaitingFigure(RegionalFigure):
    key, title = "waiting", "Отчёты ждут проверки"

    def counts(self, municipalities: Municipalities, *, day: date) -> Mapping[int, int]:
        return _count(dues_in_force(municipalities).filter(state=DueState.REPORTED))


@regional_figure
class DraftsFigure(RegionalFigure):
    key, title = "drafts", "Планы не утверждены"

    def counts(self, municipalities: Municipalities, *, day: date) -> Mapping[int, int]:
        return _count(plans_in_force(municipalities).filter(state=PlanState.DRAFT))


def _count(found: QuerySet[Any]) -> dict[int, int]:
    return dict(found.order_by().values_list("municipality").annotate(Count("pk")))
