"""What was done to a plan and to its lines, as the journal tells it."""

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from nok_portal.audit.models import AuditEntry
from plans.models import Activity, Plan, Section, TargetIndicator


def history_of_plan(plan: Plan) -> QuerySet[AuditEntry]:
    """What was done to the plan, its sections, lines and target indicators, those that are deleted too; newest first."""
    told = Q(object_type="plans.plan", object_id=str(plan.pk))
    for model in (Activity, Section, TargetIndicator):
        keys = model.objects.filter(plan=plan).annotate(key=Cast("pk", CharField())).values("key")
        kind = model._meta.label_lower
        here = AuditEntry.objects.filter(municipality=plan.municipality_id, object_type=kind)
        deleted = here.filter(before__plan=plan.pk).values("object_id")
        told |= Q(object_type=kind) & (Q(object_id__in=keys) | Q(object_id__in=deleted))
    return AuditEntry.objects.filter(told, municipality=plan.municipality_id).order_by("-at", "-pk")


def history_of_line(activity: Activity) -> QuerySet[AuditEntry]:
    """What was done to the line, alone or with others, and to the plan as a whole; newest first."""
    own = Q(object_type="plans.activity", object_id=str(activity.pk))
    of_plan = Q(object_type="plans.plan", object_id=str(activity.plan_id))
    named = Q(after__rows__isnull=True) | Q(after__rows__has_key=str(activity.pk))
    found = AuditEntry.objects.filter(own | (of_plan & named), municipality=activity.municipality_id)
    return found.order_by("-at", "-pk")
