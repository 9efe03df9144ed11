"""A person's calendar for programs that know its secret address."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from nok_portal.tenants.access import public_page
from nok_portal.tenants.requests import PortalRequest

from ..services.feeds import ReadTooOften, feed_file, note_reading, owner_of_feed


@public_page
@cache_control(private=True, no_cache=True)
@require_safe
@conditional_page
def calendar_feed(request: PortalRequest, key: str) -> HttpResponse:
    """A person's calendar for programs that know its secret address; every other address is not there."""
    assert request.municipality is not None
    owner = owner_of_feed(municipality=request.municipality, key=key)
    if owner is None:
        raise Http404
    at = timezone.now()
    try:
        note_reading(municipality=request.municipality, key=key, at=at)
    except ReadTooOften as refusal:
        headers = {"Retry-After": str(refusal.wait)}
        return HttpResponse(str(refusal), status=429, content_type="text/plain; charset=utf-8", headers=headers)
    content = feed_file(municipality=request.municipality, user_id=owner, at=at)
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="nok.ics"', "X-Robots-Tag": "noindex"},
    )
