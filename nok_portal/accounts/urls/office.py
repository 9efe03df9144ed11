"""People and roles of a municipality."""

from django.urls import path

from ..views import people

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/invite/", people.person_invite, name="person_invite"),
    path("people/<int:membership_id>/", people.person, name="person"),
    path("people/<int:membership_id>/change/", people.person_change, name="person_change"),
    path("people/<int:membership_id>/end/", people.person_end, name="person_end"),
    path("people/invitations/<int:invitation_id>/resend/", people.invitation_resend, name="invitation_resend"),
    path("people/invitations/<int:invitation_id>/revoke/", people.invitation_revoke, name="invitation_revoke"),
]
