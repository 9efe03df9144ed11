from django.urls import path

from .views import letters, personal

urlpatterns = [
    path("letters/", letters.letters, name="letters"),
    path("letters/again/", letters.several_again, name="letters_again"),
    path("letters/<uuid:letter_id>/", letters.letter, name="letter"),
    path("letters/<uuid:letter_id>/again/", letters.again, name="letter_again"),
    path("reminders/mine/", personal.my_reminders, name="my_reminders"),
    path("reminders/mine/calendar/new/", personal.feed_renew, name="feed_renew"),
    path("reminders/mine/calendar/close/", personal.feed_close, name="feed_close"),
]
