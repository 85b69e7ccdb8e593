"""The authority behind an act: written down with it, and judged again from dated data any day."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction

from cuaso.foundation.access.check_contracts import AuthorityProof
from cuaso.foundation.access.contracts import Authority
from cuaso.foundation.access.logic.authority import LEADS, authority
from cuaso.foundation.access.logic.explain import require_asker
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Entry
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject


def as_content(held: Authority | None) -> dict[str, str]:
    """Return what an act's ledger entry keeps of the authority that it rested on."""
    if held is None:
        return {"authority": "", "mandate": ""}
    return {
        "authority": held.sentence,
        "mandate": str(held.mandate_id or ""),
        "authority_post": str(held.post_id or ""),
        "authority_for": str(held.agency_id or ""),
        "authority_matter": held.matter,
        "authority_role": held.role,
    }


def authority_proofs(*, subject: Subject, actor: Actor) -> tuple[AuthorityProof, ...]:
    """Return the authority of each act on a thing that needed one, oldest first.

    What was said then is set beside what the dated mandates say now of that minute. Only auditors
    and administrators ask; that they asked is written down.
    """
    require_asker(actor)
    found = tuple(_proofs(audit.history(subject)))
    if found:
        with transaction.atomic():
            audit.record(
                actor=actor,
                act="access.authority_asked",
                subject=subject,
                content={"acts": len(found), "agree": all(one.agrees for one in found)},
            )
    return found


def _proofs(entries: tuple[Entry, ...]) -> Iterator[AuthorityProof]:
    for entry in entries:
        kept = {name: str(value) for name, value in entry.content.items()}
        if not kept.get("authority_post"):
            continue
        again = authority(
            post_id=UUID(kept["authority_post"]),
            agency_id=UUID(kept["authority_for"]),
            matter=kept["authority_matter"],
            role=kept.get("authority_role", LEADS),
            at=entry.at,
        )
        yield AuthorityProof(
            at=entry.at,
            act=entry.act,
            name=entry.actor_name,
            said_then=kept["authority"],
            found_now=again.sentence,
            agrees=again.holds and str(again.mandate_id or "") == kept["mandate"],
        )
