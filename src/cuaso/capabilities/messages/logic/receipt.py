import hashlib
import hmac
import os
from typing import Final

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Written
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

SETTLED = ("delivered", "undelivered")
# Every message is reported: Django would think about these longer than PostgreSQL.
_REPORTED: Final = """
select delivery.id, delivery.state, notice.subject_kind, notice.subject_id
from messaging_delivery as delivery
join messaging_notice as notice on notice.id = delivery.notice_id
where delivery.provider_id = %s for update of delivery
"""
_SETTLE: Final = "update messaging_delivery set state = %s, settled_at = %s where id = %s"


def receive_receipt(*, provider_id: str, state: str, signature: str) -> bool:
    """Keep what the gateway says became of a message; say whether that was news.

    `signature` is hex HMAC-SHA256 of `provider_id.state` under `CUASO_SMS_SECRET`. Raises
    NotAllowed for a wrong one, NotFound for an unknown message (the gateway tries again: our
    own mark may still be on its way), Invalid for another state.
    """
    _require_signed(provider_id, state, signature)
    if state not in SETTLED:
        raise Invalid(code="messages.receipt_state", what=f"Trạng thái “{state}” không có.")
    with transaction.atomic():
        with audit.planned() as cursor:
            cursor.execute(_REPORTED, [provider_id])
            row = cursor.fetchone()
        if row is None:
            raise NotFound(code="messages.no_delivery", what="Không có tin nhắn mang mã này.")
        id, known, kind, subject_id = row
        if known in SETTLED:
            return False
        audit.record(
            actor=system("Cổng tin nhắn"),
            act=f"messages.{state}",
            subject=Subject(kind=kind, id=subject_id),
            content={"delivery": id, "provider_id": provider_id},
            beside=[Written(statement=_SETTLE, values=[state, clock.now(), id])],
        )
    return True


def _require_signed(provider_id: str, state: str, signature: str) -> None:
    secret = os.environ.get("CUASO_SMS_SECRET", "")
    right = sign(secret=secret, provider_id=provider_id, state=state)
    if not secret or not hmac.compare_digest(right.encode(), signature.encode()):
        raise NotAllowed(
            code="messages.receipt_unsigned", what="Báo nhận không mang chữ ký đúng của cổng."
        )


def sign(*, secret: str, provider_id: str, state: str) -> str:
    return hmac.new(secret.encode(), f"{provider_id}.{state}".encode(), hashlib.sha256).hexdigest()
