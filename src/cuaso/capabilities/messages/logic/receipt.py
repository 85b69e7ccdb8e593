import hashlib
import hmac
import os

from django.db import transaction

from cuaso.capabilities.messages.models import Delivery
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject

SETTLED = ("delivered", "undelivered")


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
        rows = Delivery.objects.select_for_update(of=("self",)).select_related("notice")
        row = rows.filter(provider_id=provider_id).first()
        if row is None:
            raise NotFound(code="messages.no_delivery", what="Không có tin nhắn mang mã này.")
        if row.state in SETTLED:
            return False
        row.state, row.settled_at = state, clock.now()
        row.save(update_fields=["state", "settled_at"])
        audit.record(
            actor=system("Cổng tin nhắn"),
            act=f"messages.{state}",
            subject=Subject(kind=row.notice.subject_kind, id=row.notice.subject_id),
            content={"delivery": row.id, "provider_id": provider_id},
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
