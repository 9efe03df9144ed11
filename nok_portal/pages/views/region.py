from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from nok_portal.pages.selectors import municipalities_at_glance
from nok_portal.tenants.access import ministry_page
from nok_portal.tenants.requests import MinistryRequest
from nok_portal.tenants.rights import Right


@ministry_page(Right.SEE_REGION)
def home(request: MinistryRequest) -> HttpResponse:
    """The municipalities of the region, each with what it has and a link to it."""
    rows = municipalities_at_glance(request.region, today=timezone.localdate())
    return render(request, "pages/region_home.html", {"rows": rows})
