"""What the message gateway says became of a message."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Router, Status

from cuaso.capabilities.messages import api as messages
from cuaso.channels.rest import bodies

router = Router(tags=["Tin nhắn"])


@router.post("/message-receipts", response={204: None}, auth=None, summary="Báo nhận tin nhắn")
def receive(
    request: HttpRequest,
    receipt: bodies.Receipt,
    signature: Annotated[str, Header(alias="X-Signature")] = "",
) -> Status[None]:
    """Cổng tin nhắn báo tin đã đến hay chưa, kèm chữ ký HMAC; báo lại lần nữa không đổi gì."""
    del request
    messages.receive_receipt(
        provider_id=receipt.provider_id, state=receipt.state, signature=signature
    )
    return Status(204, None)
