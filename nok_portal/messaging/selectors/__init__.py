"""Reads of reminders: what is to be told, what a person's bell shows, what became of letters."""

from .foreseen import Foreseen, foreseen

__all__ = ["Foreseen", "foreseen"]
