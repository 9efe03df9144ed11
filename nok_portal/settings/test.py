"""For `bin/test`: the real PostgreSQL and Redis, quick password hashes, mail in memory."""

import os

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
