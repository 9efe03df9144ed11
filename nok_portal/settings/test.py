"""For `bin/test`: the real PostgreSQL and Redis, quick password hashes, mail in memory, a day of its own."""

import os
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from .base import *
from .base import BASE_DIR, CACHES, INSTALLED_APPS, STORAGES, env
from .databases import databases

INSTALLED_APPS = [*INSTALLED_APPS, "nok_portal.demo"]

DEBUG = False
SECRET_KEY = "test-only-not-a-secret"
ALLOWED_HOSTS = ["*"]
DATABASES = databases(env, derive_runtime_role=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Whenever it runs, the suite begins at one moment, noon of a Tuesday in Moscow, and its clock goes on from there, the
# same in every process; `SUITE_BEGINS=2026-12-31T22:30 bin/test …` tries another
BEGINS = datetime.fromisoformat(env.str("SUITE_BEGINS", "2026-11-24T09:00")).replace(tzinfo=UTC)
AHEAD = timedelta(
    seconds=float(os.environ.setdefault("SUITE_IS_AHEAD", f"{(BEGINS - datetime.now(UTC)).total_seconds()}"))
)
setattr(timezone, "now", lambda: datetime.now(UTC) + AHEAD)  # noqa: B010 - typed as a function

# parallel workers keep out of each other's queues, caches and files
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
REDIS_URL = f"{env.str('REDIS_URL').rsplit('/', 1)[0]}/{int(WORKER.removeprefix('gw')) + 1}"
CELERY_BROKER_URL = REDIS_URL
CACHES["default"]["LOCATION"] = REDIS_URL
FILES_DIR = BASE_DIR / ".state" / "test-files" / WORKER
STORAGES["default"]["OPTIONS"] = {**STORAGES["default"]["OPTIONS"], "location": FILES_DIR}

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
GALLERY = True
