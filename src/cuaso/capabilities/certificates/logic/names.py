"""Which names may be certified, each for one connected system."""

import re
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cuaso.capabilities.certificates.contracts import AllowedName
from cuaso.capabilities.certificates.logic import refusals
from cuaso.capabilities.certificates.models import Name
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(rf"({_LABEL}\.)+[a-z]{{2,63}}")
_HERE: Final = "localhost"
_LONGEST: Final = 253
LONGEST_SYSTEM: Final = 100


def allow_name(*, actor: Actor, name: str, client_id: str, contact: str = "") -> UUID:
    """Let a system hold certificates for a name; raise NotAllowed, Invalid or Conflict."""
    _require_admin(actor)
    told = name.strip().rstrip(".")
    here = told == _HERE and settings.MODE != "production"
    fit = len(told) <= _LONGEST and (here or _NAME.fullmatch(told))
    if not fit or not may_be_system(client_id):
        raise refusals.name_wrong()
    row = Name(id=new_id(), name=told, client_id=client_id.strip(), contact=contact.strip()[:200])
    with transaction.atomic():
        if Name.objects.filter(name=told, ended_at=None).exists():
            raise refusals.name_taken(told)
        row.save(force_insert=True)
        _record(actor, row, act="certificates.name_allowed")
    return row.id


def may_be_system(client_id: str) -> bool:
    """Tell whether a system can be called this: printable, and no longer than its column."""
    return 0 < len(client_id.strip()) <= LONGEST_SYSTEM and client_id.isprintable()


def forbid_name(*, actor: Actor, name_id: UUID) -> None:
    """Certify the name no more; what was issued stays until it ends or is revoked."""
    _require_admin(actor)
    with transaction.atomic():
        row = Name.objects.select_for_update().filter(id=name_id, ended_at=None).first()
        if row is None:
            raise refusals.no_certificate()
        row.ended_at = now()
        row.save(update_fields=["ended_at"])
        _record(actor, row, act="certificates.name_forbidden")


def allowed_names() -> tuple[AllowedName, ...]:
    return tuple(
        AllowedName(
            id=row.id,
            name=row.name,
            client_id=row.client_id,
            contact=row.contact,
            added_at=row.added_at,
        )
        for row in Name.objects.filter(ended_at=None).order_by("name")
    )


def system_of(names: Iterable[str]) -> str:
    """Return the one system that may hold all these names; raise NotAllowed for any other name."""
    wanted = list(names)
    known = dict(
        Name.objects.filter(name__in=wanted, ended_at=None).values_list("name", "client_id")
    )
    first = known.get(wanted[0], "") if wanted else ""
    for name in wanted:
        if not known.get(name) or known[name] != first:
            raise refusals.name_not_allowed(name)
    return first


def _require_admin(actor: Actor) -> None:
    if refusals.ROLE not in actor.roles:
        raise refusals.not_yours()


def _record(actor: Actor, row: Name, *, act: str) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="certificates.name", id=row.id),
        content={"name": row.name, "client": row.client_id},
    )
