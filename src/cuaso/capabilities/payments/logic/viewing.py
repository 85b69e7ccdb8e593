"""Rows as what crosses the door."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final, cast
from uuid import UUID

from cuaso.capabilities.payments import contracts, models
from cuaso.kernel.errors import NotFound
from cuaso.kernel.money import words_vnd
from cuaso.kernel.subjects import Subject

STATES: dict[str, str] = {
    "open": "Chưa nộp",
    "paid": "Đã nộp",
    "partly_refunded": "Đã hoàn một phần",
    "refunded": "Đã hoàn",
    "waived": "Được miễn",
    "cancelled": "Không phải nộp nữa",
}
REFUND_STATES: dict[str, str] = {
    "suggested": "Chờ quyết định",
    "asked": "Đang hoàn qua cổng thanh toán",
    "done": "Đã hoàn",
    "failed": "Cổng thanh toán không hoàn được",
    "declined": "Không hoàn",
}
REFUND_STATES_NATIONAL: dict[str, str] = REFUND_STATES | {
    "asked": "Đang hoàn tại Cổng Dịch vụ công quốc gia",
    "failed": "Cổng Dịch vụ công quốc gia không hoàn được",
}
# Before the numbers of the national portal's transactions; the gateway's never begin so.
NATIONAL: Final = "national:"


def subject(row: models.Obligation) -> Subject:
    """Return what the obligation is about."""
    return Subject(kind=row.subject_kind, id=row.subject_id)


def obligation(row: models.Obligation) -> contracts.Obligation:
    """Return an obligation with its receipt, if one was given."""
    given = models.Receipt.objects.filter(obligation=row).select_related("obligation").first()
    return contracts.Obligation(
        id=row.id,
        key=row.key,
        payer_id=row.payer_id,
        payer_name=row.payer_name,
        agency_id=row.agency_id,
        subject=subject(row),
        reference=row.reference,
        title=row.title,
        lines=tuple(contracts.Line(**line) for line in row.lines),
        amount_vnd=row.amount_vnd,
        refunded_vnd=row.refunded_vnd,
        state=cast("contracts.State", row.state),
        state_say=STATES[row.state],
        method=cast("contracts.Method", row.method),
        reason=row.reason,
        opened_at=row.opened_at,
        settled_at=row.settled_at,
        receipt=receipt(given) if given else None,
        going_back_vnd=going_back_vnd(row),
    )


def going_back_vnd(row: models.Obligation) -> int:
    """Return what was decided to be given back of a paid obligation and is on its way."""
    if row.state not in ("paid", "partly_refunded"):
        return 0
    on_its_way = models.Refund.objects.filter(obligation=row, state="asked", surplus=False)
    return sum(on_its_way.values_list("amount_vnd", flat=True))


def receipt(row: models.Receipt) -> contracts.Receipt:
    return contracts.Receipt(
        id=row.id,
        written=f"{row.number:07d}/{row.year}",
        number=row.number,
        year=row.year,
        agency_id=row.agency_id,
        amount_vnd=row.amount_vnd,
        amount_words=words_vnd(row.amount_vnd),
        method=cast("contracts.Method", row.method),
        payer_name=row.obligation.payer_name,
        title=row.obligation.title,
        cashier=row.cashier,
        issued_at=row.issued_at,
        verify_code=row.verify_code,
    )


def refund(row: models.Refund) -> contracts.Refund:
    owed = row.obligation
    national = row.credit is not None and row.credit.told_by == "national"
    return contracts.Refund(
        id=row.id,
        obligation_id=owed.id if owed else None,
        subject=subject(owed) if owed else None,
        reference=owed.reference if owed else (row.credit.reference if row.credit else ""),
        payer_name=owed.payer_name if owed else "",
        amount_vnd=row.amount_vnd,
        reason=row.reason,
        state=cast("contracts.RefundState", row.state),
        state_say=(REFUND_STATES_NATIONAL if national else REFUND_STATES)[row.state],
        surplus=row.surplus,
        asked_at=row.asked_at,
        settled_at=row.settled_at,
        trouble=row.trouble,
        method=_method(row),
        transaction=row.credit.transaction.removeprefix(NATIONAL)
        if national and row.credit
        else "",
    )


def _method(row: models.Refund) -> contracts.Method:
    if row.credit is None:
        return "cash"
    return "national" if row.credit.told_by == "national" else "gateway"


def plain_lines(lines: Iterable[contracts.Line]) -> list[dict[str, object]]:
    """Return lines as the row keeps them."""
    return [asdict(line) for line in lines]


def locked(obligation_id: UUID) -> models.Obligation:
    """Lock an obligation inside the act's transaction; raise NotFound."""
    row = models.Obligation.objects.select_for_update().filter(id=obligation_id).first()
    if row is None:
        raise unknown()
    return row


def unknown() -> NotFound:
    return NotFound(
        code="payments.obligation_unknown",
        what="Không tìm thấy khoản phải nộp này.",
        mend="Hãy mở lại từ trang hồ sơ.",
    )
