from django.urls import path

from .views import personal

urlpatterns = [
    path("reminders/mine/", personal.my_reminders, name="my_reminders"),
    path("reminders/mine/calendar/new/", personal.feed_renew, name="feed_renew"),
    path("reminders/mine/calendar/close/", personal.feed_close, name="feed_close"),
]
