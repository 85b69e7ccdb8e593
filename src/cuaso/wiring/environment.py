"""Read what the environment says, once, with defaults that are safe for a first look."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

MOST_WEB_WORKERS = 4
MODES = ("demo", "test", "production")


def mode() -> str:
    """Return demo, test or production; refuse anything else."""
    value = os.environ.get("CUASO_MODE", "demo")
    if value not in MODES:
        raise SystemExit(f"CUASO_MODE đang là “{value}”. Hãy đặt là demo, test hoặc production.")
    return value


def var_folder(*, default: Path) -> Path:
    return Path(os.environ.get("CUASO_VAR", default))


def packs_folder(*, default: Path) -> Path:
    return Path(os.environ.get("CUASO_PACKS", default))


def hosts() -> list[str]:
    return os.environ.get("CUASO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")


def public_url() -> str:
    """Return the address under which people reach the house, without a trailing slash."""
    return os.environ.get("CUASO_PUBLIC_URL", "http://localhost:8000").rstrip("/")


def web_workers() -> int:
    """Return how many processes serve pages: one a core, at most four unless told otherwise."""
    told = os.environ.get("CUASO_WEB_WORKERS", "")
    if told and not (told.isdigit() and int(told)):
        raise SystemExit(f"CUASO_WEB_WORKERS đang là “{told}”. Hãy đặt một số nguyên từ 1 trở lên.")
    return int(told) if told else min(MOST_WEB_WORKERS, os.cpu_count() or 1)


def web_shares() -> Path | None:
    """Return the file in which web processes tell each other how busy they are."""
    told = os.environ.get("CUASO_WEB_SHARES", "")
    return Path(told) if told else None


def scanner() -> str:
    """Return where ClamAV listens, `unix:/path` or `tcp:host:port`; `""` when there is none."""
    return os.environ.get("CUASO_CLAMAV", "")


def origins() -> list[str]:
    return [public_url()]


def form_targets() -> list[str]:
    """Return origins that a form of ours may lead to: the identity provider's."""
    return [origin for origin in os.environ.get("CUASO_FORM_TARGETS", "").split(",") if origin]


def secret_key(var: Path) -> str:
    """Return the signing key of sessions: from the environment, else kept in a file of its own."""
    if value := os.environ.get("CUASO_SECRET_KEY"):
        return value
    return _kept(var / "keys" / "django.key")


def secret_keys_before() -> list[str]:
    """Return the keys that were in use before: what was sealed with them still opens."""
    return [one for one in os.environ.get("CUASO_SECRET_KEY_BEFORE", "").split(",") if one]


def _kept(path: Path) -> str:
    """Return the secret that the file holds; the first of several racing processes makes it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, path)  # whole or not at all, and never over another
        draft.unlink()
    return path.read_text()


def trusted_proxies() -> int:
    """Return how many proxies before us add their word to X-Forwarded-For; 0: none is believed."""
    return int(os.environ.get("CUASO_TRUSTED_PROXIES", "0"))


def client_certificate_header() -> str:
    """Return the header in which a trusted proxy hands over a system's certificate, "" for none."""
    return os.environ.get("CUASO_CLIENT_CERTIFICATE_HEADER", "")


def unreachable_issuer() -> str:
    """Return "accept" or "refuse" (default): what is done with a certificate whose issuer cannot be
    asked whether it is revoked.
    """
    said = os.environ.get("CUASO_UNREACHABLE_ISSUER", "refuse")
    if said not in ("accept", "refuse"):
        raise SystemExit(f"CUASO_UNREACHABLE_ISSUER đang là “{said}”. Hãy đặt accept hoặc refuse.")
    return said


def vneid(var: Path) -> list[dict[str, Any]]:
    """Return allauth's declaration of VNeID; empty when CUASO_VNEID_URL is not set.

    The client secret comes from CUASO_VNEID_CLIENT_SECRET, else from keys/vneid.secret.
    """
    url = os.environ.get("CUASO_VNEID_URL", "").rstrip("/")
    if not url:
        return []
    secret = os.environ.get("CUASO_VNEID_CLIENT_SECRET")
    return [
        {
            "provider_id": "vneid",
            "name": "VNeID",
            "client_id": os.environ.get("CUASO_VNEID_CLIENT_ID", "cuaso"),
            "secret": secret or _kept(var / "keys" / "vneid.secret"),
            "settings": {"server_url": url, "token_auth_method": "client_secret_post"},
        }
    ]


def vneid_origin() -> list[str]:
    parts = urlsplit(os.environ.get("CUASO_VNEID_URL", ""))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def gateway_origin() -> list[str]:
    """Return the payment gateway's origin, to which a form of ours leads."""
    parts = urlsplit(os.environ.get("CUASO_PAYMENTS_URL", ""))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def owner_database() -> str:
    """Return the address of the tables' owner, "" when this process's own is the owner's."""
    own = os.environ.get("CUASO_OWNER_DATABASE_URL", "")
    return "" if own == os.environ.get("DATABASE_URL", "") else own


def database() -> dict[str, Any]:
    """Return Django's settings of the database that DATABASE_URL names.

    Shape: postgresql://user:password@host:port/name?option=value ; a host that is a folder
    (percent-encoded) is a Unix socket.
    """
    url = urlsplit(os.environ.get("DATABASE_URL", "postgresql://127.0.0.1/cuaso"))
    options = dict(parse_qsl(url.query))
    host = options.pop("host", None) or unquote(url.hostname or "")
    return {
        "ENGINE": "cuaso.wiring.postgres.backend",
        "NAME": url.path.lstrip("/") or "cuaso",
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(url.port or ""),
        # Opening one costs more than a page; only tests, which drop databases, do not keep it.
        "CONN_MAX_AGE": 300 if "CUASO_PROCESS" in os.environ or mode() != "test" else 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c jit=off", **options},
        "TEST": {"NAME": os.environ.get("CUASO_TEST_DB", "test_cuaso")},
    }
