"""Hand events to subscribers: at least once, in the order of each subject, failures retried.

A delivery and its bookkeeping are one transaction, so what a subscriber writes in the database
happens once; only what it does outside may happen twice.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from cuaso.foundation.audit import contracts
from cuaso.foundation.audit.models import Delivery, Event
from cuaso.kernel import clock
from cuaso.kernel.remembering import one_moment
from cuaso.kernel.subjects import Subject

Subscriber = Callable[[contracts.Event], None]

BATCH = 200
UNHEARD_BATCH = 5_000
FIRST_DELAY = timedelta(seconds=2)
CROWDED_DELAY = timedelta(milliseconds=200)  # another deliverer is at this subject
LONGEST_DELAY = timedelta(hours=1)
LOCK = 0x6F75  # "ou": the first half of a two-part advisory lock; the subject's hash is the second
# Every event comes by these: Django would think about them longer than PostgreSQL.
_DUE: Final = """
select * from audit_event where settled_at is null and next_try_at <= %s and topic = any(%s)
order by position limit %s
"""
# Most events are heard by nobody: they are settled without being read.
_UNHEARD: Final = """
update audit_event set settled_at = %s where position in (
  select position from audit_event
  where settled_at is null and next_try_at <= %s and topic <> all(%s)
  order by position limit %s for update skip locked
)
"""
# The subject's lock is held until the transaction ends; without it no row is made.
_FIRST_TRY: Final = """
with turn as materialized (select pg_try_advisory_xact_lock(%s, hashtext(%s)) as held),
made as (
  insert into audit_delivery (event_id, subscriber, attempts, error)
  select %s, %s, 0, '' from turn where held
  on conflict (event_id, subscriber) do nothing returning id
)
select held, (select id from made) from turn
"""
_EARLIER: Final = """
select next_try_at from audit_event as earlier
where settled_at is null and subject_id = %s and subject_kind = %s and position < %s
  and topic = any(%s) and not exists (
    select from audit_delivery where event_id = earlier.event_id and subscriber = %s
    and delivered_at is not null
  )
