"""Pages of a region's ministry, below /region/<region>/."""

from django.urls import path

from nok_portal.messaging.views import regional
from nok_portal.pages.views import region

app_name = "region"

urlpatterns = [
    path("", region.home, name="home"),
    path("letter/", regional.letter, name="letter"),
]
