"""What the pages of an import show."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.requests import OfficeRequest
from plans.enums import ImportState
from plans.forms import FactsForm
from plans.importing.columns import columns_of
from plans.importing.drafts import Draft
from plans.importing.previews import View, document_findings, preview_of
from plans.models import PlanImport
from plans.services import imports
from plans.services.document_reading import carried_to_offer
from plans.table import PlanTable

DOUBTFUL_COLUMNS = frozenset({"columns_guessed", "columns_mixed"})


def open_import(request: OfficeRequest, import_id: int) -> PlanImport:
    """The import of the address; 404 where it is another municipality's or has expired."""
    found = get_object_or_404(
        PlanImport.objects.select_related("job", "file", "plan"), pk=import_id, municipality=request.municipality
    )
    if found.state != ImportState.CONFIRMED and found.expires_at <= timezone.now():
        raise Http404
    return found


def page_context(request: OfficeRequest, found: PlanImport, draft: Draft, view: View) -> dict[str, Any]:
    """Everything the page says of a draft."""
    facts_form = view.forms.get("facts")
    if facts_form is None and draft.facts.missing:
        facts_form = facts_form_of(draft)
    offered = carried_to_offer(found)
    table = PlanTable.from_json(found.table or {})
    return {
        "import": found,
        "facts_form": facts_form,
        "tables": columns_of(table),
        "columns_are_doubtful": not table.activities or any(one.code in DOUBTFUL_COLUMNS for one in table.findings),
        "offered": offered,
        "offered_lines": len(found.rereading["table"]["activities"]) if offered and found.rereading else 0,
        "sphere_labels": [Sphere(sphere).label for sphere in draft.facts.spheres],
        **rows_context(draft, view),
        **summary_context(found, draft, view),
        **discard_context(request, found),
    }


def rows_context(draft: Draft, view: View) -> dict[str, Any]:
    """The rows, or a part of them."""
    return {"preview": preview_of(draft, view), "show": view.show, "draft": draft}


def summary_context(found: PlanImport, draft: Draft, view: View) -> dict[str, Any]:
    """What is left to decide, and what can be taken back."""
    rows = [
        *(f"section-{one.key}" for one in draft.sections if one.findings),
        *(f"line-{one.index}" for one in draft.lines if one.findings),
        *(f"target-{one.index}" for one in draft.targets if one.findings),
    ]
    return {
        "draft": draft,
        "show": view.show,
        "unsure": ["facts", *rows] if draft.facts.missing else rows,
        "document_findings": document_findings(draft),
        "last_step": found.past[-1] if found.past else None,
        "picks": [
            ("С замечаниями и соседние", len(rows) or None, "findings"),
            ("Все строки", len(draft.lines), "all"),
            ("Исправлено вами", draft.corrected, "corrected"),
        ],
    }


def discard_question(found: PlanImport) -> dict[str, str]:
    """The words of the dialog and of the page behind it."""
    return {
        "title": f"Удалить загруженный документ «{found.source_name}»?",
        "text": "Документ и ваши исправления в нём удалятся. Загрузить его можно будет снова.",
        "verb": "Удалить",
    }


def discard_context(request: OfficeRequest, found: PlanImport) -> dict[str, Any]:
    """The question before a document is given up, and where it is answered."""
    return {
        "discard": discard_question(found),
        "discard_url": reverse("office:plan_import_discard", args=[request.municipality.slug, found.pk]),
    }


def draft_in_review(found: PlanImport) -> Draft:
    """The draft of a document that was read; 404 while there is none."""
    if found.state != ImportState.REVIEW:
        raise Http404
    return imports.draft_of_import(found)


def facts_form_of(draft: Draft) -> FactsForm:
    """What is known of the plan, to be corrected."""
    known = draft.facts
    return FactsForm(
        initial={
            "title": known.title,
            "kind": known.kind,
            "period_from": known.period_from,
            "period_to": known.period_to,
            "assessment_years": known.assessment_years,
            "spheres": known.spheres,
            "stamp": draft.facts_stamp,
        }
    )