order by next_try_at desc limit 1
"""
_DELIVERED: Final = """
update audit_delivery set delivered_at = %s, attempts = attempts + 1, next_try_at = null, error = ''
where id = %s
"""
_SETTLED: Final = """
update audit_event set settled_at = %s where position = any(%s) and settled_at is null
"""
log = logging.getLogger(__name__)


def deliver(subscribers: Mapping[str, Sequence[Subscriber]]) -> int:
    """Deliver all that is due; return how many deliveries succeeded.

    `subscribers` maps a topic to functions, all of the house in one mapping: an event is settled
    once they have had it. A function's qualified name is its identity. Several processes may
    deliver at once. An event that commits late is not skipped: its own row says it is unsettled,
    and an act that waited for another's row lock also got the later position.
    """
    topics = _topics_of(subscribers)
    heard = [topic for topic, functions in subscribers.items() if functions]
    done = 0
    _settle_unheard(heard)
    while batch := _due(heard):
        for event in batch:
            done += _one(event, subscribers[event.topic], topics)
        if len(batch) < BATCH:
            break
    return done


def _topics_of(subscribers: Mapping[str, Sequence[Subscriber]]) -> dict[str, list[str]]:
    topics: dict[str, list[str]] = {}
    for topic, functions in subscribers.items():
        for function in functions:
            topics.setdefault(name_of(function), []).append(topic)
    return topics


def _due(heard: Sequence[str]) -> list[Event]:
    return list(Event.objects.raw(_DUE, [clock.now(), list(heard), BATCH]))


def _one(
    event: Event, subscribers: Sequence[Subscriber], topics: Mapping[str, Sequence[str]]
) -> int:
    done, next_tries = 0, []
    for subscriber in subscribers:
        try:
            # A moment of its own: what changed elsewhere before this delivery is seen by it.
            with one_moment(), transaction.atomic():
                delivered, wait_until = _attempt(event, subscriber, topics)
        except Exception as error:  # noqa: BLE001 a subscriber may fail in any way
            delivered, wait_until = 0, _remember_failure(event, subscriber, error)
        done += delivered
        if wait_until:
            next_tries.append(wait_until)
    _settle(event, next_tries)
    return done


def _attempt(
    event: Event, subscriber: Subscriber, topics: Mapping[str, Sequence[str]]
) -> tuple[int, datetime | None]:
    """Return (deliveries made, when to try again if it was not this one's turn)."""
    name = name_of(subscriber)
    soon = clock.now() + CROWDED_DELAY
    row = _turn(event, name)
    if row is None:
        return 0, soon
    if row.delivered_at:
        return 0, None
    if row.next_try_at and row.next_try_at > clock.now():
        return 0, row.next_try_at
    if earlier := _earlier(event, name, topics[name]):
        return 0, max(earlier, soon)
    subscriber(as_event(event))
    _execute(_DELIVERED, [clock.now(), row.pk])
    return 1, None


def _turn(event: Event, name: str) -> Delivery | None:
    """Return the row of what the subscriber has had of the event, None while another deliverer
    is at the subject; the first try makes it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_TRY, [LOCK, str(event.subject_id), event.event_id, name])
        held, made = cursor.fetchone()
    if not held:
        return None
    if made is not None:
        return Delivery(pk=made, event_id=event.event_id, subscriber=name, attempts=0)
    return Delivery.objects.get(event_id=event.event_id, subscriber=name)


def _earlier(event: Event, name: str, topics: Sequence[str]) -> datetime | None:
    """Return when the last to be tried of the subject's earlier events, that the subscriber has
    not had yet, is tried again.
    """
    asked: list[Any] = [event.subject_id, event.subject_kind, event.position, list(topics), name]
    with connection.cursor() as cursor:
        cursor.execute(_EARLIER, asked)
        found: tuple[datetime] | None = cursor.fetchone()
    return found[0] if found else None


def _execute(statement: str, params: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _remember_failure(event: Event, subscriber: Subscriber, error: Exception) -> datetime:
    name = name_of(subscriber)
    log.error("delivery of %s to %s failed", event.topic, name, exc_info=error)
    with transaction.atomic():
        row, _ = Delivery.objects.select_for_update().get_or_create(
            event_id=event.event_id, subscriber=name
        )
        row.attempts += 1
        row.next_try_at = clock.now() + delay_after(row.attempts)
        row.error = f"{type(error).__name__}: {error}"[:1000]
        row.save(update_fields=["attempts", "next_try_at", "error"])
    return row.next_try_at


def delay_after(attempts: int) -> timedelta:
    """Return the wait after the nth failure: 2 s, 4 s, 8 s ... one hour at most, for ever."""
    doublings: int = 2 ** min(attempts - 1, 12)
    return min(FIRST_DELAY * doublings, LONGEST_DELAY)


def _settle_unheard(heard: Sequence[str]) -> None:
    """Settle the events of which no subscriber hears, in one statement for many."""
    now = clock.now()
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_UNHEARD, [now, now, list(heard), UNHEARD_BATCH])
            if cursor.rowcount < UNHEARD_BATCH:
                return


def _settle(event: Event, next_tries: Sequence[datetime]) -> None:
    if next_tries:
        mine = Event.objects.filter(pk=event.pk, settled_at__isnull=True)
        mine.update(next_try_at=min(next_tries))
    else:
        _execute(_SETTLED, [clock.now(), [event.pk]])


def troubles(limit: int = 100) -> tuple[contracts.Trouble, ...]:
    """Return the deliveries that have failed and wait for another try, oldest try first."""
    rows = Delivery.objects.filter(delivered_at__isnull=True, attempts__gt=0)
    rows = rows.order_by("next_try_at")[:limit]
    events = Event.objects.in_bulk([row.event_id for row in rows], field_name="event_id")
    return tuple(_as_trouble(row, events[row.event_id]) for row in rows)


def _as_trouble(row: Delivery, event: Event) -> contracts.Trouble:
    return contracts.Trouble(
        event_id=event.event_id,
        topic=event.topic,
        subject=Subject(kind=event.subject_kind, id=event.subject_id),
        subscriber=row.subscriber,
        attempts=row.attempts,
        next_try_at=row.next_try_at or event.next_try_at,
        error=row.error,
    )


def name_of(subscriber: Subscriber) -> str:
    return f"{subscriber.__module__}.{subscriber.__qualname__}"


def as_event(row: Event) -> contracts.Event:
    return contracts.Event(
        id=row.event_id,
        position=row.position,
        topic=row.topic,
        subject=Subject(kind=row.subject_kind, id=row.subject_id),
        payload=row.payload,
        key=row.key,
        published_at=row.published_at,
        trace=row.trace,
    )
