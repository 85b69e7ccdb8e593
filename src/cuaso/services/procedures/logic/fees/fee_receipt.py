"""The receipt of a paid fee as a paper, drawn from the row of the payment."""

from collections.abc import Iterator
from uuid import UUID

from cuaso.capabilities.payments.contracts import Obligation, Receipt
from cuaso.capabilities.reports import api as reports
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.money import format_vnd
from cuaso.services.locker.contracts import Content
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.address import public_url
from cuaso.services.procedures.logic.seeing import finance, reading
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.models import Dossier

TEMPLATE = "fee_receipt"
METHODS = {
    "cash": "Tiền mặt tại quầy",
    "gateway": "Qua cổng thanh toán, chuyển khoản",
    "national": "Tại Cổng Dịch vụ công quốc gia",
}


def fee_receipt_content(
    *, dossier_id: UUID, obligation_id: UUID, actor: Actor, purpose: str = ""
) -> Content:
    """Return the receipt of one fee as PDF with its QR code; the same row gives the same bytes.

    Raises NotFound for another dossier's fee, Conflict while it is not paid.
    Source of its fields: decree 123/2020/NĐ-CP, article 32 (declared unverified in the pack).
    """
    row = reading.opened(id=dossier_id, actor=actor, purpose=purpose)
    owed = next((one for one in finance.dues(row) if one.id == obligation_id), None)
    if owed is None:
        raise NotFound(
            code="procedures.fee_unknown",
            what="Hồ sơ này không có khoản phải nộp đó.",
            mend="Hãy tải lại trang rồi làm lại.",
        )
    if owed.receipt is None:
        raise Conflict(
            code="procedures.no_receipt",
            what="Chưa có biên lai.",
            why=f"Tình trạng của khoản này: {owed.state_say.lower()}.",
            mend="Biên lai được cấp khi tiền đã nộp.",
        )
    return Content(
        name=f"bien-lai-{owed.receipt.year}-{owed.receipt.number:07d}.pdf",
        media_type="application/pdf",
        chunks=_once(_drawn(row, owed, owed.receipt)),
    )


def _once(content: bytes) -> Iterator[bytes]:
    yield content


def _drawn(dossier: Dossier, owed: Obligation, given: Receipt) -> bytes:
    on = clock.legal_date(given.issued_at)
    collector = directory.agency(given.agency_id)
    return reports.render(
        template=render.template(dossier.procedure, TEMPLATE),
        data={
            **render.about(dossier, at=given.issued_at),
            "made_on": on.isoformat(),
            "made_at": render.local(given.issued_at),
            "law": declared.law(dossier.procedure, on=on),
            "collector": render.agency_words(collector, on=on),
            "receipt": _told(owed, given),
        },
        qr="\n".join(
            (
                public_url(f"/xac-minh/{given.verify_code}/"),
                f"Biên lai số: {given.written}",
                f"Mã hồ sơ: {dossier.dossier_code or dossier.tracking_code}",
                f"Mã TTHC: {dossier.procedure.code}",
            )
        ),
    )


def _told(owed: Obligation, given: Receipt) -> dict[str, object]:
    code = given.verify_code
    return {
        "number": given.written,
        "payer": owed.payer_name,
        "lines": [
            {
                "title": line.title,
                "kind": line.kind,
                "amount": format_vnd(line.amount_vnd),
                "source": line.source,
            }
            for line in owed.lines
        ],
        "amount": format_vnd(given.amount_vnd),
        "words": given.amount_words,
        "method": METHODS.get(given.method, ""),
        "cashier": given.cashier,
        "refunded": format_vnd(owed.refunded_vnd) if owed.refunded_vnd else "",
        "verify_code": "-".join(code[at : at + 4] for at in range(0, len(code), 4)),
        "verify_at": public_url("/xac-minh/"),
    }
