"""The public keys of a system: registered with it, or fetched from where it keeps them.

A fetch goes to no address of our own network: to the public internet by HTTPS, to hosts that the
operator has named, and outside production to this very machine.
"""

import ipaddress
import json
import os
import socket
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.conf import settings

from cuaso.foundation.identity.provider.models import Client
from cuaso.kernel.clock import now

FRESH: Final = timedelta(minutes=10)
# A key that is not known yet may be a new one: asked for at once, but not at every request.
SOONEST: Final = timedelta(seconds=30)
STALE: Final = timedelta(hours=24)
SECONDS: Final = 5.0
_MOST_BYTES: Final = 65_536
_OK: Final = 200


def keys_of(client: Client, *, kid: str = "") -> dict[str, Any]:
    """Return the client's JWKS; one that cannot be fetched stays good for a day."""
    if not client.jwks_uri:
        return dict(client.jwks)
    age = now() - client.jwks_read_at if client.jwks_read_at else STALE
    known = not kid or kid in {one.get("kid") for one in client.jwks.get("keys", [])}
    if age < (FRESH if known else SOONEST):
        return dict(client.jwks)
    read = fetch_keys(client.jwks_uri)
    if read is not None:
        Client.objects.filter(id=client.id).update(jwks=read, jwks_read_at=now())
        return read
    return dict(client.jwks) if age < STALE else {}


def fetch_keys(address: str) -> dict[str, Any] | None:
    """Return the JWKS that lies there, None when it cannot be had or holds no public keys."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    place = _place(host, port=parts.port or (443 if parts.scheme == "https" else 80))
    if place is None or (parts.scheme != "https" and not _is_here(place)):
        return None
    # The address that was looked at is the one that is gone to: a name may change between.
    target = f"[{place}]" if ":" in place else place
    named = f"{target}:{parts.port}" if parts.port else target
    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False) as browser:
            answer = browser.get(
                urlunsplit(parts._replace(netloc=named, fragment="")),
                headers={"Host": parts.netloc, "Accept": "application/json"},
                extensions={"sni_hostname": host},
            )
    except (httpx.HTTPError, OSError):
        return None
    if answer.status_code != _OK or len(answer.content) > _MOST_BYTES:
        return None
    return _public(answer.content)


def _public(content: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(content)
    except ValueError:
        return None
    keys = read.get("keys") if isinstance(read, dict) else None
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        return None
    secret = any({"d", "k", "p", "q"} & set(one) for one in keys)
    return None if secret or not keys else {"keys": keys}


def _place(host: str, *, port: int) -> str | None:
    """Return an address of the host, None unless all of them may be gone to."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    places = [str(one[4][0]) for one in found]
    if not places or not all(_may_go(one, host=host) for one in places):
        return None
    return places[0]


def _may_go(place: str, *, host: str) -> bool:
    if host in os.environ.get("CUASO_KEY_HOSTS", "").split(","):
        return True
    if _is_here(place):
        return str(settings.MODE) != "production"
    return ipaddress.ip_address(place).is_global


def _is_here(place: str) -> bool:
    return ipaddress.ip_address(place).is_loopback
