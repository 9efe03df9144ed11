from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nok_portal.tenants.access import ministry_page
from nok_portal.tenants.models import Municipality
from nok_portal.tenants.rights import Right


@ministry_page(Right.SEE_REGION)
def home(request: HttpRequest) -> HttpResponse:
    """The municipalities of the region, each with a link to its plans."""
    municipalities = Municipality.objects.active().filter(region=request.region).order_by("name")  # type: ignore[attr-defined]
    return render(request, "pages/region_home.html", {"municipalities": municipalities})
