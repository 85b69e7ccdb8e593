"""Shared secrets with other systems: they sign what goes there and prove what comes from there."""

import hashlib
import hmac
import os
from typing import Final

from cuaso.capabilities.exchange.contracts import Peer
from cuaso.kernel import clock

MAIN: Final = "main"
SHORTEST_SECRET: Final = 24


def address(peer: Peer) -> str:
    """Return the peer's address without a slash at its end, "" while it is not configured."""
    return os.environ.get(f"{peer.settings}_URL", "").rstrip("/")


def keys(peer: Peer) -> dict[str, str]:
    """Return the shared secrets by key id; the first is the one that we sign with.

    `…_SECRET` is one secret, or `id:secret,id:secret` while keys change.
    """
    given = os.environ.get(f"{peer.settings}_SECRET", "")
    pairs = [one.strip().rpartition(":") for one in given.split(",") if one.strip()]
    return {key_id or MAIN: secret for key_id, _, secret in pairs if secret}


def headers(peer: Peer, *, method: str, path: str, body: bytes) -> dict[str, str]:
    """Return the headers that prove a request of ours; none when no secret is set."""
    for key_id, secret in keys(peer).items():
        moment = str(int(clock.now().timestamp()))
        made = sign(secret, method=method, path=path, timestamp=moment, key_id=key_id, body=body)
        begin = f"X-{peer.header}"
        return {f"{begin}-Key": key_id, f"{begin}-Time": moment, f"{begin}-Signature": made}
    return {}


def sign(secret: str, *, method: str, path: str, timestamp: str, key_id: str, body: bytes) -> str:
    """Return hex HMAC-SHA256 over method, path, time and key id, a line each, then the body."""
    return _mac(secret, "\n".join((method, path, timestamp, key_id, "")).encode() + body)


def is_marked(peer: Peer, mark: str, *, told: bytes) -> bool:
    """Say whether a mark was made over these bytes by who shares one of the secrets."""
    marks = [_mac(secret, told) for secret in keys(peer).values()]
    return any(hmac.compare_digest(right.encode(), mark.encode()) for right in marks)


def production_refusals(peer: Peer) -> list[str]:
    """Return why production must not start: plain HTTP to the peer, or a weak shared secret."""
    url, secret = f"{peer.settings}_URL", f"{peer.settings}_SECRET"
    if not address(peer) and not os.environ.get(secret):
        return []
    found = []
    if address(peer) and not address(peer).startswith("https://"):
        found.append(f"{url} là {address(peer)}: phải là https://.")
    if not keys(peer):
        found.append(f"{secret} phải được đặt cùng {url}.")
    if any(len(one) < SHORTEST_SECRET for one in keys(peer).values()):
        found.append(f"{secret} phải dài ít nhất {SHORTEST_SECRET} ký tự.")
    return found


def _mac(secret: str, told: bytes) -> str:
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
