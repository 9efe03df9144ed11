from django.conf import settings
from django.urls import include, path

from nok_portal.messaging.views.calendar_feed import calendar_feed
from nok_portal.messaging.views.unsubscribe import unsubscribe, unsubscribe_region
from nok_portal.pages.views import public
from nok_portal.reports import views as reports

handler400 = "nok_portal.pages.errors.bad_request"

urlpatterns = [
    path("", public.home, name="home"),
    path("health/", public.health, name="health"),
    path("account/", include("nok_portal.accounts.urls.account")),
    path("support/", include("nok_portal.accounts.urls.support")),
    path("region/<slug:region>/", include("nok_portal.pages.urls.region")),
    path("<slug:municipality>/check/<str:code>/", reports.check, name="check"),
    path("<slug:municipality>/calendar/<str:key>.ics", calendar_feed, name="calendar_feed"),
    path("<slug:municipality>/letters/<str:key>/", unsubscribe, name="unsubscribe"),
    path("letters/<str:key>/", unsubscribe_region, name="unsubscribe_region"),
    path("api/v1/", include("nok_portal.pages.urls.api")),
    path("m/<slug:municipality>/", include("nok_portal.pages.urls.office")),
]
if settings.GALLERY:
    urlpatterns += [path("gallery/", include("nok_portal.pages.urls.gallery"))]
