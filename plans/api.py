"""What programs read of plans: the same selectors as the screens, the same rights."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from nok_portal.tenants.access import api_page
from nok_portal.tenants.rights import Right

from . import selectors
from .days.lateness import due_is_late
from .enums import DueState, PlanState
from .models import Activity, DueDate, Plan, Section
from .selectors import Line, PlanSummary


class PlanSerializer(serializers.Serializer[PlanSummary]):
    """A plan with how it stands today."""

    id = serializers.IntegerField(source="plan.pk")
    title = serializers.CharField(source="plan.title")
    kind = serializers.CharField(source="plan.kind")
    state = serializers.ChoiceField(source="plan.state", choices=PlanState.choices)
    edition = serializers.IntegerField(source="plan.edition")
    period_from = serializers.DateField(source="plan.period_from")
    period_to = serializers.DateField(source="plan.period_to")
    assessment_years = serializers.ListField(source="plan.assessment_years", child=serializers.IntegerField())
    spheres = serializers.ListField(source="plan.spheres", child=serializers.CharField())
    is_archived = serializers.SerializerMethodField(help_text="План убран в архив")
    activities = serializers.IntegerField(help_text="Сколько мероприятий")
    overdue = serializers.IntegerField(help_text="Сколько сроков просрочено")
    next_due = serializers.DateField(allow_null=True, help_text="Ближайший срок")

    @extend_schema_field(bool)
    def get_is_archived(self, summary: PlanSummary) -> bool:
        return summary.plan.archived_at is not None


class SectionSerializer(serializers.ModelSerializer[Section]):
    """The heading under which an activity stands."""

    class Meta:
        model = Section
        fields = ["number", "title"]


class ActivitySerializer(serializers.ModelSerializer[Line]):
    """A line of a plan: the words of the document, how they were understood, and the days."""

    id = serializers.IntegerField(source="activity.pk")
    number = serializers.CharField(source="activity.number")
    section = SectionSerializer(source="activity.section", allow_null=True)
    title = serializers.CharField(source="activity.title")
    deadline_text = serializers.CharField(source="activity.deadline_text", help_text="Срок словами плана")
    deadline_reading = serializers.CharField(source="activity.deadline_reading", help_text="Как понят срок")
    expected_result = serializers.CharField(source="activity.expected_result")
    responsible = serializers.SerializerMethodField(help_text="Исполнители")
    step = serializers.CharField(source="activity.step", help_text="Шаг оценки")
    planned_quantity = serializers.DecimalField(
        source="activity.planned_quantity", max_digits=14, decimal_places=3, allow_null=True
    )
    quantity_unit = serializers.CharField(source="activity.quantity_unit")
    due = serializers.SerializerMethodField(help_text="Последние дни, по порядку")

    class Meta:
        model = Activity
        fields = [
            "id",
            "number",
            "section",
            "title",
            "deadline_text",
            "deadline_reading",
            "expected_result",
            "responsible",
            "step",
            "planned_quantity",
            "quantity_unit",
            "due",
        ]

    def get_responsible(self, line: Line) -> list[str]:
        return [party.name for party in line.parties]

    def get_due(self, line: Line) -> list[date]:
        return sorted({due.window_to for due in line.dues})


class DueDateSerializer(serializers.ModelSerializer[DueDate]):
    """A due date with its state; lateness is that of today."""

    plan = serializers.IntegerField(source="activity.plan_id")
    activity = serializers.IntegerField(source="activity_id")
    organization = serializers.IntegerField(source="organization_id", allow_null=True)
    is_late = serializers.SerializerMethodField(help_text="Просрочен сегодня")
    is_returned = serializers.BooleanField(help_text="Отчёт возвращён на доработку")

    class Meta:
        model = DueDate
        fields = [
            "id",
            "plan",
            "activity",
            "organization",
            "window_from",
            "window_to",
            "label",
            "state",
            "is_late",
            "is_returned",
            "is_outside_period",
            "done_on",
            "quantity",
        ]

    @extend_schema_field(bool)
    def get_is_late(self, due: DueDate) -> bool:
        return due_is_late(due, self.context["today"])


class PlanQuery(serializers.Serializer[Any]):
    """What an address may ask of plans."""

    archived = serializers.BooleanField(default=False, help_text="Планы из архива вместо действующих")


class DueDateQuery(serializers.Serializer[Any]):
    """What an address may ask of due dates."""

    plan = serializers.IntegerField(required=False, min_value=1, help_text="Только этого плана, любой редакции")
    state = serializers.ChoiceField(choices=DueState.choices, required=False, help_text="Состояние")
    since = serializers.DateField(required=False, help_text="Последний день не раньше")
    till = serializers.DateField(required=False, help_text="Последний день не позже")
    late = serializers.BooleanField(default=False, help_text="Только просроченные")


@api_page(Right.SEE_PLANS)
class PlanList(ListAPIView[Plan]):
    """Plans, the latest period first."""

    serializer_class = PlanSerializer
    queryset = Plan.objects.none()

    @extend_schema(summary="Планы", parameters=[PlanQuery])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        asked = PlanQuery(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        municipality = self.request._request.municipality
        return selectors.plans_of_municipality(municipality, archived=asked.validated_data["archived"])

    def paginate_queryset(self, queryset: Any) -> Sequence[Any] | None:
        page = super().paginate_queryset(queryset)
        return selectors.summaries(page or [], timezone.localdate())


@api_page(Right.SEE_PLANS)
class PlanDetail(RetrieveAPIView[Plan]):
    """One plan."""

    serializer_class = PlanSerializer
    queryset = Plan.objects.none()

    @extend_schema(summary="План")
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.retrieve(request, *args, **kwargs)

    def get_object(self) -> Any:
        plan = _plan(self.request, self.kwargs["plan_id"])
        return selectors.summaries([plan], timezone.localdate())[0]


@api_page(Right.SEE_PLANS)
class ActivityList(ListAPIView[Activity]):
    """Lines of a plan in the order of the document."""

    serializer_class = ActivitySerializer
    queryset = Activity.objects.none()

    @extend_schema(summary="Мероприятия плана")
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        plan = _plan(self.request, self.kwargs["plan_id"])
        return plan.activities.select_related("section").order_by("position")

    def paginate_queryset(self, queryset: Any) -> Sequence[Any] | None:
        page = super().paginate_queryset(queryset) or []
        return selectors.lines_of_activities(queryset.filter(pk__in=[activity.pk for activity in page]))


@api_page(Right.SEE_PLANS)
class DueDateList(ListAPIView[DueDate]):
    """Due dates of the municipality's plans that are not in the archive, the earliest last day first."""

    serializer_class = DueDateSerializer
    queryset = DueDate.objects.none()

    @extend_schema(summary="Сроки", parameters=[DueDateQuery])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.list(request, *args, **kwargs)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "today": timezone.localdate()}

    def get_queryset(self) -> Any:
        asked = DueDateQuery(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        return selectors.due_dates(
            self.request._request.municipality,
            plan=said.get("plan"),
            state=said.get("state", ""),
            since=said.get("since"),
            till=said.get("till"),
            late_on=timezone.localdate() if said["late"] else None,
        )


def _plan(request: Any, plan_id: int) -> Plan:
    return get_object_or_404(Plan, pk=plan_id, municipality=request._request.municipality)
