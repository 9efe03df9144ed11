"""All pages of one municipality's office, below /m/<municipality>/; each app brings its own."""

from django.urls import include, path

from nok_portal.pages.views import office

app_name = "office"

urlpatterns = [
    path("", office.today, name="today"),
    path("journal/", office.journal, name="journal"),
    path("", include("nok_portal.tenants.urls")),
    path("", include("nok_portal.accounts.urls.office")),
    path("", include("nok_portal.reports.urls")),
    path("", include("plans.urls")),
]
