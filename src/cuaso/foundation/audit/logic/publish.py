import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection

from cuaso.foundation.audit.contracts import Publication
from cuaso.foundation.audit.logic.sealing import plain
from cuaso.foundation.audit.logic.wake import wake_after_commit
from cuaso.foundation.audit.models import Event
from cuaso.kernel import clock
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

# Every act publishes: Django would think about this statement longer than PostgreSQL.
_INSERT: Final = """
insert into audit_event (event_id, topic, subject_kind, subject_id, payload, key, trace,
  published_at, next_try_at) values"""
_ROW: Final = "(%s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s)"
_ONCE: Final = "on conflict (key) do nothing"


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
    event_id = new_id()
    publication = Publication(topic=topic, payload=payload, key=key)
    with connection.cursor() as cursor:
        cursor.execute(inserting(1), row_of(publication, subject, id=event_id, trace=trace))
        fresh = cursor.rowcount == 1
    if not fresh:
        return Event.objects.values_list("event_id", flat=True).get(key=key)
    wake_after_commit()
    return event_id


def inserting(rows: int) -> str:
    """Return the statement that puts some events in the outbox, each key once."""
    return f"{_INSERT} {', '.join([_ROW] * rows)} {_ONCE}"


def row_of(publication: Publication, subject: Subject, *, id: UUID, trace: str = "") -> list[Any]:
    """Return the values of one event for `inserting`."""
    now = clock.now()
    said = json.dumps(plain(publication.payload))
    about = (id, publication.topic, subject.kind, subject.id)
    return [*about, said, publication.key, trace, now, now]
