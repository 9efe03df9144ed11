"""Where the header List-Unsubscribe of letters with reminders and of the ministry's weekly letter leads: a question,
and one press that declines them."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from nok_portal.tenants.access import public_page
from nok_portal.tenants.requests import PortalRequest
from nok_portal.tenants.scope import scope

from ..kinds import all_kinds
from ..services.regional import want_letter
from ..services.settings import decline_letters
from ..services.unsubscribing import person_of_address, person_of_region_address


@public_page
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: PortalRequest, key: str) -> HttpResponse:
    """Programs that look into letters open links, so opening it only asks; a bare POST, which mail programs send without
    logging in (RFC 8058), declines."""
    municipality = request.municipality
    assert municipality is not None
    person = person_of_address(municipality=municipality, key=key)
    if person is None:
        raise Http404
    if request.method == "POST":
        with scope(writable=[municipality.pk]):
            decline_letters(municipality=municipality, user=person, at=timezone.now())
    context = {
        "municipality": municipality,
        "is_done": request.method == "POST",
        "declined": [kind for kind in all_kinds() if kind.is_declinable],
        "kept": [kind for kind in all_kinds() if not kind.is_declinable],
    }
    return render(request, "messaging/unsubscribe.html", context)


@public_page
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_region(request: PortalRequest, key: str) -> HttpResponse:
    """The same for the ministry's weekly letter."""
    found = person_of_region_address(key)
    if found is None:
        raise Http404
    region, person = found
    if request.method == "POST":
        with scope(regions=[region.pk]):
            want_letter(region=region, user=person, wanted=False, at=timezone.now())
    context = {"region": region, "is_done": request.method == "POST"}
    return render(request, "messaging/unsubscribe_region.html", context)
