from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from nok_portal.audit.selectors import journal_for_municipality
from nok_portal.pages.forms import JournalFilter
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right
from plans import selectors as plans

SOON = 14  # days ahead that «Сегодня» looks
MOST = 200
SHOWN = 5  # late lines at once; the rest unfold


@office_page()
def today(request: OfficeRequest) -> HttpResponse:
    """What is late, what is due in two weeks and what waits for a person's decision, on one page."""
    day = timezone.localdate()
    municipality = request.municipality
    may_edit = Right.EDIT_PLANS in request.rights
    late = plans.overdue(municipality, day, limit=MOST)
    summaries = plans.summaries(plans.plans_of_municipality(municipality), day)
    context = {
        "today": day,
        "until": day + timedelta(days=SOON),
        "late": late[:SHOWN],
        "late_rest": late[SHOWN:],
        "late_count": plans.count_overdue(municipality, day),
        "soon": plans.due_soon(municipality, day, days=SOON),
        "waiting": plans.unfinished_imports(municipality, timezone.now()) if may_edit else [],
        "summaries": summaries,
        "with_findings": [one for one in summaries if one.with_findings],
        "may_edit": may_edit,
    }
    return render(request, "pages/today.html", context)


@office_page(Right.SEE_JOURNAL)
def journal(request: OfficeRequest) -> HttpResponse:
    """All that was done in the municipality, newest first."""
    form = JournalFilter(request.GET)
    entries = form.apply(journal_for_municipality(request.municipality.pk))
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    return render(request, "pages/journal.html", {"form": form, "page": page})
