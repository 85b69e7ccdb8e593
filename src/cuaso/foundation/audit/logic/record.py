import secrets
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from cuaso.foundation.audit.contracts import Publication, Written
from cuaso.foundation.audit.logic.gathering import take
from cuaso.foundation.audit.logic.publish import row_of
from cuaso.foundation.audit.logic.sealing import Told, canonical, commit, leaf_of
from cuaso.foundation.audit.logic.wake import wake_for
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

SALT_BYTES = 32


def record(
    *,
    actor: Actor,
    act: str,
    subject: Subject,
    content: Mapping[str, object],
    reason: str = "",
    publications: Sequence[Publication] = (),
    beside: Sequence[Written] = (),
) -> UUID:
    """Append one act to the ledger, in the transaction of the act itself; return its entry id.

    `act` is `engine.verb_in_past` (`procedures.received`). `content` may hold personal data: it
    is sealed and can be erased. `publications` are put in the outbox with it, in their order;
    `beside` is what the act writes last, in one statement with its entry.
    Raises RuntimeError outside a transaction, TypeError for content that JSON cannot say.
    """
    if not connection.in_atomic_block:
        message = "audit.record belongs inside the transaction.atomic() of its act"
        raise RuntimeError(message)
    told = draft(actor=actor, act=act, subject=subject, content=content, reason=reason)
    events = [row_of(one, subject, id=new_id()) for one in publications]
    wake_for(publications)
    take(entry=[*told, leaf_of(told)], events=events, beside=beside)
    return told.entry_id


def draft(
    *, actor: Actor, act: str, subject: Subject, content: Mapping[str, object], reason: str
) -> Told:
    """Return an entry without its leaf, in the order of `ENTRY_COLUMNS`."""
    salt = secrets.token_bytes(SALT_BYTES)
    sealed = seal(actor=actor, content=content, reason=reason)
    return Told(
        entry_id=new_id(),
        recorded_at=clock.now(),
        act=act,
        subject_kind=subject.kind,
        subject_id=subject.id,
        actor_kind=actor.kind,
        actor_person_id=actor.person_id,
        actor_post_id=actor.post_id,
        actor_agency_id=actor.agency_id,
        trace=actor.trace,
        sealed=sealed,
        salt=salt,
        commitment=commit(sealed=sealed, salt=salt),
    )


def seal(*, actor: Actor, content: Mapping[str, object], reason: str) -> str:
    person = {"name": actor.name, "person": actor.person_id, "for": actor.for_id}
    if actor.by_id is not None:
        person["by"] = actor.by_id
    return canonical({"actor": person, "content": content, "reason": reason})
