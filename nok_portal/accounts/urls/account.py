"""Account pages, below /account/: those of allauth that the portal offers, and the invitation.

No sign-up, no change of address: what is not listed does not exist.
"""

from allauth.account import views as account
from allauth.usersessions import views as usersessions
from django.urls import include, path, re_path

from ..views import account as ours
from ..views import invitations, tokens

urlpatterns = [
    path("", ours.account, name="account"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", usersessions.list_usersessions, name="usersessions_list"),
    path("keys/", tokens.tokens, name="access_tokens"),
    path("keys/new/", tokens.token_new, name="access_token_new"),
    path("keys/<int:token_id>/revoke/", tokens.token_revoke, name="access_token_revoke"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
]
