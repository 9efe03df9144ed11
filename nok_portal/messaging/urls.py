from django.urls import path

from . import views

urlpatterns = [
    path("reminders/mine/", views.my_reminders, name="my_reminders"),
]
