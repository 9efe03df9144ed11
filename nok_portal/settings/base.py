"""Settings that every environment shares; what differs is in local, test and production."""

from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parents[2]
NODE_MODULES = BASE_DIR / "node_modules"

env = environ.Env()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "nok_portal.common",
    "nok_portal.audit",
    "nok_portal.tenants",
    "nok_portal.messaging",
    "nok_portal.accounts",
    "nok_portal.reports",
    "plans",
    "nok_portal.pages",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nok_portal.pages.errors.ErrorPagesMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # notes the visit in a short transaction of its own: inside the long one it would hold the session's row
    "nok_portal.accounts.middleware.LastSeenMiddleware",
    # one transaction and one tenant scope a request; everything below runs inside them
    "nok_portal.tenants.middleware.TransactionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "nok_portal.accounts.middleware.AccessMiddleware",
]

ROOT_URLCONF = "nok_portal.urls"
WSGI_APPLICATION = "nok_portal.wsgi.application"
ASGI_APPLICATION = "nok_portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["nok_portal.pages.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nok_portal.pages.context.shell",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Two roles: `default` is the runtime role, which owns nothing and is bound by row-level security;
# `owner` migrates, makes test databases and backs up. DATABASES is filled by each environment.
DATABASE_ROUTERS = ["nok_portal.tenants.routers.RuntimeRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "nok_portal.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is verified by its invitation link
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/10m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no letters
ACCOUNT_FORMS = {
    "login": "nok_portal.accounts.forms.account.LoginForm",
    "reset_password": "nok_portal.accounts.forms.account.ResetPasswordForm",
    "reset_password_from_key": "nok_portal.accounts.forms.account.ResetPasswordKeyForm",
    "change_password": "nok_portal.accounts.forms.account.ChangePasswordForm",
    "reauthenticate": "nok_portal.accounts.forms.account.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "nok_portal.accounts.forms.account.AuthenticateForm",
    "reauthenticate": "nok_portal.accounts.forms.account.SecondFactorReauthenticateForm",
    "activate_totp": "nok_portal.accounts.forms.account.ActivateTOTPForm",
}
MFA_ADAPTER = "nok_portal.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "НОК-портал"
MFA_TOTP_TOLERANCE = 1
USERSESSIONS_TRACK_ACTIVITY = True
# administrators must have a second factor before they reach an office page
SECOND_FACTOR_REQUIRED = False

# an open page asks so often whether there are new reminders; the session ends when it would have ended anyway
BELL_SECONDS = env.int("BELL_SECONDS", default=60)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "nok_portal.pages.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# the read API: a key opens it (accounts.middleware), never the session
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["nok_portal.accounts.api.KeyAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "nok_portal.accounts.api.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["nok_portal.accounts.api.KeyThrottle"],
    "DEFAULT_THROTTLE_RATES": {"key": "120/min"},
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "НОК-портал: чтение данных",
    "DESCRIPTION": (
        "Планы, мероприятия, сроки и организации муниципалитета: то же, что на экранах, и с теми же правами."
        " Ключ создаётся в учётной записи («Ключи для программ») и передаётся в заголовке Authorization: Bearer nok_…"
    ),
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
}

LANGUAGE_CODE = "ru"
TIME_ZONE = "Europe/Moscow"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("vendor/sortablejs", NODE_MODULES / "sortablejs"),
    ("vendor/golos", NODE_MODULES / "@fontsource-variable" / "golos-text"),
]

FILES_DIR = Path(env.str("FILES_DIR", default=str(BASE_DIR / ".state" / "files")))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "nok_portal.tenants.storage.WholeFileStorage",
        "OPTIONS": {"location": FILES_DIR},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_PERMISSIONS = 0o600

# where links in mails and documents lead
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="НОК-портал <portal@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# a batch of letters must end before their claim does (messaging.services.mail.HOLD)
EMAIL_TIMEOUT = 15

REDIS_URL = env.str("REDIS_URL", default="")
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "nok",
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "default"
# a job's kind says whether it goes to the queue `pdf` (reports.jobs.JobKind)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
# off: nobody is reminded until `manage.py remind` or the switch; other letters go on
REMINDERS = env.bool("REMINDERS", default=True)
# beat has fixed ticks only; what is due is decided from rows. What is done once a day has its hour, so that a
# beat started anew each day gets to it too
CELERY_BEAT_SCHEDULE = {
    "send-waiting-mail": {"task": "nok_portal.messaging.tasks.send_waiting_mail", "schedule": 30.0},
    "remind": {"task": "nok_portal.messaging.tasks.remind", "schedule": crontab(minute="*/10")},
    "pick-up-jobs": {"task": "nok_portal.reports.tasks.pick_up_jobs", "schedule": 60.0},
    "drop-expired-imports": {"task": "plans.tasks.drop_expired_imports", "schedule": 60 * 60.0},
    "drop-organization-imports": {
        "task": "nok_portal.tenants.tasks.drop_expired_imports",
        "schedule": crontab(hour=3, minute=10),
    },
    # after the drafts, whose files it finds
    "remove-orphan-files": {
        "task": "nok_portal.reports.tasks.remove_orphan_files",
        "schedule": crontab(hour=3, minute=30),
    },
    "clear-sessions": {"task": "nok_portal.accounts.tasks.clear_sessions", "schedule": crontab(hour=3, minute=40)},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
