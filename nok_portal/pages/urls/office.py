"""All pages of one municipality's office, below /m/<municipality>/."""

from django.urls import path

app_name = "office"

urlpatterns: list = [
]
