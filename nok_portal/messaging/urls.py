from django.urls import path

from .views import bell, letters, municipal, personal

urlpatterns = [
    path("reminders/", bell.reminders, name="reminders"),
    path("reminders/bell/", bell.bell, name="bell"),
    path("reminders/read/", bell.reminders_read, name="reminders_read"),
    path("reminders/<int:reminder_id>/", bell.reminder, name="reminder"),
    path("letters/", letters.letters, name="letters"),
    path("letters/again/", letters.several_again, name="letters_again"),
    path("letters/<uuid:letter_id>/", letters.letter, name="letter"),
    path("letters/<uuid:letter_id>/again/", letters.again, name="letter_again"),
    path("settings/reminders/", municipal.reminder_settings, name="reminder_settings"),
    path("settings/reminders/foretold/", municipal.reminder_foretold, name="reminder_foretold"),
    path("settings/reminders/preview/", municipal.reminder_preview, name="reminder_preview"),
    path("settings/reminders/letter/", municipal.reminder_letter, name="reminder_letter"),
    path("settings/reminders/trial/", municipal.reminder_trial, name="reminder_trial"),
    path("settings/reminders/shipped/", municipal.reminder_settings_shipped, name="reminder_settings_shipped"),
    path("reminders/mine/", personal.my_reminders, name="my_reminders"),
    path("reminders/mine/calendar/new/", personal.feed_renew, name="feed_renew"),
    path("reminders/mine/calendar/close/", personal.feed_close, name="feed_close"),
]
