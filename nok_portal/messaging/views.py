"""A person's own reminders: what comes by letter, how often, and the address of the calendar."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from nok_portal.common.errors import DomainError
from nok_portal.tenants.access import office_page, public_page
from nok_portal.tenants.requests import OfficeRequest, PortalRequest

from .forms import PersonalForm
from .people import Staff, directory
from .selectors.sent import personal_settings_of
from .services.feeds import feed_file, owner_of_feed
from .services.settings import change_personal_reminders


@public_page
@never_cache
@require_safe
def calendar_feed(request: PortalRequest, key: str) -> HttpResponse:
    """A person's calendar for programs that know its secret address; every other address is not there."""
    assert request.municipality is not None
    owner = owner_of_feed(municipality=request.municipality, key=key)
    if owner is None:
        raise Http404
    content = feed_file(municipality=request.municipality, user_id=owner, at=timezone.now())
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="nok.ics"', "X-Robots-Tag": "noindex"},
    )


@office_page()
def my_reminders(request: OfficeRequest) -> HttpResponse:
    """Where every letter with reminders leads; only what is the person's own is changed here."""
    if request.method == "POST" and not request.standing.may_write:
        raise PermissionDenied("Напоминания этого муниципалитета получают те, кто в нём работает.")
    municipality = request.municipality
    row = personal_settings_of(municipality, request.user.pk)
    staff = directory().staff([municipality.pk]).get(municipality.pk, Staff())
    form = PersonalForm(request.POST if request.method == "POST" else None, row=row, people=staff.people)
    if request.method == "POST" and form.is_valid():
        try:
            change_personal_reminders(
                municipality=municipality,
                user=request.user,
                wishes=form.wishes,
                version=form.cleaned_data["version"],
                at=timezone.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Сохранено")
            return redirect("office:my_reminders", municipality.slug)
    return render(request, "messaging/my_reminders.html", {"form": form}, status=422 if form.errors else 200)
