"""Take in the portal's notice that it gave money back, or will not."""

from django.db import transaction

from cuaso.kernel.errors import NotFound, Unavailable
from cuaso.services.national_portal.contracts import Receipt, RefundAnswer, Sealed
from cuaso.services.national_portal.logic import (
    answering,
    arrivals,
    settle_refund,
    signature,
    wire_refunds,
)
from cuaso.services.national_portal.models import FeeRefund, Link

KIND = "refund"


def receive_refund(sealed: Sealed, *, code: str) -> Receipt:
    """Write what became of a refund that we asked for; once per refund and outcome.

    Raises NotAllowed for a forged or stale message, Invalid for one without sense, NotFound for a
    refund that we never asked for, Conflict for another amount or a second, other outcome.
    """
    signature.check(sealed)
    told = wire_refunds.read_notice(sealed.body)
    sha256 = wire_refunds.digest(code, told)
    key = f"{told.id}/{told.state}"
    with transaction.atomic():
        row = arrivals.claim(KIND, key, sha256=sha256, sealed=sealed)
        if row is not None:
            receipt = _take(code, told)
            arrivals.answer(row, receipt)
            return receipt
    known = arrivals.known(KIND, key, sha256=sha256)
    if known is None:
        raise Unavailable(
            code="national_portal.at_work",
            what="Thông điệp này đang được xử lý.",
            mend="Hãy gửi lại sau ít giây.",
        )
    return known


def _take(code: str, told: RefundAnswer) -> Receipt:
    link = Link.objects.filter(code=code).first()
    if link is None or not FeeRefund.objects.filter(id=told.id, code=code).exists():
        raise NotFound(
            code="national_portal.refund_unknown",
            what=f"Hồ sơ {code} không có khoản hoàn này.",
            mend="Hãy kiểm tra lại mã hồ sơ và số của khoản hoàn.",
        )
    settle_refund.note_answer(told)
    return answering.receipt(link)
