"""Sign what goes to the portal, and check what comes from there."""

import hashlib
import hmac
import os
from datetime import timedelta

from cuaso.kernel import clock
from cuaso.kernel.errors import NotAllowed
from cuaso.services.national_portal.contracts import Sealed

WINDOW = timedelta(minutes=5)
MAIN = "main"
KEY, TIME, SIGNATURE = "X-National-Key", "X-National-Time", "X-National-Signature"


def keys() -> dict[str, str]:
    """Return the shared secrets by key id; the first is the one that we sign with.

    `CUASO_NATIONAL_SECRET` is one secret, or `id:secret,id:secret` while keys change.
    """
    given = os.environ.get("CUASO_NATIONAL_SECRET", "")
    pairs = [one.strip().rpartition(":") for one in given.split(",") if one.strip()]
    return {key_id or MAIN: secret for key_id, _, secret in pairs if secret}


def headers(*, method: str, path: str, body: bytes) -> dict[str, str]:
    """Return the headers that prove a request of ours; none when no secret is set."""
    for key_id, secret in keys().items():
        moment = str(int(clock.now().timestamp()))
        made = sign(secret, method=method, path=path, timestamp=moment, key_id=key_id, body=body)
        return {KEY: key_id, TIME: moment, SIGNATURE: made}
    return {}


def check(sealed: Sealed) -> None:
    """Raise NotAllowed unless the message is the portal's and was signed in the last minutes.

    A message that is repeated within the window is harmless: each is taken in once by its key.
    """
    secret = keys().get(sealed.key_id, "")
    right = sign(
        secret,
        method=sealed.method,
        path=sealed.path,
        timestamp=sealed.timestamp,
        key_id=sealed.key_id,
        body=sealed.body,
    )
    if not secret or not hmac.compare_digest(right.encode(), sealed.signature.encode()):
        raise NotAllowed(
            code="national_portal.unsigned",
            what="Thông điệp không mang chữ ký đúng của Cổng Dịch vụ công quốc gia.",
            mend="Hãy kiểm tra mã khóa, khóa bí mật và nội dung đã ký.",
        )
    # Digits only once the signature is right, and bounded: nobody else reaches this line.
    stated = int(sealed.timestamp) if sealed.timestamp.isdecimal() else 0
    if abs(clock.now().timestamp() - stated) > WINDOW.total_seconds():
        raise NotAllowed(
            code="national_portal.stale",
            what="Thông điệp được ký quá lâu trước đây, hoặc đồng hồ hai bên lệch nhau.",
            why="Chữ ký chỉ có giá trị trong 5 phút.",
            mend="Hãy chỉnh đồng hồ rồi ký và gửi lại.",
        )


def sign(secret: str, *, method: str, path: str, timestamp: str, key_id: str, body: bytes) -> str:
    """Return hex HMAC-SHA256 over method, path, time and key id, a line each, then the body."""
    told = "\n".join((method, path, timestamp, key_id, "")).encode() + body
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
