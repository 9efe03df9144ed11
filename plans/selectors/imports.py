"""Documents between their upload and the plan."""

from dataclasses import dataclass
from datetime import datetime

from nok_portal.tenants.models import Municipality
from plans.deadlines import Context
from plans.enums import ImportState
from plans.facts import facts_of
from plans.models import PlanImport
from plans.table import PlanTable

BULKY = ("table", "pasted_text", "pasted_html", "rereading", "past", "corrections")


def unfinished_imports(municipality: Municipality, at: datetime) -> list[PlanImport]:
    """Documents that were uploaded and have not become a plan yet, newest first."""
    imports = PlanImport.objects.filter(municipality=municipality).unfinished(at)
    return list(imports.select_related("job", "created_by").defer(*BULKY).order_by("-created_at", "-pk"))


@dataclass(frozen=True)
class Doubles:
    """The same document loaded before: where it became a plan, and where it is still read or checked."""

    plans: tuple[PlanImport, ...]
    imports: tuple[PlanImport, ...]

    @property
    def first(self) -> PlanImport | None:
        """The one to open: a plan before a draft."""
        return next(iter((*self.plans, *self.imports)), None)


def doubles_of(plan_import: PlanImport) -> Doubles:
    """Where else this very document has gone."""
    same = (
        PlanImport.objects.filter(municipality_id=plan_import.municipality_id, source_hash=plan_import.source_hash)
        .exclude(pk=plan_import.pk)
        .select_related("plan", "created_by", "job")
        .defer(*BULKY)
        .order_by("-created_at", "-pk")
    )
    found = list(same)
    return Doubles(
        plans=tuple({one.plan_id: one for one in found if one.plan}.values()),
        imports=tuple(
            one
            for one in found
            if (one.state == ImportState.REVIEW or one.is_being_read) and one.expires_at > plan_import.created_at
        ),
    )


def context_of_import(plan_import: PlanImport) -> Context:
    """The same for a document that is being checked, as far as it is known yet."""
    return facts_of(PlanTable.from_json(plan_import.table or {}), plan_import.corrections).context
