import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from cuaso.foundation.audit.contracts import Publication
from cuaso.foundation.audit.logic.gathering import inserting_events, send
from cuaso.foundation.audit.logic.sealing import plain
from cuaso.foundation.audit.logic.wake import wake_after_commit
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
    event_id = new_id()
    publication = Publication(topic=topic, payload=payload, key=key)
    row = row_of(publication, subject, id=event_id, trace=trace)
    if not send([inserting_events([row])]):
        return Event.objects.values_list("event_id", flat=True).get(key=key)
    wake_after_commit()
    return event_id


def row_of(publication: Publication, subject: Subject, *, id: UUID, trace: str = "") -> list[Any]:
    """Return the values of one event for `inserting_events`."""
    now = clock.now()
    said = json.dumps(plain(publication.payload))
    about = (id, publication.topic, subject.kind, subject.id)
    settled = None if publication.heard else now
    return [*about, said, publication.key, trace, now, now, settled]
