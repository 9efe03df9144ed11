from django.urls import path

from . import views

urlpatterns = [
    path("reminders/mine/", views.my_reminders, name="my_reminders"),
    path("reminders/mine/calendar/new/", views.feed_renew, name="feed_renew"),
    path("reminders/mine/calendar/close/", views.feed_close, name="feed_close"),
]
