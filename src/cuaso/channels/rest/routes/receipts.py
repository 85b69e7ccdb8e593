"""What the message gateway says became of a message."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Router, Schema, Status

from cuaso.capabilities.messages import api as messages

router = Router(tags=["Tin nhắn"])


class Receipt(Schema):
    """A receipt: the gateway's own id of the message, and delivered or undelivered."""

    provider_id: str
    state: str


@router.post("/message-receipts", response={204: None}, auth=None, summary="Báo nhận tin nhắn")
def receive(
    request: HttpRequest,
    receipt: Receipt,
    signature: Annotated[str, Header(alias="X-Signature")] = "",
) -> Status[None]:
    """Cổng tin nhắn báo tin đã đến hay chưa, kèm chữ ký HMAC; báo lại lần nữa không đổi gì."""
    del request
    messages.receive_receipt(
        provider_id=receipt.provider_id, state=receipt.state, signature=signature
    )
    return Status(204, None)
