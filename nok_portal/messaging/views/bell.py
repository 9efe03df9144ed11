"""The bell: how many reminders are new, the panel of the latest, the page of all, and what marks them as read.

The number is asked for by the page once it stands (static/js/bell.js), not counted while the page is made: no page
waits for it, and the same answer keeps it true as long as the page is open.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from nok_portal.common.text import counted, whole_number
from nok_portal.tenants.access import asked_by_itself, office_page
from nok_portal.tenants.requests import OfficeRequest

from ..models import Reminder
from ..selectors.bell import MOST_COUNTED, BellItem, Unread, items_of_things, latest_things, unread_things
from ..services.bell import mark_read
from .working_here import only_working_here

IN_PANEL, ON_PAGE = 10, 30


@office_page()
@asked_by_itself
@never_cache
@require_safe
def bell(request: OfficeRequest) -> HttpResponse:
    """The number, in figures and in words; `newest` tells a page whether something came meanwhile. Visitors have none."""
    return JsonResponse(_number(_unread(request) if request.standing.works_here else Unread()))


@office_page()
@never_cache
@require_safe
def reminders(request: OfficeRequest) -> HttpResponse:
    """All things of which the person was told, or the new ones; for the open bell a panel of the latest."""
    if not request.standing.works_here:
        return render(request, "messaging/no_reminders.html")
    unread = _unread(request)
    if request.htmx:
        return _panel(request, unread)
    is_new_only = request.GET.get("show") == "new"
    told = unread.things if is_new_only else latest_things(municipality=request.municipality, user_id=request.user.pk)
    page = Paginator(told, ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "items": _items(request, page.object_list),
        "page": page,
        "unread": unread,
        "is_new_only": is_new_only,
        "here": request.get_full_path(),
    }
    return render(request, "messaging/bell_page.html", context)


@office_page()
@never_cache
@require_safe
def reminder(request: OfficeRequest, reminder_id: int) -> HttpResponse:
    """Leads to the thing, and marks it as read for whom it was told, when a person follows the link.

    Whoever gets the address from a colleague comes to the thing, too: there it is said whether they may see it.
    """
    found = get_object_or_404(Reminder, municipality=request.municipality, pk=reminder_id)
    if found.recipient_id == request.user.pk and request.standing.works_here and _is_followed(request):
        mark_read(municipality=request.municipality, user=request.user, at=timezone.now(), reminder_id=found.pk)
    if not _is_in_the_portal(found.url):
        raise Http404
    return HttpResponseRedirect(found.url)


@office_page()
@require_POST
def reminders_read(request: OfficeRequest) -> HttpResponse:
    """One thing (`reminder`), or all up to the latest that was on the screen (`until`)."""
    only_working_here(request)
    one, until = (whole_number(request.POST.get(name, "")) for name in ("reminder", "until"))
    if one is None and until is None:
        raise Http404
    mark_read(
        municipality=request.municipality,
        user=request.user,
        at=timezone.now(),
        reminder_id=one,
        until=until,
    )
    if request.htmx:
        return _panel(request, _unread(request))
    messages.success(request, "Отмечено прочитанным")
    here = request.POST.get("next", "")
    return redirect(here if _is_in_the_portal(here) else reverse("office:reminders", args=[request.municipality.slug]))


def _panel(request: OfficeRequest, unread: Unread) -> HttpResponse:
    """The latest things; the bell behind it shows the same number."""
    told = latest_things(municipality=request.municipality, user_id=request.user.pk)[:IN_PANEL]
    answer = render(request, "messaging/bell_panel.html", {"items": _items(request, told), "unread": unread})
    return trigger_client_event(answer, "bell", _number(unread), after="swap")


def _unread(request: OfficeRequest) -> Unread:
    return unread_things(municipality=request.municipality, user_id=request.user.pk, today=timezone.localdate())


def _items(request: OfficeRequest, things: Any) -> list[BellItem]:
    return items_of_things(
        things, municipality=request.municipality, user_id=request.user.pk, today=timezone.localdate()
    )


def _number(unread: Unread) -> dict[str, Any]:
    """What the bell says: '3' and 'Напоминания: 3 новых'."""
    count = unread.count
    if not count:
        return {"number": "", "words": "Напоминания: новых нет", "newest": 0}
    if count > MOST_COUNTED:
        return {
            "number": f"{MOST_COUNTED}+",
            "words": f"Напоминания: больше {MOST_COUNTED} новых",
            "newest": unread.newest,
        }
    return {
        "number": str(count),
        "words": f"Напоминания: {counted(count, 'новое', 'новых', 'новых')}",
        "newest": unread.newest,
    }


def _is_followed(request: HttpRequest) -> bool:
    """A person goes there: neither a browser that fetches ahead nor a page that shows it as a picture."""
    ahead = {request.headers.get(name, "").lower() for name in ("Sec-Purpose", "Purpose", "X-Moz")}
    if request.method != "GET" or any("prefetch" in one or "prerender" in one or one == "preview" for one in ahead):
        return False
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _is_in_the_portal(url: str) -> bool:
    """A path below a municipality, and nothing that a browser takes for another host."""
    return url.startswith("/m/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
