"""Celery's side of accounts."""

from django.core.management import call_command

from nok_portal.celery import app


@app.task(name="nok_portal.accounts.tasks.clear_sessions")
def clear_sessions() -> None:
    """Forget sessions that have ended: Django leaves their rows."""
    call_command("clearsessions")
