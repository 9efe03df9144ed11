from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from nok_portal.audit.selectors import journal_for_municipality
from nok_portal.pages.forms import JournalFilter
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right


@office_page()
def today(request: OfficeRequest) -> HttpResponse:
    """What is due and what waits, on one page."""
    return render(request, "pages/today.html")


@office_page(Right.SEE_JOURNAL)
def journal(request: OfficeRequest) -> HttpResponse:
    """All that was done in the municipality, newest first."""
    form = JournalFilter(request.GET)
    entries = form.apply(journal_for_municipality(request.municipality.pk))
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    return render(request, "pages/journal.html", {"form": form, "page": page})
