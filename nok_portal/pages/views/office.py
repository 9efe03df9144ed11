from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from nok_portal.audit.selectors import journal_for_municipality
from nok_portal.common.text import whole_number
from nok_portal.pages.forms import JournalFilter
from nok_portal.pages.today import today_of
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.rights import Right


@office_page()
def today(request: OfficeRequest) -> HttpResponse:
    """What is late, what is due in two weeks, what waits for a person, how the plans stand: on one page."""
    year = whole_number(request.GET.get("year", ""))
    found = today_of(request, today=timezone.localdate(), at=timezone.now(), year=year)
    may_edit = Right.EDIT_PLANS in request.rights
    return render(request, "pages/today.html", {"now": found, "may_edit": may_edit})


@office_page(Right.SEE_JOURNAL)
def journal(request: OfficeRequest) -> HttpResponse:
    """All that was done in the municipality, newest first."""
    form = JournalFilter(request.GET)
    entries = form.apply(journal_for_municipality(request.municipality.pk))
    page = Paginator(entries, 50).get_page(request.GET.get("page"))
    return render(request, "pages/journal.html", {"form": form, "page": page})
