"""What the portal says of money that goes back is written once, here and in payments."""

from django.db import transaction

from cuaso.capabilities.payments import api as payments
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.money import format_vnd
from cuaso.kernel.subjects import Subject
from cuaso.services.national_portal.contracts import RefundAnswer
from cuaso.services.national_portal.logic import surroundings
from cuaso.services.national_portal.models import FeeNotice, FeeRefund

OPEN = ("waiting", "sending", "taken")
REFUSED = "Cổng Dịch vụ công quốc gia không hoàn."


def note_answer(told: RefundAnswer) -> FeeRefund:
    """Write how a refund stands at the portal; said again it changes nothing.

    Raises NotFound for a refund that we never asked for, Conflict for another amount and for one
    that was settled otherwise before.
    """
    with transaction.atomic():
        row = FeeRefund.objects.select_for_update().filter(id=told.id).first()
        if row is None:
            raise NotFound(
                code="national_portal.refund_unknown",
                what="Tỉnh không đề nghị hoàn khoản này.",
                mend="Hãy kiểm tra lại số của khoản hoàn.",
            )
        _refuse_other_amount(row, told)
        if row.state in OPEN:
            _write(row, told)
        elif told.state not in ("taken", row.state):
            raise Conflict(
                code="national_portal.refund_settled",
                what="Khoản hoàn này đã được ghi nhận khác đi.",
                why="Cổng đã báo kết quả khác cho cùng khoản hoàn.",
                mend="Hãy đối soát với tỉnh.",
            )
    return row


def _refuse_other_amount(row: FeeRefund, told: RefundAnswer) -> None:
    if told.amount_vnd == row.amount_vnd:
        return
    there, here = format_vnd(told.amount_vnd), format_vnd(row.amount_vnd)
    raise Conflict(
        code="national_portal.refund_amount",
        what="Chưa ghi nhận khoản hoàn: số tiền không đúng.",
        why=f"Cổng báo {there}, tỉnh đề nghị {here}.",
        mend="Hãy đối chiếu rồi báo lại đúng số tiền.",
    )


def _write(row: FeeRefund, told: RefundAnswer) -> None:
    row.state, row.next_try_at, row.trouble = told.state, None, ""
    row.sent_at = row.sent_at or clock.now()
    row.tries += 1
    if told.state != "taken":
        row.settled_at = clock.now()
        row.trouble = (told.reason or REFUSED) if told.state == "refused" else ""
        payments.settle_national_refund(
            refund_id=row.refund_id, trouble=row.trouble, actor=surroundings.PORTAL
        )
        _note_on_what_was_kept(row)
    row.save()
    audit.record(
        actor=surroundings.PORTAL,
        act=f"national_portal.refund_{told.state}",
        subject=Subject(kind="national_portal.refund", id=row.id),
        content={
            "code": row.code,
            "transaction": row.transaction,
            "amount_vnd": row.amount_vnd,
            "trouble": row.trouble,
        },
    )


def _note_on_what_was_kept(row: FeeRefund) -> None:
    """Money that paid nothing is returned now, or waits for a decision again with the reason."""
    kept = FeeNotice.objects.filter(transaction=row.transaction, state="kept")
    if row.state == "done":
        kept.update(state="returned", trouble="", settled_at=row.settled_at)
    else:
        kept.update(trouble=row.trouble)
