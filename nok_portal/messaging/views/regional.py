"""Whether somebody of a ministry gets the weekly letter about the region."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from nok_portal.tenants.access import ministry_page
from nok_portal.tenants.requests import MinistryRequest
from nok_portal.tenants.rights import Right

from ..selectors.settings import without_region_letter
from ..services.regional import want_letter


@ministry_page(Right.SEE_REGION)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: MinistryRequest) -> HttpResponse:
    """Where the letter's foot leads: one press declines it or has it sent again."""
    if request.method == "POST":
        wanted = request.POST.get("wanted") == "1"
        want_letter(region=request.region, user=request.user, wanted=wanted, at=timezone.now())
        messages.success(request, "Сводка будет приходить" if wanted else "Сводка больше не придёт")
        return redirect("region:letter", request.region.slug)
    context = {"is_wanted": request.user.pk not in without_region_letter(request.region)}
    return render(request, "messaging/region_letter.html", context)
