"""Whose reminders a municipality has: of those who work in it."""

from django.core.exceptions import PermissionDenied

from nok_portal.tenants.requests import OfficeRequest


def only_working_here(request: OfficeRequest) -> None:
    if not request.standing.works_here:
        raise PermissionDenied("Напоминания этого муниципалитета получают те, кто в нём работает.")
