from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction

from cuaso.foundation.audit.logic.sealing import plain
from cuaso.foundation.audit.logic.wake import wake
from cuaso.foundation.audit.models import Event
from cuaso.kernel import clock
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject


def publish(
    *,
    topic: str,
    subject: Subject,
    payload: Mapping[str, object],
    key: str | None = None,
    trace: str = "",
) -> UUID:
    """Put an event in the outbox, in the transaction of the act; return its id.

    The same `key` twice is one event: the second call returns the first one's id. The payload
    is written as JSON words (a UUID becomes text). Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        message = "audit.publish belongs inside the transaction.atomic() of its act"
        raise RuntimeError(message)
    now = clock.now()
    event = Event(
        event_id=new_id(),
        topic=topic,
        subject_kind=subject.kind,
        subject_id=subject.id,
        payload=plain(payload),
        key=key,
        trace=trace,
        published_at=now,
        next_try_at=now,
    )
    if key is not None:
        return _once(event, key)
    event.save(force_insert=True)
    transaction.on_commit(wake, robust=True)
    return event.event_id


def _once(event: Event, key: str) -> UUID:
    Event.objects.bulk_create([event], ignore_conflicts=True)
    kept = Event.objects.values_list("event_id", flat=True).get(key=key)
    if kept == event.event_id:
        transaction.on_commit(wake, robust=True)
    return kept
