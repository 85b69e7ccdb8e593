"""The shared-secret signature of messages between the portal and a province."""

import hashlib
import hmac

from cuaso.kernel import clock

KEY, TIME, SIGNATURE = "X-National-Key", "X-National-Time", "X-National-Signature"


def headers(
    *, secret: str, method: str, path: str, body: bytes, key_id: str = "main", at: str = ""
) -> dict[str, str]:
    """Return the headers that prove a message; `at` is in seconds, now when not given."""
    moment = at or str(int(clock.now().timestamp()))
    made = sign(secret=secret, method=method, path=path, moment=moment, key_id=key_id, body=body)
    return {KEY: key_id, TIME: moment, SIGNATURE: made}


def sign(*, secret: str, method: str, path: str, moment: str, key_id: str, body: bytes) -> str:
    told = f"{method}\n{path}\n{moment}\n{key_id}\n".encode() + body
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
