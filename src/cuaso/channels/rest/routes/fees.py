"""What a dossier costs: pay it, take it in cash, give it back, read its receipt."""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from ninja import Router, Schema

from cuaso.capabilities.payments.contracts import Obligation, PaymentPage, Receipt, Refund
from cuaso.channels.rest import answers, bodies
from cuaso.channels.rest.asking import IdempotencyKey, Purpose
from cuaso.foundation.identity import api as identity
from cuaso.services.procedures import api as procedures

router = Router(tags=["Phí, lệ phí"])


class WaitingRefund(Schema):
    """Một khoản hoàn chờ quyết định, và hồ sơ của nó."""

    dossier_id: UUID
    code: str
    title: str
    refund: Refund


@router.get("/dossiers/{id}/fees", response=list[Obligation], summary="Khoản phải nộp của hồ sơ")
def fees(request: HttpRequest, id: UUID, purpose: Purpose = "") -> list[Obligation]:
    """Từng khoản với căn cứ thu và biên lai; rỗng khi hồ sơ được miễn phí."""
    return list(procedures.fees(id=id, actor=identity.actor_of(request), purpose=purpose))


@router.post("/dossiers/{id}/fees/pay", response=PaymentPage, summary="Trả qua cổng thanh toán")
def pay(request: HttpRequest, id: UUID, idempotency_key: IdempotencyKey) -> PaymentPage:
    """Địa chỉ trang trả tiền của cổng; cùng khóa thì cùng một trang, không trả hai lần."""
    actor = identity.actor_of(request)
    found = procedures.dossier(id=id, actor=actor)
    back = reverse("portal:paid", args=[found.tracking_code])
    return procedures.pay_fee(
        id=id, return_url=f"{settings.PUBLIC_URL}{back}", actor=actor, key=idempotency_key
    )


@router.post(
    "/dossiers/{id}/fees/{obligation_id}/collect", response=Receipt, summary="Thu tiền mặt"
)
def collect(
    request: HttpRequest,
    id: UUID,
    obligation_id: UUID,
    body: bodies.Collected,
    idempotency_key: IdempotencyKey,
) -> Receipt:
    """Tại quầy, trọn khoản phải nộp; cùng khóa thì cùng một biên lai."""
    return procedures.collect_fee(
        id=id,
        obligation_id=obligation_id,
        amount_vnd=body.amount_vnd,
        actor=identity.actor_of(request),
        key=idempotency_key,
    )


@router.post("/dossiers/{id}/fees/{obligation_id}/refund", response=Refund, summary="Hoàn tiền")
def refund(
    request: HttpRequest,
    id: UUID,
    obligation_id: UUID,
    body: bodies.Refunded,
    idempotency_key: IdempotencyKey,
) -> Refund:
    """Quyết định hoàn một phần hoặc toàn bộ; tiền trả lại theo cách đã nộp."""
    return procedures.refund_fee(
        id=id,
        obligation_id=obligation_id,
        amount_vnd=body.amount_vnd,
        reason=body.reason,
        actor=identity.actor_of(request),
        key=idempotency_key,
    )


@router.get("/refunds", response=list[WaitingRefund], summary="Khoản hoàn chờ quyết định")
def refunds(request: HttpRequest) -> Sequence[object]:
    """Của những quầy mà bạn thu tiền, mới nhất trước."""
    return procedures.refunds_at_desk(actor=identity.actor_of(request))


@router.post("/refunds/{refund_id}/decide", response=Refund, summary="Quyết định khoản hoàn")
def decide(
    request: HttpRequest,
    refund_id: UUID,
    body: bodies.RefundDecided,
    idempotency_key: IdempotencyKey,
) -> Refund:
    return procedures.decide_refund(
        refund_id=refund_id,
        granted=body.granted,
        reason=body.reason,
        actor=identity.actor_of(request),
        key=idempotency_key,
    )


@router.get(
    "/dossiers/{id}/fees/{obligation_id}/receipt",
    summary="Biên lai",
    openapi_extra=answers.DOCUMENT,
)
def receipt(
    request: HttpRequest, id: UUID, obligation_id: UUID, purpose: Purpose = ""
) -> HttpResponseBase:
    """Biên lai bằng PDF, có mã QR để kiểm tra."""
    content = procedures.fee_receipt_content(
        dossier_id=id,
        obligation_id=obligation_id,
        actor=identity.actor_of(request),
        purpose=purpose,
    )
    return answers.document(content)
