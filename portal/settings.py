"""Settings, read from the environment.

Every variable is listed in docs/production.md. Without any, the portal is a complete site on this machine: SQLite,
a Whoosh index and everything else that it makes under `var/`. A value that cannot be understood stops the start with
a sentence that says which variable it is and what it may hold.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from procedures.search.meaning.files import what_is_missing

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()


def from_environment(read, name: str, default, allowed: str):
    """The variable `name` as `read` understands it; ImproperlyConfigured with a sentence when it does not."""
    try:
        return read(name, default=default)
    except (ImproperlyConfigured, ValueError) as error:  # the value itself is not shown: it may hold a password
        raise ImproperlyConfigured(f"{name} is not understood: it is {allowed}.") from error


def boolean(name: str, default: bool) -> bool:
    """A yes or no from the environment; anything else stops the start."""
    value = env.str(name, default=str(default)).strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; it may be true or false.")


def single_sign_on(variables: Mapping[str, str]) -> dict[str, Any]:
    """allauth's providers: the OpenID Connect server that OIDC_SERVER_URL names, or none when no variable is set.

    ImproperlyConfigured with a sentence for a variable that is not known, one that is missing beside the others, and
    a server that is not reached by HTTPS (on this machine, HTTP will do).
    """
    given = {name: value.strip() for name, value in variables.items() if name.startswith("OIDC_") and value.strip()}
    required = ("OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    if unknown := sorted(given.keys() - {*required, "OIDC_NAME"}):
        raise ImproperlyConfigured(f"{unknown[0]} is not known; single sign-on takes {', '.join(required)}, OIDC_NAME.")
    if given and (missing := [name for name in required if name not in given]):
        raise ImproperlyConfigured(
            f"{missing[0]} is not set. Single sign-on needs {', '.join(required)}; set all three, or no OIDC_ variable."
        )
    if not given:
        return {}
    server = urlsplit(given["OIDC_SERVER_URL"])
    is_here = server.hostname in ("localhost", "127.0.0.1")
    if not server.hostname or server.scheme not in (("https", "http") if is_here else ("https",)):
        raise ImproperlyConfigured("OIDC_SERVER_URL is not understood: it is the address of the server, with https://.")
    app = {
        "provider_id": "sso",
        "name": given.get("OIDC_NAME", "single sign-on"),
        "client_id": given["OIDC_CLIENT_ID"],
        "secret": given["OIDC_CLIENT_SECRET"],
        "settings": {"server_url": given["OIDC_SERVER_URL"]},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


DEBUG = boolean("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to a long random text that only this site knows, "
            "or DEBUG=true on a developer's own machine."
        )
    SECRET_KEY = "only-for-a-developer's-own-machine-" + "0" * 40

SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
if not SITE_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}; it starts with http:// or https://.")
if urlsplit(SITE_URL).path:
    raise ImproperlyConfigured(f"SITE_URL is {SITE_URL!r}; the site stands at the root of its host, without a path.")
HTTPS = SITE_URL.startswith("https://")

ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", urlsplit(SITE_URL).hostname or "localhost"]
)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "markdownx",
    "portal",
    "partnerships",
    "procedures",
    "procedures.editing",
    "procedures.search",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.policy.content_security_policy",
    "portal.policy.keep_private",
    "portal.policy.open_to_other_sites",
    "portal.freshness.FreshnessMiddleware",
    "portal.index_follows.index_follows",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Where data is kept -------------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
if not DATABASE_URL.startswith(("sqlite:", "postgres:", "postgresql:")):
    raise ImproperlyConfigured("DATABASE_URL starts with sqlite: or postgres:; nothing else is supported.")
DATABASES = {
    "default": from_environment(
        env.db_url, "DATABASE_URL", DATABASE_URL, "sqlite:///file or postgres://user:password@host:port/name"
    )
}
DATABASES["default"]["CONN_MAX_AGE"] = from_environment(env.int, "CONN_MAX_AGE", 600, "a number of seconds")
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers never wait for a writer (WAL), a writer waits its turn, and what was answered as saved survives a kill
    # and a power cut (synchronous=FULL). Foreign keys are on by Django's default.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
    }

MEDIA_DIR = Path(env.str("MEDIA_DIR", default=str(VAR_DIR / "media")))
if not MEDIA_DIR.is_absolute() or MEDIA_DIR.is_file():
    raise ImproperlyConfigured(f"MEDIA_DIR is {str(MEDIA_DIR)!r}; it is the absolute path of a folder.")
MEDIA_ROOT = MEDIA_DIR  # documents; served by a view that knows each of them, never as a folder
FILE_UPLOAD_HANDLERS = ["procedures.uploads.receiving.Receiver"]

SEARCH_URL = env.str("SEARCH_URL", default=f"whoosh:{VAR_DIR / 'search'}")
if not SEARCH_URL.startswith("whoosh:") and SEARCH_URL != "postgres:":
    raise ImproperlyConfigured(
        f"SEARCH_URL is {SEARCH_URL!r}; it is whoosh: followed by a folder, or postgres: for the database itself."
    )
if SEARCH_URL == "postgres:" and DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("SEARCH_URL is postgres:, and DATABASE_URL names no PostgreSQL database.")
SEARCH_MODEL = env.str("SEARCH_MODEL", default="")
if SEARCH_MODEL and (fault := what_is_missing(Path(SEARCH_MODEL))):
    raise ImproperlyConfigured(f"SEARCH_MODEL is {SEARCH_MODEL!r}; {fault}.")
SEARCH_WRITES_AT_ONCE = False  # whether a search waits until the index has been brought up to date

# Two caches, so that the limits on signing in hold for all processes of a machine without any setting: pages are kept
# in each process's memory, what allauth counts in files. CACHE_URL puts both in one place, for several machines.
CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    alias: from_environment(
        env.cache_url,
        "CACHE_URL",
        CACHE_URL or default,
        "locmemcache://name, dbcache://table or rediscache://host:port",
    )
    for alias, default in (("default", f"filecache://{VAR_DIR / 'cache'}"), ("pages", "locmemcache://pages"))
}
for _cache in CACHES.values():
    if "locmem" in _cache["BACKEND"]:
        _cache.setdefault("OPTIONS", {"MAX_ENTRIES": 2000})

EMAIL_CONFIG = from_environment(
    env.email_url, "EMAIL_URL", "consolemail://", "consolemail:// or smtp+tls://user:password@host:port"
)
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default=f"no-reply@{urlsplit(SITE_URL).hostname}")

# --- Language and time --------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"  # the day that a version takes effect begins at midnight in England
USE_I18N = False
USE_TZ = True

# --- Static files -------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "portal.static_files.StaticFilesStorage"
    },
}

# --- The editors' Markdown field ------------------------------------------------------------------------------------

# As shipped, django-markdownx previews and stores for anybody whatever is sent to it. Its own addresses are not among
# ours, each draft's field names that draft's (procedures.editing.text_form), and what is left of it renders safely and
# takes no file.
MARKDOWNX_URLS_PATH = MARKDOWNX_UPLOAD_URLS_PATH = ""
MARKDOWNX_MARKDOWNIFY_FUNCTION = "procedures.editing.preview.markdownify"
MARKDOWNX_UPLOAD_CONTENT_TYPES: list[str] = []
MARKDOWNX_EDITOR_RESIZABLE = False  # text and preview scroll side by side

# --- Accounts -----------------------------------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workspace"
TRUSTED_PROXIES = from_environment(env.int, "TRUSTED_PROXIES", 0, "the number of reverse proxies in front of the site")

ACCOUNT_ADAPTER = "portal.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # whoever has no account gets no e-mail either
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a changed password, a second factor set up or taken away
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one counts when it is verified
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_SESSION_REMEMBER = False  # closing the browser ends the session: desks in front offices are shared
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_DISPLAY = "portal.accounts.name_of"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

MFA_ADAPTER = "portal.accounts.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # on http://localhost alone: browsers offer no passkeys elsewhere

SOCIALACCOUNT_ADAPTER = "portal.accounts.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # known by an e-mail address that the provider has verified
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = single_sign_on(env.ENVIRON)

# --- Security: strict where the site is served over HTTPS ------------------------------------------------------------

# The site stands at the root of its host. gunicorn takes a SCRIPT_NAME header from a proxy on the same machine, which
# may have it from anybody: with it today's regional page would be kept as a partnership's page of another day.
FORCE_SCRIPT_NAME = ""
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"
SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # a load balancer asks over plain HTTP
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = from_environment(env.int, "HSTS_SECONDS", 365 * 24 * 3600, "a number of seconds")
    SECURE_HSTS_INCLUDE_SUBDOMAINS = boolean("HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = boolean("HSTS_PRELOAD", default=True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A request for a host that is not ours is answered with 400, and worth no traceback.
    "loggers": {"django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
