"""For `bin/test`: the real PostgreSQL and Redis, quick password hashes, mail in memory."""

from .base import *  # noqa: F403
from .base import BASE_DIR, STORAGES, env
from .databases import databases

DEBUG = False
SECRET_KEY = "test-only-not-a-secret"
ALLOWED_HOSTS = ["*"]
DATABASES = databases(env, derive_runtime_role=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
FILES_DIR = BASE_DIR / ".state" / "test-files"
STORAGES["default"]["OPTIONS"] = {"location": FILES_DIR}
CELERY_TASK_ALWAYS_EAGER = False
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
GALLERY = True
