"""Each message of the portal is taken in once."""

from django.db import connection

from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict
from cuaso.services.national_portal.contracts import Receipt, Sealed
from cuaso.services.national_portal.logic import wire
from cuaso.services.national_portal.models import Arrival


def known(kind: str, key: str, *, sha256: str) -> Receipt | None:
    """Return what the same message was answered, None when it is new.

    Raises Conflict when the key came with other content.
    """
    row = Arrival.objects.filter(kind=kind, key=key).first()
    if row is None:
        return None
    if row.sha256 != sha256:
        raise Conflict(
            code="national_portal.key_reused",
            what=f"Mã {key} đã được dùng cho một thông điệp có nội dung khác.",
            mend="Hãy gửi nội dung mới với mã mới.",
        )
    return wire.read_receipt(row.answer)


def claim(kind: str, key: str, *, sha256: str, sealed: Sealed) -> Arrival | None:
    """Claim a message inside the transaction that takes it in; None when another one did.

    Waits while the same message is taken in elsewhere at this moment.
    """
    if not connection.in_atomic_block:
        message = "a message is claimed inside the transaction that takes it in"
        raise RuntimeError(message)
    row = Arrival(kind=kind, key=key, sha256=sha256, key_id=sealed.key_id, arrived_at=clock.now())
    Arrival.objects.bulk_create([row], ignore_conflicts=True)
    kept = Arrival.objects.get(kind=kind, key=key)
    return kept if kept.id == row.id else None


def answer(row: Arrival, receipt: Receipt) -> None:
    """Keep the answer with the message, in the same transaction."""
    row.answer = wire.receipt(receipt)
    row.save(update_fields=["answer"])
