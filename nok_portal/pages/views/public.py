from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from nok_portal.accounts.selectors import workplaces_of
from nok_portal.tenants.access import public_page


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Where a person's work is: their only workplace, a choice of several, or the log-in page."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    workplaces = workplaces_of(request.user)
    if len(workplaces) == 1:
        return redirect(workplaces[0].url)
    return render(request, "pages/home.html", {"workplaces": workplaces})


@public_page
def health(request: HttpRequest) -> HttpResponse:
    """For load balancers: the process answers and the database does too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
