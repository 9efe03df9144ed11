from .feeds import FeedKey
from .mail import OutgoingMail
from .reminders import Reminder, ReminderRun
from .settings import DeclinedRegionLetter, EscalationPerson, PersonalReminders, ReminderSettings

__all__ = [
    "DeclinedRegionLetter",
    "EscalationPerson",
    "FeedKey",
    "OutgoingMail",
    "PersonalReminders",
    "Reminder",
    "ReminderRun",
    "ReminderSettings",
]
