"""Take in the portal's notice that a fee was paid there, before or after its dossier came."""

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Unavailable
from cuaso.kernel.subjects import Subject
from cuaso.services.national_portal.contracts import FeePaid, Receipt, Sealed
from cuaso.services.national_portal.logic import (
    answering,
    arrivals,
    settle_fee,
    signature,
    surroundings,
    wire,
)
from cuaso.services.national_portal.models import FeeNotice, Link

KIND = "fee"


def receive_fee(sealed: Sealed, *, code: str) -> Receipt:
    """Settle what the dossier owes with money that the portal took; once per transaction.

    Before its dossier the notice is kept and settles on the dossier's arrival. Raises NotAllowed
    for a forged or stale message, Invalid for one without sense, Conflict for a wrong amount, for
    a dossier that owes nothing, and for a transaction that was told otherwise before.
    """
    signature.check(sealed)
    asked = wire.read_fee_paid(sealed.body)
    sha256 = wire.fee_digest(code, asked)
    with transaction.atomic():
        row = arrivals.claim(KIND, asked.transaction, sha256=sha256, sealed=sealed)
        if row is not None:
            receipt = _take(code, asked)
            arrivals.answer(row, receipt)
            return receipt
    known = arrivals.known(KIND, asked.transaction, sha256=sha256)
    if known is None:
        raise Unavailable(
            code="national_portal.at_work",
            what="Thông điệp này đang được xử lý.",
            mend="Hãy gửi lại sau ít giây.",
        )
    return known


def take_listed(code: str, asked: FeePaid) -> FeeNotice:
    """Take in what only the portal's daily list tells, inside the comparison's transaction.

    Money that pays nothing is kept with the reason.
    """
    notice = _keep(code, asked)
    link = Link.objects.filter(code=code).first()
    if link is not None:
        settle_fee.settle_waiting(link)
        notice.refresh_from_db()
    return notice


def _take(code: str, asked: FeePaid) -> Receipt:
    notice = FeeNotice.objects.filter(transaction=asked.transaction, code=code).first()
    if notice is None or notice.amount_vnd != asked.amount_vnd:
        notice = _keep(code, asked)
    link = Link.objects.filter(code=code).first()
    if link is None:
        return Receipt(code=code, tracking_code="", status=0, at=clock.now())
    if notice.state not in ("settled", "returned"):
        settle_fee.settle(link, notice)
    return answering.receipt(link)


def _keep(code: str, asked: FeePaid) -> FeeNotice:
    """Keep a notice; raise Conflict when its transaction is known with another content."""
    if FeeNotice.objects.filter(transaction=asked.transaction).exists():
        raise Conflict(
            code="national_portal.key_reused",
            what=f"Giao dịch {asked.transaction} đã được báo với nội dung khác.",
            mend="Hãy kiểm tra lại số giao dịch và số tiền.",
        )
    notice = FeeNotice.objects.create(
        code=code,
        transaction=asked.transaction,
        amount_vnd=asked.amount_vnd,
        paid_at=asked.paid_at,
        told_at=clock.now(),
    )
    audit.record(
        actor=surroundings.PORTAL,
        act="national_portal.fee_told",
        subject=Subject(kind="national_portal.fee", id=notice.id),
        content={
            "code": code,
            "transaction": asked.transaction,
            "amount_vnd": asked.amount_vnd,
        },
    )
    return notice
