"""`{% load plans %}`: how a line of a plan stands today."""

from decimal import Decimal

from django import template

from nok_portal.audit.models import AuditEntry
from nok_portal.common.text import figure_in_words
from plans.days.standing import due_standing, pending, standing
from plans.lines.conflicts import in_words
from plans.lines.fields import LABELS
from plans.models import Activity
from plans.services.undo_checks import LINE, SECTION
from plans.table.steps import STEPS

register = template.Library()

for one in (standing, due_standing, pending):
    register.filter(one)


@register.filter
def figure(value: Decimal | int) -> str:
    """'33,3', '50': as people write it."""
    return figure_in_words(Decimal(value))


@register.filter
def step_name(activity: Activity) -> str:
    """The step of the assessment that the activity means, in words; empty for none."""
    return STEPS.get(activity.step, "")


@register.filter
def changes_told(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """What the entry says was changed of a line's words: (field, before, after); of a row that came or went, nothing."""
    before, after = entry.before, entry.after
    if entry.object_type not in (LINE, SECTION) or "plan" in before or "plan" in after:
        return []
    names = [name for name in after if name in LABELS and name != "deadline_reading"]
    return [(LABELS[name], in_words(name, before.get(name)), in_words(name, after[name])) for name in names]
