"""What the payment gateway says of one transaction."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Router, Status

from cuaso.capabilities.payments import api as payments
from cuaso.channels.rest import bodies

router = Router(tags=["Thanh toán"])


@router.post("/payment-callbacks", response={204: None}, auth=None, summary="Báo thanh toán")
def receive(
    request: HttpRequest,
    told: bodies.PaymentTold,
    signed_at: Annotated[
        str, Header(alias="X-Signed-At", description="Giây kể từ năm 1970 lúc ký.", max_length=20)
    ] = "",
    signature: Annotated[
        str, Header(alias="X-Signature", description="HMAC-SHA256 của `X-Signed-At.thân`.")
    ] = "",
) -> Status[None]:
    """Cổng thanh toán báo một giao dịch, kèm chữ ký HMAC; báo lại lần nữa không đổi gì."""
    del told  # The signature is over the bytes as they came.
    payments.receive_callback(body=request.body, signed_at=signed_at, signature=signature)
    return Status(204, None)
