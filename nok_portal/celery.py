"""The Celery application: `celery -A nok_portal worker` and `… beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nok_portal.settings.local")

app = Celery("nok_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
