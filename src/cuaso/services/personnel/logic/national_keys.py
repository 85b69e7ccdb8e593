"""The shared secret with the national database: signs what goes there, proves its receipts."""

import hashlib
import hmac
import os
from typing import Final

from cuaso.kernel import clock

MAIN: Final = "main"
SHORTEST_SECRET: Final = 24
KEY, TIME, SIGNATURE = "X-Officials-Key", "X-Officials-Time", "X-Officials-Signature"


def address() -> str:
    """Return the address of the national database, "" while there is none."""
    return os.environ.get("CUASO_OFFICIALS_URL", "").rstrip("/")


def keys() -> dict[str, str]:
    """Return the shared secrets by key id; the first is the one that we sign with.

    `CUASO_OFFICIALS_SECRET` is one secret, or `id:secret,id:secret` while keys change.
    """
    given = os.environ.get("CUASO_OFFICIALS_SECRET", "")
    pairs = [one.strip().rpartition(":") for one in given.split(",") if one.strip()]
    return {key_id or MAIN: secret for key_id, _, secret in pairs if secret}


def headers(*, method: str, path: str, body: bytes) -> dict[str, str]:
    """Return the headers that prove a request of ours; none when no secret is set."""
    for key_id, secret in keys().items():
        moment = str(int(clock.now().timestamp()))
        told = "\n".join((method, path, moment, key_id, "")).encode() + body
        return {KEY: key_id, TIME: moment, SIGNATURE: _mac(secret, told)}
    return {}


def is_receipt(mark: str, *, number: str, code: str, version: int, sha256: str) -> bool:
    """Say whether the database itself gave a receipt for a version of an official."""
    told = "\n".join((number, code, str(version), sha256)).encode()
    marks = [_mac(secret, told) for secret in keys().values()]
    return any(hmac.compare_digest(right.encode(), mark.encode()) for right in marks)


def production_refusals() -> list[str]:
    """Return why production must not start: plain HTTP, or a weak shared secret."""
    if not address() and not keys():
        return []
    found = []
    if address() and not address().startswith("https://"):
        found.append(f"CUASO_OFFICIALS_URL là {address()}: phải là https://.")
    if not keys():
        found.append("CUASO_OFFICIALS_SECRET phải được đặt cùng CUASO_OFFICIALS_URL.")
    if any(len(secret) < SHORTEST_SECRET for secret in keys().values()):
        found.append(f"CUASO_OFFICIALS_SECRET phải dài ít nhất {SHORTEST_SECRET} ký tự.")
    return found


def _mac(secret: str, told: bytes) -> str:
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
