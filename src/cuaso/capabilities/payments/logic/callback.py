"""What the gateway calls back with: believed only when signed, and once."""

import hashlib
import hmac
import json
import os

from cuaso.capabilities.payments.logic import gateway
from cuaso.capabilities.payments.logic.credit import take_credit
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotAllowed, Unavailable

# A call older than this is a replay: the gateway signs anew whenever it tries again.
FRESH_SECONDS = 600
LIMIT_BYTES = 16 * 1024


def receive_callback(*, body: bytes, signed_at: str, signature: str) -> bool:
    """Take the gateway's word about one transaction; say whether it was news.

    `signature` is hex HMAC-SHA256 of `signed_at.body` under `CUASO_PAYMENTS_SECRET`, `signed_at`
    whole seconds since 1970. Raises NotAllowed for a wrong signature or an old moment, Invalid
    for a body without sense, Conflict when the same transaction was told otherwise before;
    nothing changes then.
    """
    _require_signed(body, signed_at, signature)
    try:
        credit = gateway.read_credit(json.loads(body))
    except (ValueError, Unavailable) as error:
        raise Invalid(
            code="payments.callback_unreadable", what="Không đọc được nội dung báo thanh toán."
        ) from error
    return take_credit(credit, told_by="callback")[1]


def _require_signed(body: bytes, signed_at: str, signature: str) -> None:
    secret = os.environ.get("CUASO_PAYMENTS_SECRET", "")
    right = sign(secret=secret, signed_at=signed_at, body=body)
    good = hmac.compare_digest(right.encode(), signature.encode())
    if not secret or not good or len(body) > LIMIT_BYTES:
        raise NotAllowed(
            code="payments.callback_unsigned",
            what="Báo thanh toán không mang chữ ký đúng của cổng.",
        )
    if not _is_fresh(signed_at):
        raise NotAllowed(
            code="payments.callback_stale",
            what="Báo thanh toán này đã cũ.",
            why="Thời điểm ký lệch quá 10 phút so với bây giờ, có thể là báo cũ bị gửi lại.",
        )


def _is_fresh(signed_at: str) -> bool:
    if not signed_at.isascii() or not signed_at.isdecimal():
        return False
    return abs(int(signed_at) - clock.now().timestamp()) <= FRESH_SECONDS


def sign(*, secret: str, signed_at: str, body: bytes) -> str:
    """Return the signature that the gateway must have put on a call."""
    told = f"{signed_at}.".encode() + body
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
