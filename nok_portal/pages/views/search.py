from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nok_portal.pages.search import is_too_short, search
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest

LONGEST = 200


@office_page()
@require_safe
def found(request: OfficeRequest) -> HttpResponse:
    """What the words of the address find among all that the person may see here."""
    words = " ".join(request.GET.get("q", "")[:LONGEST].split())
    groups = search(request.municipality, words, rights=request.rights)
    context = {
        "words": words,
        "groups": groups,
        "total": sum(group.total for group in groups),
        "too_short": is_too_short(words),
    }
    return render(request, "pages/search.html", context)
