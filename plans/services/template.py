"""A plan taken from the portal's own template: a draft that a municipality changes as it likes."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from nok_portal.accounts.models import User
from nok_portal.audit.services import record
from nok_portal.common.errors import DomainError
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.models import Municipality
from plans.editions.template_plan import LENGTHS, template_plan
from plans.facts import FIRST_YEAR, LAST_YEAR
from plans.importing.drafting import draft_of
from plans.models import Plan
from plans.services.building import build_plan


class TemplateRefused(DomainError):
    """There is no template for what was asked."""


@transaction.atomic
def take_template(
    *, municipality: Municipality, first_year: int, years: int, spheres: Sequence[str], actor: User, at: datetime
) -> Plan:
    """The draft of a plan for assessments of `years` years from `first_year` on. Raises TemplateRefused."""
    if years not in LENGTHS or not spheres or not set(spheres) <= set(Sphere.values):
        raise TemplateRefused("Образец есть на один год и на три года. Выберите срок и хотя бы одну сферу.")
    if not FIRST_YEAR <= first_year <= LAST_YEAR - max(LENGTHS):
        raise TemplateRefused(f"Год {first_year} похож на опечатку. Проверьте.")
    table, facts = template_plan(first_year=first_year, years=years, spheres=spheres)
    assert facts.period_from is not None
    assert facts.period_to is not None
    said = {
        "title": facts.title,
        "kind": facts.kind,
        "period_from": facts.period_from.isoformat(),
        "period_to": facts.period_to.isoformat(),
        "assessment_years": list(facts.assessment_years),
        "spheres": list(facts.spheres),
    }
    draft = draft_of(table, {"facts": said})
    plan = build_plan(draft=draft, municipality=municipality, source_file=None, actor=actor, at=at)
    # cells of a document nobody has would only mislead
    plan.activities.update(source={})
    record(
        verb="План взят из образца",
        on=plan,
        actor=actor,
        at=at,
        after={"title": plan.title, "years": years, "activities": len(draft.kept_lines)},
    )
    return plan
