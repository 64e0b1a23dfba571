"""Settings. Everything that differs between installations comes from the environment (see .env.example)."""

import secrets
from contextlib import suppress
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


def _kept_secret(name: str) -> str:
    """Return a secret from the environment, or one made on first use and kept in var/ for this installation alone."""
    if value := str(env.str(name, "")):
        return value
    file = VAR_DIR / "secrets" / name.lower()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_suffix(f".{secrets.token_hex(4)}")
        draft.write_text(secrets.token_hex(32))
        draft.chmod(0o600)
        # A link fails if another process was first: both then read the same secret.
        with suppress(FileExistsError):
            file.hardlink_to(draft)
        draft.unlink()
    return file.read_text().strip()


DEBUG = env.bool("DEBUG", False)
SECRET_KEY = _kept_secret("SECRET_KEY")
PROTECTED_FIELDS_KEY = _kept_secret("PROTECTED_FIELDS_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_FAILURE_VIEW = "wushe.faces.www.account.views.refused"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "ninja",
    "wushe.foundation.access",
    "wushe.foundation.journal",
    "wushe.foundation.presets",
    "wushe.foundation.workdays",
    "wushe.foundation.devices",
    "wushe.foundation.jobs",
    "wushe.foundation.idempotency",
    "wushe.foundation.tokens",
    "wushe.foundation.webhooks",
    "wushe.registers.areas",
    "wushe.registers.desk",
    "wushe.registers.people",
    "wushe.registers.organisations",
    "wushe.registers.workforce",
    "wushe.registers.volunteers",
    "wushe.registers.facilities",
    "wushe.registers.communities",
    "wushe.registers.donors",
    "wushe.registers.catalogue",
    "wushe.registers.duplicates",
    "wushe.registers.rounds",
    "wushe.registers.forms",
    "wushe.ledgers",
    "wushe.chain.needs",
    "wushe.chain.projects",
    "wushe.chain.resources",
    "wushe.chain.orders",
    "wushe.chain.dispatch",
    "wushe.chain.visits",
    "wushe.chain.verification",
    "wushe.chain.settlement",
    "wushe.lines.time_bank",
    "wushe.lines.selections",
    "wushe.lines.wishes",
    "wushe.lines.volunteering",
    "wushe.lines.charity",
    "wushe.lines.goods",
    "wushe.lines.payments",
    "wushe.practice.door_knock",
    "wushe.practice.hotline",
    "wushe.practice.children",
    "wushe.practice.due_visits",
    "wushe.practice.scouts",
    "wushe.practice.grid",
    "wushe.governance.check_in",
    "wushe.governance.judging",
    "wushe.oversight",
    "wushe.demonstration",
    "wushe.faces.www",
    "wushe.faces.api",
    "wushe.faces.jobs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "wushe.faces.www.middleware.ContentSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wushe.faces.www.middleware.PlainTextMiddleware",
    "wushe.faces.www.middleware.ActorMiddleware",
    "wushe.faces.www.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "wushe.faces.www.context.shell",
            ],
        },
    },
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'wushe.sqlite3'}")}
_database = DATABASES["default"]
# One connection for each thread, kept: the web server has a fixed number of threads, and each keeps what it prepared.
_database["CONN_MAX_AGE"] = None
if _database["ENGINE"] == "django.db.backends.sqlite3":
    Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    _database["OPTIONS"] = {
        # A writer takes its lock at the start: no dead end between two readers that both want to write.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={env.str('SQLITE_SYNCHRONOUS', 'FULL')};"
            "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-20000;"
        ),
    }

# PostgreSQL keeps the plans of the queries that are asked the most; not behind a pooler that mixes up sessions.
POSTGRES_KEEPS_PLANS = env.bool("POSTGRES_KEEPS_PLANS", True)

# One durable write for several calls that wait together (SQLite only; see foundation/calls.py).
GROUP_COMMIT = env.bool("GROUP_COMMIT", False)

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["wushe.faces.www.account.sessions.AccountBackend"]
SESSION_ENGINE = "wushe.faces.www.account.sessions"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS", False)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.str("STATIC_BACKEND", "whitenoise.storage.CompressedManifestStaticFilesStorage")},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# The machine interface (docs/guides/api.md). Under which address this installation is known to others.
SITE_URL = env.str("SITE_URL", "").rstrip("/")
API_TOKEN_LONGEST_DAYS = env.int("API_TOKEN_LONGEST_DAYS", 366)
API_MOST_PER_MINUTE = env.int("API_MOST_PER_MINUTE", 1200)
# The service directory is readable without a token.
PUBLIC_DIRECTORY = env.bool("PUBLIC_DIRECTORY", False)
# Events may go to plain http and to addresses inside the own network: for trying out, or a receiver next door.
WEBHOOKS_INSIDE = env.bool("WEBHOOKS_INSIDE", False)

DEMONSTRATION = env.bool("DEMONSTRATION", False)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
}
