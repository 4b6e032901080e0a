"""Settings: everything comes from the environment, and nothing has to."""

import os
import secrets
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
import jinja2
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

os.umask(0o077)  # whatever a process of the register writes is for its own user alone
BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = BASE_DIR / "var"
if STATE_DIR.is_dir() and STATE_DIR.stat().st_mode & 0o077:
    with suppress(PermissionError):  # of another user: the check of open files tells
        STATE_DIR.chmod(0o700)


def kept_secret(path):
    """Return the secret kept in ``path``, made on the first call with a mode that only its owner can read."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        return path.read_text().strip()


def listed(name, default):
    """Return the comma-separated setting ``name`` as a list."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def nought_or_one(name, given, meanings):
    """Return the setting ``name``, 0 or 1, as a number. Raises ``ImproperlyConfigured`` with the ``meanings`` otherwise."""
    if given.strip() not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} is “{given}”. It can be {meanings}.")
    return int(given)


def whole_number(name, given):
    """Return the setting ``name`` as a number above zero. Raises ``ImproperlyConfigured`` for anything else."""
    if not given.strip().isdecimal() or not int(given):
        raise ImproperlyConfigured(f"{name} is “{given}”. It must be a whole number above 0.")
    return int(given)


def one_of(name, given, meanings):
    """Return the setting ``name`` if it is a key of ``meanings``. Raises ``ImproperlyConfigured`` with them otherwise."""
    if given.strip() not in meanings:
        known = ", ".join(f"{value} ({meaning})" for value, meaning in meanings.items())
        raise ImproperlyConfigured(f"{name} is “{given}”. It can be: {known}.")
    return given.strip()


DEBUG = False
TESTING = "pytest" in sys.modules
SECRET_KEY = os.environ.get("SECRET_KEY") or (
    secrets.token_urlsafe(50) if TESTING else kept_secret(STATE_DIR / "secret_key")
)
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [
    f"https://{host}" for host in ALLOWED_HOSTS if host not in {"127.0.0.1", "localhost", "[::1]", "*"}
]

REGISTER_NAME = os.environ.get("REGISTER_NAME", "Heritage Register")
NAAN = os.environ.get("NAAN", "")
REVIEWERS_NEEDED = nought_or_one(
    "REVIEWERS_NEEDED",
    os.environ.get("REVIEWERS_NEEDED") or "1",
    "0 (one person may edit and publish) or 1 (a second person reviews)",
)
ARCHIVE_KEY = os.environ.get("ARCHIVE_KEY", "")
TIMESTAMP_URL = os.environ.get("TIMESTAMP_URL", "")
TILES_URL = os.environ.get("TILES_URL", "https://tile.openstreetmap.org/{z}/{x}/{y}.png")
TILES_CREDIT = os.environ.get("TILES_CREDIT", "© OpenStreetMap contributors")

INSTALLED_APPS = [
    "heritage.registry.apps.WorkbenchConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "js_lib_leaflet",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "heritage.registry",
    "heritage.accounts",
    "heritage.catalogue",
    "heritage.intake",
    "heritage.archive",
]

MIDDLEWARE = [
    "heritage.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "heritage.wrong_input.WrongInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "heritage.middleware.limit_bodies",
    "heritage.middleware.limit_downloads",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "heritage.accounts.sessions.TimeOut",
    "heritage.accounts.sessions.SecondFactor",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "heritage.urls"
WSGI_APPLICATION = "heritage.wsgi.application"

# The reading room's pages are Jinja2 (several times faster on long lists); the admin keeps Django's own templates.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "OPTIONS": {
            "environment": "heritage.public.environment.environment",
            "loader": jinja2.PrefixLoader(
                {name: jinja2.FileSystemLoader(BASE_DIR / "templates" / name) for name in ("public", "archive")}
            ),
            "undefined": jinja2.StrictUndefined,
            "trim_blocks": True,
            "lstrip_blocks": True,
        },
    },
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

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; "
        "PRAGMA mmap_size=1073741824; PRAGMA temp_store=MEMORY;"
    ),
}
#: Questions of milliseconds: compiling one or starting more processes for it takes longer, and no disk is turned for a page.
#: ``?options=`` in the address of the database takes their place.
POSTGRESQL_OPTIONS = "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1"
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{STATE_DIR / 'register.sqlite3'}", conn_max_age=600, conn_health_checks=True
    )
}
if os.environ.get("DATABASE_REPLICA_URL"):
    DATABASES["replica"] = dj_database_url.parse(
        os.environ["DATABASE_REPLICA_URL"], conn_max_age=600, conn_health_checks=True
    ) | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["heritage.catalogue.replica.Router"]
