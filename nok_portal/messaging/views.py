"""A person's own reminders: what comes by letter, how often, and the address of the calendar."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from nok_portal.common.errors import DomainError
from nok_portal.tenants.access import office_page
from nok_portal.tenants.requests import OfficeRequest

from .forms import PersonalForm
from .people import Staff, directory
from .selectors.sent import personal_settings_of
from .services.settings import change_personal_reminders


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
