"""What would stay of a person after an erasure, by the law that keeps it."""

from uuid import UUID

from cuaso.capabilities.registries import api as registries
from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.services.accounts.contracts import Kept
from cuaso.services.accounts.logic.gather import dossiers
from cuaso.services.accounts.logic.named_files import named
from cuaso.services.accounts.logic.retention import kept
from cuaso.services.feedback import api as feedback
from cuaso.services.locker import api as locker

_LOOKS = 1000


def stays(actor: Actor, *, person_id: UUID) -> tuple[Kept, ...]:
    """Return what stays, with its count; what there is none of is left out."""
    shelf = registries.own_records(actor=actor)
    accounts = identity.own_accounts(person_id)
    said = feedback.own_feedback(actor=actor)
    counts = {
        "dossiers": sum(1 for _ in dossiers(actor)),
        "papers": len(locker.papers(actor=actor)),
        "records": sum(len(one.records) for one in shelf.registries),
        "files": len(named(actor, person_id=person_id)),
        "complaints": len(said.complaints),
        "scores": len(said.ratings),
        "account_official": sum(one.kind == "official" for one in accounts),
        "ledger": sum(len(one.acts) for one in accounts if one.kind == "citizen"),
        "looks": len(audit.looks_at(person_id, limit=_LOOKS)),
        "contact": sum(one.finished_at is None for one in dossiers(actor)),
    }
    return tuple(kept(id, count=count) for id, count in counts.items() if count)
