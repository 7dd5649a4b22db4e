"""Settings, read from the environment (docs/settings.md lists every name)."""

import os
from datetime import timedelta
from pathlib import Path

from vardnav.config import database, logs, secret

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = database.data_dir()
DEMO = os.environ.get("VARDNAV_DEMO") == "1"
DEBUG = os.environ.get("VARDNAV_DEBUG") == "1"
SECRET_KEY = secret.key(DATA_DIR)
AUDIT_KEYS = secret.audit_keys(DATA_DIR)
AUDIT_ANCHORS = Path(os.environ.get("VARDNAV_AUDIT_ANCHORS", DATA_DIR / "anchors"))  # outside the database
AUDIT_YEARS = secret.years_of_log(os.environ.get("VARDNAV_AUDIT_YEARS", "10"))
SYSTEM_HSA_ID = os.environ.get("VARDNAV_SYSTEM_HSA_ID", "")
ALLOWED_HOSTS = os.environ.get("VARDNAV_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
LIVE_URL = os.environ.get("VARDNAV_LIVE_URL", "/live/")
CONTACT_EMAIL = os.environ.get("VARDNAV_CONTACT_EMAIL", "")
METRICS_TOKEN = os.environ.get("VARDNAV_METRICS_TOKEN", "")
PRODUCTION = not (DEMO or DEBUG)
SERVING = os.environ.get("VARDNAV_SERVING") == "1"  # set by `vardnav serve` for its processes
LOGGING = logs.settings(os.environ.get("VARDNAV_LOG_LEVEL", "INFO"))

ROOMS = [
    "audit",
    "identity",
    "outbox",
    "live",
    "places",
    "parameters",
    "incidents",
    "organisation",
    "patients",
    "listing",
    "reviews",
    "followup",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "procrastinate.contrib.django",
    *[f"vardnav.{room}" for room in ROOMS],
    "vardnav.web",
]
MIDDLEWARE = [
    "vardnav.config.middleware.numbered",
    "django.middleware.security.SecurityMiddleware",
    "vardnav.config.middleware.guarded",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "vardnav.web.session.actor_of_session",
    "vardnav.web.refusals.refusals_as_pages",
]
ROOT_URLCONF = "vardnav.config.urls"
WSGI_APPLICATION = "vardnav.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*sorted((BASE_DIR / "web").glob("*/templates")), BASE_DIR / "api/templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "vardnav.web.frame.context.frame",
            ],
        },
    },
]

DATABASES = {"default": database.settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.Account"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"  # each room's own work in the background

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("VARDNAV_STATIC_ROOT", DATA_DIR / "static"))
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not SERVING
_hashed = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _hashed if SERVING else _plain},
}

OIDC = {  # the providers of identity: issuer, our id there, our secret
    "staff": (
        os.environ.get("VARDNAV_OIDC_STAFF_ISSUER", ""),
        os.environ.get("VARDNAV_OIDC_STAFF_CLIENT_ID", ""),
        os.environ.get("VARDNAV_OIDC_STAFF_CLIENT_SECRET", ""),
    ),
    "residents": (
        os.environ.get("VARDNAV_OIDC_RESIDENTS_ISSUER", ""),
        os.environ.get("VARDNAV_OIDC_RESIDENTS_CLIENT_ID", ""),
        os.environ.get("VARDNAV_OIDC_RESIDENTS_CLIENT_SECRET", ""),
    ),
}
SESSION_ENGINE = "vardnav.web.session_store"
STAFF_SESSION = (  # unused at most, and at most
    timedelta(minutes=int(os.environ.get("VARDNAV_STAFF_IDLE_MINUTES", "30"))),
    timedelta(hours=int(os.environ.get("VARDNAV_STAFF_SESSION_HOURS", "8"))),
)
RESIDENT_SESSION = (
    timedelta(minutes=int(os.environ.get("VARDNAV_RESIDENT_IDLE_MINUTES", "20"))),
    timedelta(hours=int(os.environ.get("VARDNAV_RESIDENT_SESSION_HOURS", "4"))),
)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # on a computer that several use
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"  # back from a provider: not Strict
if PRODUCTION:  # the browser itself sees to it that no other host, and no plain HTTP, sets or gets them
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME = "__Host-language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # what was done to whom is no cookie
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SILENCED_SYSTEM_CHECKS = [
    "security.W008",
    "security.W021",
]  # the proxy redirects; preloading is the region's choice
PASSKEY_DOMAIN = os.environ.get("VARDNAV_PASSKEY_DOMAIN", "")
BEHIND_PROXY = os.environ.get("VARDNAV_BEHIND_PROXY") == "1"
if BEHIND_PROXY:  # only then may a header say that the reader came by HTTPS
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz$", "^healthz/alive$", "^metrics$", "^api/v1/"]  # the API refuses instead
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
