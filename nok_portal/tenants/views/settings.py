"""A municipality's own names, head, time zone and logo."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from nok_portal.common.errors import DomainError

from ..access import office_page
from ..forms.places import MunicipalityForm
from ..requests import OfficeRequest
from ..rights import Right
from ..selectors.places import history_of_municipality
from ..services.places import PlaceRefused, change_municipality


@office_page(Right.MANAGE_SETTINGS)
def settings(request: OfficeRequest) -> HttpResponse:
    """What documents and letters say of the municipality, and who changed it when."""
    return render(request, "tenants/settings.html", {"history": history_of_municipality(request.municipality)})


@office_page(Right.MANAGE_SETTINGS)
def settings_edit(request: OfficeRequest) -> HttpResponse:
    municipality = request.municipality
    form = MunicipalityForm(request.POST or None, request.FILES or None, instance=municipality)
    if request.method == "POST" and form.is_valid():
        try:
            change_municipality(
                municipality=municipality,
                facts=form.facts,
                version=form.cleaned_data["version"] or 0,
                logo=form.cleaned_data["logo_file"],
                actor=request.user,
                at=timezone.now(),
            )
        except PlaceRefused as refusal:
            form.show(refusal.problems)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Сохранено")
            return redirect("office:settings", municipality.slug)
    return render(request, "tenants/settings_edit.html", {"form": form}, status=422 if form.errors else 200)
