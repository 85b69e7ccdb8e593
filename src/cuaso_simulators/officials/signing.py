"""The shared-secret signatures of a province's messages and of the receipts for them."""

import hashlib
import hmac

from cuaso.kernel import clock

KEY, TIME, SIGNATURE = "X-Officials-Key", "X-Officials-Time", "X-Officials-Signature"


def headers(
    *, secret: str, method: str, path: str, body: bytes, key_id: str = "main", at: str = ""
) -> dict[str, str]:
    """Return the headers that prove a message; `at` is in seconds, now when not given."""
    moment = at or str(int(clock.now().timestamp()))
    told = f"{method}\n{path}\n{moment}\n{key_id}\n".encode() + body
    return {KEY: key_id, TIME: moment, SIGNATURE: _mac(secret, told)}


def receipt_mark(*, secret: str, number: str, code: str, version: int, sha256: str) -> str:
    """Return what proves that the database itself gave a receipt."""
    return _mac(secret, f"{number}\n{code}\n{version}\n{sha256}".encode())


def _mac(secret: str, told: bytes) -> str:
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
