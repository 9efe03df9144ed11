from .feeds import FeedKey
from .mail import OutgoingMail
from .reminders import Reminder, ReminderRun
from .settings import EscalationPerson, PersonalReminders, ReminderSettings

__all__ = [
    "EscalationPerson",
    "FeedKey",
    "OutgoingMail",
    "PersonalReminders",
    "Reminder",
    "ReminderRun",
    "ReminderSettings",
]
