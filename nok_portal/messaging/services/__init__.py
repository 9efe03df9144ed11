"""Letters and reminders: rows first, sent by tasks."""

from .mail import queue_mail

__all__ = ["queue_mail"]
