"""For `bin/run` and `bin/manage` on one's own machine: embedded servers, mail into the log."""

from .base import *
from .base import INSTALLED_APPS, env
from .databases import databases

# the demo and its commands do not exist in production
INSTALLED_APPS = [*INSTALLED_APPS, "nok_portal.demo"]

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="local-only-not-a-secret")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
# commands that need no database run without one
DATABASES = (
    databases(env, derive_runtime_role=True)
    if env.str("DATABASE_URL", default="") or env.str("DATABASE_OWNER_URL", default="")
    else {}
)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
GALLERY = True
