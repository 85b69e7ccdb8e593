"""The public keys of a system: registered with it, or fetched from where it keeps them.

A fetch goes to no address of our own network: to the public internet by HTTPS, to hosts that the
operator has named, and outside production to this very machine.
"""

import contextlib
import ipaddress
import json
import os
import socket
from collections.abc import Iterable, Mapping
from datetime import timedelta
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, import_key

from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.requests.keepable import is_keepable
from cuaso.kernel.clock import now

FRESH: Final = timedelta(minutes=10)
# A key that is not known yet may be a new one: asked for at once, but not at every request.
SOONEST: Final = timedelta(seconds=30)
STALE: Final = timedelta(hours=24)
SECONDS: Final = 5.0
_MOST_BYTES: Final = 65_536
_OK: Final = 200
_SECRET: Final = frozenset({"d", "k", "p", "q"})


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


def key_set(jwks: Mapping[str, Any]) -> KeySet:
    """Return the keys that can be used; those of kinds unknown to us are passed over (RFC 7517 5).

    Raises KeyError, TypeError or AttributeError for what is no set of keys.
    """
    found: list[Key] = []
    for one in jwks["keys"]:
        with contextlib.suppress(JoseError, ValueError, KeyError, TypeError):
            found.append(import_key(dict(one.items())))
    return KeySet(found)


def holds_secret(keys: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether a key carries more than its public half."""
    return any(_SECRET & set(one) for one in keys)


def fetch_keys(address: str) -> dict[str, Any] | None:
    """Return the JWKS that lies there, None when it cannot be had or holds no public keys."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    place = _place(host, port=port or (443 if parts.scheme == "https" else 80))
    if place is None or (parts.scheme != "https" and not _is_here(place)):
        return None
    # The address that was looked at is the one that is gone to: a name may change between.
    target = f"[{place}]" if ":" in place else place
    named = f"{target}:{port}" if port else target
    try:
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=False) as browser,
            browser.stream(
                "GET",
                urlunsplit(parts._replace(netloc=named, fragment="")),
                headers={"Host": parts.netloc, "Accept": "application/json"},
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            content = _bounded(answer) if answer.status_code == _OK else None
    except (httpx.HTTPError, OSError):
        return None
    return _public(content) if content is not None else None


def _bounded(answer: httpx.Response) -> bytes | None:
    """Return what is sent, None as soon as it is too much or takes too long."""
    until, content = monotonic() + SECONDS, b""
    for part in answer.iter_bytes():
        content += part
        if len(content) > _MOST_BYTES or monotonic() > until:
            return None
    return content


def _public(content: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return None
    keys = read.get("keys") if isinstance(read, dict) else None
    if not isinstance(keys, list) or not all(isinstance(one, dict) for one in keys):
        return None
    good = bool(keys) and not holds_secret(keys) and is_keepable(keys)
    return {"keys": keys} if good else None


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
