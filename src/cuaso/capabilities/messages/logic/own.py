"""What was written to one person, for that person: to read, and to have forgotten."""

from uuid import UUID

from cuaso.capabilities.messages import contracts
from cuaso.capabilities.messages.logic.look import views
from cuaso.capabilities.messages.models import Delivery

_SETTLED = ("sent", "delivered", "undelivered", "failed", "no_address")


def messages_to(person_id: UUID) -> tuple[contracts.MessageView, ...]:
    """Return the messages to a person, oldest first."""
    rows = Delivery.objects.filter(notice__person_id=person_id).select_related("notice")
    return views(rows.order_by("notice__made_at", "pk"))


def forget_messages(person_id: UUID) -> int:
    """Empty the texts and addresses of what was sent to a person; that it was sent stays."""
    rows = Delivery.objects.filter(notice__person_id=person_id, state__in=_SETTLED)
    return rows.exclude(body="").update(address="", recipient_name="", headline="", body="")
