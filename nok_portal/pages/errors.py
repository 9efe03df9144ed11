"""What people see when a request cannot be answered: 400, 409 and 413 beside Django's own pages."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nok_portal.common.errors import StaleVersion

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
NUL = "\x00"


class ErrorPagesMiddleware:
    """Turns what views raise into pages; refuses the character that no database takes before anything sees it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path or any(
            NUL in value for values in request.GET.lists() for value in (values[0], *values[1])
        ):
            return bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TOO_MUCH):
            return too_much(request)
        if isinstance(exception, StaleVersion):
            return render(request, "409.html", {"message": str(exception)}, status=409)
        return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400: the check of the form's token reads the body first, so too much of it ends here."""
    if isinstance(exception, TOO_MUCH):
        return too_much(request)
    return render(request, "400.html", status=400)


def too_much(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", status=413)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)
