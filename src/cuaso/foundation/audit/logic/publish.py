import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import connection

from cuaso.foundation.audit.logic.sealing import plain
from cuaso.foundation.audit.logic.wake import wake_after_commit
from cuaso.foundation.audit.models import Event
from cuaso.kernel import clock
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

# Every act publishes: Django would think about this statement longer than PostgreSQL.
_INSERT: Final = """
insert into audit_event (event_id, topic, subject_kind, subject_id, payload, key, trace,
  published_at, next_try_at) values (%s, %s, %s, %s, %s::jsonb, %s, %s, %s, %s)
on conflict (key) do nothing
"""


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
    said = json.dumps(plain(payload))
    event_id = new_id()
    about = (event_id, topic, subject.kind, subject.id)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [*about, said, key, trace, now, now])
        fresh = cursor.rowcount == 1
    if not fresh:
        return Event.objects.values_list("event_id", flat=True).get(key=key)
    wake_after_commit()
    return event_id
