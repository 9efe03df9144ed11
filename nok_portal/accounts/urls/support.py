"""Pages of the portal's support staff, below /support/."""

from django.urls import path

from ..views import support, support_accounts

app_name = "support"

urlpatterns = [
    path("", support.home, name="home"),
    path("regions/add/", support.region_add, name="region_add"),
    path("regions/<slug:region>/", support.region, name="region"),
    path("regions/<slug:region>/edit/", support.region_edit, name="region_edit"),
    path("regions/<slug:region>/invite/", support.region_invite, name="region_invite"),
    path("municipalities/add/", support.municipality_add, name="municipality_add"),
    path("municipalities/<slug:municipality>/", support.municipality, name="municipality"),
    path("municipalities/<slug:municipality>/edit/", support.municipality_edit, name="municipality_edit"),
    path("municipalities/<slug:municipality>/invite/", support.municipality_invite, name="municipality_invite"),
    path("municipalities/<slug:municipality>/enter/", support.municipality_enter, name="municipality_enter"),
    path("municipalities/<slug:municipality>/stop/", support.municipality_stop, name="municipality_stop"),
    path("municipalities/<slug:municipality>/resume/", support.municipality_resume, name="municipality_resume"),
    path("ministry/<int:ministry_id>/end/", support.ministry_end, name="ministry_end"),
    path("visits/<int:visit_id>/end/", support.visit_end, name="end_visit"),
    path("invitations/<int:invitation_id>/resend/", support.invitation_resend, name="invitation_resend"),
    path("invitations/<int:invitation_id>/revoke/", support.invitation_revoke, name="invitation_revoke"),
    path("accounts/", support_accounts.accounts, name="accounts"),
    path("accounts/<int:user_id>/", support_accounts.account, name="account"),
    path("accounts/<int:user_id>/reset/", support_accounts.account_reset, name="account_reset"),
    path("journal/", support_accounts.journal, name="journal"),
]