for database in DATABASES.values():
    options = database.setdefault("OPTIONS", {})
    if database["ENGINE"].endswith("sqlite3"):
        options.update(SQLITE_OPTIONS)
    elif database["ENGINE"].endswith("postgresql"):
        options.setdefault("options", POSTGRESQL_OPTIONS)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
AUTHENTICATION_BACKENDS = ["heritage.accounts.throttling.Backend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "heritage.accounts.throttling.Handler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)  # failures that are older are forgotten, and their rows deleted
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "heritage.accounts.throttling.client_address"
AXES_LOCKOUT_CALLABLE = "heritage.accounts.throttling.locked_page"
AXES_DISABLE_ACCESS_LOG = True  # the journal has it
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
SECOND_FACTOR = one_of(
    "SECOND_FACTOR",
    os.environ.get("SECOND_FACTOR") or "reviewers",
    {
        "everyone": "everybody at the desk needs one",
        "reviewers": "reviewers, administrators and superusers need one",
        "optional": "nobody needs one; whoever has set one up is asked for it",
    },
)
OTP_TOTP_ISSUER = REGISTER_NAME
SESSION_IDLE_MINUTES = whole_number("SESSION_IDLE_MINUTES", os.environ.get("SESSION_IDLE_MINUTES") or "60")
SESSION_HOURS = whole_number("SESSION_HOURS", os.environ.get("SESSION_HOURS") or "12")
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # seconds that a link to set a password works, unless it is used before
EMAIL_URL = urlsplit(os.environ.get("EMAIL_URL", ""))
EMAIL_CONFIGURED = bool(EMAIL_URL.hostname)
if EMAIL_URL.geturl() and not (EMAIL_CONFIGURED and EMAIL_URL.scheme in {"smtp", "smtp+tls", "smtps"}):
    raise ImproperlyConfigured("EMAIL_URL must be like smtp+tls://user:password@host:587 (smtp, smtp+tls or smtps).")
EMAIL_HOST, EMAIL_PORT = (
    EMAIL_URL.hostname or "localhost",
    EMAIL_URL.port or {"smtps": 465, "smtp": 25}.get(EMAIL_URL.scheme, 587),
)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(EMAIL_URL.username or ""), unquote(EMAIL_URL.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_URL.scheme == "smtp+tls", EMAIL_URL.scheme == "smtps"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or "register@localhost"
ADMINISTRATOR_CONTACT = os.environ.get("ADMINISTRATOR_CONTACT", "")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "heritage" / "public" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 600
MEDIA_ROOT = STATE_DIR / "media"
IMPORTS_DIR = Path(
    os.environ.get("IMPORTS_DIR") or STATE_DIR / "imports"
)  # never served: suppliers' files as they came
DEPOSITS_DIR = Path(os.environ.get("DEPOSITS_DIR") or STATE_DIR / "deposits")  # never served: bags made at the desk
IMPORT_MAX_MB = whole_number("IMPORT_MAX_MB", os.environ.get("IMPORT_MAX_MB") or "500")
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "heritage.intake.uploads.TemporaryFiles",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    5_000_000  # what is sent beside files; how much may be sent at all is in heritage/limits.py
)

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_TLS_PROXY = bool(os.environ.get("BEHIND_TLS_PROXY"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS_PROXY else None
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS_PROXY
SILENCED_SYSTEM_CHECKS = ["security.W004"]  # HSTS binds a whole host for months: its proxy sets it, not one application
SESSION_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *({TILES_URL.split("/{")[0].replace("{s}", "*")} if "://" in TILES_URL else ())],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
