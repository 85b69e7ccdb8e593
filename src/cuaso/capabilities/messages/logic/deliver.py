from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.messages.contracts import FAILED
from cuaso.capabilities.messages.logic.transports import (
    Letter,
    NotConfigured,
    Permanent,
    Temporary,
    Transport,
    hand_over,
    one_round,
)
from cuaso.capabilities.messages.models import Delivery
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject

# Longer than a transport may take: a message that is still being sent is not taken by another.
LEASE = timedelta(minutes=2)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
MAX_TRIES = len(PAUSES) + 1
UNCONFIGURED_PAUSE = timedelta(minutes=10)
# Every message comes by these: Django would think about them longer than PostgreSQL.
_TAKE: Final = """
with due as (
  select id, next_try_at as was_due_at from messaging_delivery
  where state in ('waiting', 'sending') and next_try_at <= %s
  order by next_try_at limit %s for update skip locked
)
update messaging_delivery set state = 'sending', next_try_at = %s
from due where messaging_delivery.id = due.id
returning messaging_delivery.*, due.was_due_at
"""
_SENT: Final = """
update messaging_delivery set state = 'sent', provider_id = %s, sent_at = %s, next_try_at = null,
  trouble = '' where id = %s and state = 'sending'
"""


def deliver_due(limit: int = 100, transport: Transport = hand_over) -> int:
    """Send what is due, one after another, outside any transaction; return how many went.

    A message taken here and never marked (the process died) is taken again after its lease,
    under the same idempotency key. Raises RuntimeError inside a transaction.
    """
    taken = _take(limit)
    with one_round():
        return sum(_deliver(delivery, transport) for delivery in taken)


def _take(limit: int) -> list[Delivery]:
    now = clock.now()
    with transaction.atomic(durable=True):
        taken = list(Delivery.objects.raw(_TAKE, [now, limit, now + LEASE]))
    return sorted(taken, key=lambda delivery: delivery.was_due_at)  # type: ignore[attr-defined] # named in the statement


def _deliver(delivery: Delivery, transport: Transport) -> int:
    letter = Letter(
        id=str(delivery.id),
        channel=delivery.channel,
        to=delivery.address,
        name=delivery.recipient_name,
        headline=delivery.headline,
        body=delivery.body,
    )
    try:
        provider_id = transport(letter)
    except NotConfigured as error:
        _put_off(delivery.id, str(error), pause=UNCONFIGURED_PAUSE, counts=0)
        return 0
    except Permanent as error:
        _give_up(delivery.id, str(error))
        return 0
    except Temporary as error:
        if delivery.tries + 1 >= MAX_TRIES:
            _give_up(delivery.id, str(error))
        else:
            _put_off(delivery.id, str(error), pause=PAUSES[delivery.tries], counts=1)
        return 0
    return _mark_sent(delivery.id, provider_id)


def _mark_sent(delivery_id: UUID, provider_id: str | None) -> int:
    """Only while the lease is ours to end: whoever took it over marks it by the same key."""
    with audit.planned() as cursor:
        cursor.execute(_SENT, [provider_id, clock.now(), delivery_id])
        marked: int = cursor.rowcount
    return marked


def _put_off(delivery_id: UUID, trouble: str, *, pause: timedelta, counts: int) -> None:
    with transaction.atomic():
        row = Delivery.objects.select_for_update().get(id=delivery_id)
        row.state, row.trouble = "waiting", trouble
        row.tries += counts
        row.next_try_at = clock.now() + pause
        row.save(update_fields=["state", "trouble", "tries", "next_try_at"])


def _give_up(delivery_id: UUID, trouble: str) -> None:
    with transaction.atomic():
        row = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("notice")
            .get(id=delivery_id)
        )
        row.state, row.trouble, row.settled_at = "failed", trouble, clock.now()
        row.tries, row.next_try_at = row.tries + 1, None
        row.save(update_fields=["state", "trouble", "settled_at", "tries", "next_try_at"])
        subject = Subject(kind=row.notice.subject_kind, id=row.notice.subject_id)
        content = {"delivery": row.id, "channel": row.channel, "trouble": trouble}
        audit.record(
            actor=system("Thông báo"), act="messages.failed", subject=subject, content=content
        )
        audit.publish(topic=FAILED, subject=subject, payload=content, key=f"failed:{row.id}")
