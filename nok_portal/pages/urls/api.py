"""The read API, below /api/v1/: what it is, and what it answers for one municipality."""

from django.urls import include, path

from nok_portal.pages.views.api import ApiDescription
from nok_portal.tenants import api as tenants
from plans import api as plans

app_name = "api"

of_municipality = [
    path("organizations/", tenants.OrganizationList.as_view(), name="organizations"),
    path("plans/", plans.PlanList.as_view(), name="plans"),
    path("plans/<int:plan_id>/", plans.PlanDetail.as_view(), name="plan"),
    path("plans/<int:plan_id>/activities/", plans.ActivityList.as_view(), name="activities"),
    path("due-dates/", plans.DueDateList.as_view(), name="due_dates"),
]
urlpatterns = [
    path("schema/", ApiDescription.as_view(), name="schema"),
    path("m/<slug:municipality>/", include(of_municipality)),
]
