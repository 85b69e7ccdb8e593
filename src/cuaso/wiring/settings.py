"""Django's settings. Everything that differs between houses comes from the environment.

DATABASE_URL   postgresql://… ; `./cuaso` fills it in when the house keeps its own cluster
CUASO_MODE     demo (default), test or production
CUASO_VAR      the folder of everything that the house keeps outside the database
"""

from pathlib import Path

from cuaso.wiring import engines, environment

HOUSE = Path(__file__).resolve().parents[1]
ROOT = HOUSE.parents[1]
MODE = environment.mode()
VAR = environment.var_folder(default=ROOT / "var")
PACKS = environment.packs_folder(default=ROOT / "packs")

DEBUG = False
SECRET_KEY = environment.secret_key(VAR)
SECRET_KEY_FALLBACKS = environment.secret_keys_before()
ALLOWED_HOSTS = environment.hosts()
CSRF_TRUSTED_ORIGINS = environment.origins()
PUBLIC_URL = environment.public_url()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    # Its other configuration puts a template loader of its own in the place of ours.
    "django_cotton.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "cuaso.foundation.identity.session_list.SessionListConfig",
    *engines.APPS,
]

MIDDLEWARE = [
    "cuaso.wiring.observability.traces.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "cuaso.foundation.identity.straight_road.StraightRoadMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "cuaso.channels.design.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cuaso.foundation.identity.known_sessions.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cuaso.foundation.identity.middleware.ActorMiddleware",
    "cuaso.foundation.access.middleware.LeaseMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cuaso.channels.design.errors.RefusalMiddleware",
    "cuaso.wiring.policy.PolicyMiddleware",
]

ROOT_URLCONF = "cuaso.wiring.urls"
WSGI_APPLICATION = "cuaso.wiring.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HOUSE / "channels" / "design" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "cuaso.channels.design.folding.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "cuaso.channels.design.forms_token.forms_token",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cuaso.foundation.identity.context.actor",
                "cuaso.wiring.banner.banner",
                "cuaso.channels.design.context.house",
            ],
        },
    }
]

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["cuaso.foundation.identity.hashing.BoundedArgon2"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
CUASO_OFFICIAL_HOME = "/ban-lam-viec/"

SESSION_ENGINE = "cuaso.foundation.identity.known_sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MODE == "production"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True

# Rate limits and spent codes are counted in the database: one truth for all web processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "identity_counted",
        # Far above what one minute brings: a flood of keys must not push counters out.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

ALLAUTH_TRUSTED_PROXY_COUNT = environment.trusted_proxies()
CUASO_CLIENT_CERTIFICATE_HEADER = environment.client_certificate_header()
ACCOUNT_ADAPTER = "cuaso.foundation.identity.adapters.AccountAdapter"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PUBLIC_URL.startswith("https:") else "http"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "cuaso.foundation.identity.forms.SignInForm",
    "reauthenticate": "cuaso.foundation.identity.forms.ConfirmForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_RATE_LIMITS = {
    # Passwords are counted by identity itself (`count_tries`), codes of second factors here.
    "login": None,
    "login_failed": "60/m/ip,5/5m/key",
    # A code has fifty bits: nobody guesses it within these.
    "activate": "30/h/ip,10/h/key",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ADAPTER = "cuaso.foundation.identity.adapters.FactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "cuaso.foundation.identity.forms.FactorForm",
    "reauthenticate": "cuaso.foundation.identity.forms.FactorConfirmForm",
    "activate_totp": "cuaso.foundation.identity.forms.TotpForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Cửa Số"
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_ADAPTER = "cuaso.foundation.identity.adapters.CitizenAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": environment.vneid(VAR)}
}

CSRF_FAILURE_VIEW = "cuaso.channels.design.errors.forged"

DATABASES = {"default": environment.database()}
# By which the shape of registries is changed; see cuaso.capabilities.registries.
CUASO_OWNER_DATABASE = environment.owner_database()
# Who says what refers to a registry, before it is taken out of use.
CUASO_REGISTRY_USERS = engines.REGISTRY_USERS
# Who says which roles may not be held together.
CUASO_ROLE_KEEPER = engines.ROLE_KEEPER
# Who says whether a certificate is still good; what is done when its issuer does not answer.
CUASO_CERTIFICATE_JUDGE = engines.CERTIFICATE_JUDGE
CUASO_UNREACHABLE_ISSUER = environment.unreachable_issuer()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# An engine's background work stands in its jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Each entry point sends logs where they belong (cuaso.wiring.observability.logs).
LOGGING_CONFIG = None

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'self'"],
        "form-action": [
            "'self'",
            *environment.form_targets(),
            *environment.vneid_origin(),
            *environment.gateway_origin(),
        ],
    }
}

CUASO_FILES = VAR / "files"
CUASO_CLAMAV = environment.scanner()
CUASO_KEYS = VAR / "keys"
