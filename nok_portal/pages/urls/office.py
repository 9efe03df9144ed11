"""All pages of one municipality's office, below /m/<municipality>/; each app brings its own."""

from django.urls import include, path

from nok_portal.pages.views import office, organizations_export, search

app_name = "office"

urlpatterns = [
    path("", office.today, name="today"),
    path("search/", search.found, name="search"),
    path("journal/", office.journal, name="journal"),
    path("organizations/export/", organizations_export.organizations_export, name="organizations_export"),
    path("organizations/example/", organizations_export.organizations_example, name="organizations_example"),
    path("", include("nok_portal.tenants.urls")),
    path("", include("nok_portal.accounts.urls.office")),
    path("", include("nok_portal.messaging.urls")),
    path("", include("nok_portal.reports.urls")),
    path("", include("plans.urls")),
]
