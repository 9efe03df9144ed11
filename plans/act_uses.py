"""What plans rest on legal acts: named on the page of an act, which is not removed while they do."""

from collections.abc import Collection, Mapping, Sequence

from nok_portal.tenants.selectors.acts import ActUse, register_act_use

from .models import Evidence, Plan


def plans_approved(acts: Collection[int]) -> Mapping[int, Sequence[ActUse]]:
    found: dict[int, list[ActUse]] = {}
    for plan in Plan.objects.filter(approved_by__in=acts).newest_first():
        edition = f", редакция {plan.edition}" if plan.edition > 1 else ""
        use = ActUse("Утверждает план", f"{plan.title}{edition}", "office:plan", plan.pk)
        found.setdefault(plan.approved_by_id or 0, []).append(use)
    return found


def dues_proved(acts: Collection[int]) -> Mapping[int, Sequence[ActUse]]:
    rows = Evidence.objects.filter(act__in=acts).select_related("due_date__activity").order_by("due_date__window_to")
    found: dict[int, list[ActUse]] = {}
    for row in rows:
        activity = row.due_date.activity
        use = ActUse("Подтверждает исполнение", f"{activity}, {row.due_date}", "office:due", row.due_date_id)
        found.setdefault(row.act_id or 0, []).append(use)
    return found


register_act_use("plans.Plan.approved_by", plans_approved)
register_act_use("plans.Evidence.act", dues_proved)
