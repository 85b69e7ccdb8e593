"""Rows as they leave provisioning."""

import hashlib
from uuid import UUID

from cuaso.capabilities.provisioning import contracts, models
from cuaso.capabilities.provisioning.logic.said import still_true


def entry(row: models.Entry) -> contracts.Entry:
    """Return an entry as it is shown; `version` of a group also tells who belongs to it."""
    facts = row.facts
    return contracts.Entry(
        id=row.id,
        kind=row.kind,  # type: ignore[arg-type] # written by `render` alone
        name=row.name,
        external_id=row.external_id,
        display_name=row.display_name,
        full_name=facts.get("full_name", row.display_name),
        title=row.title,
        email=row.email,
        phone=row.phone,
        active=row.active,
        parent_id=_id(facts.get("parent", "")),
        holder_id=_id(facts.get("holder", "")),
        code=facts.get("code", ""),
        short_name=facts.get("short_name", ""),
        roles=tuple(facts.get("roles", ())),
        posts=tuple(_post(held) for held in facts.get("posts", ())),
        group_ids=tuple(row.group_ids),
        said=still_true(row.said, house(row)),
        version=_version(row),
        created_at=row.created_at,
        changed_at=row.changed_at,
        photo_id=_id(facts.get("photo", "")),
    )


def house(row: models.Entry) -> dict[str, object]:
    """Return what the house itself says, by the names under which systems' words are kept."""
    return {
        "display_name": row.display_name,
        "name": row.facts.get("full_name", ""),
        "title": row.title,
        "active": row.active,
        "emails": row.email,
        "phones": row.phone,
        "employee_number": "",
        "short_name": row.facts.get("short_name", ""),
    }


def _version(row: models.Entry) -> str:
    return hashlib.sha256(f"{row.digest}{row.changed_at.isoformat()}".encode()).hexdigest()[:20]


def _post(held: dict[str, str]) -> contracts.PostHeld:
    return contracts.PostHeld(
        id=UUID(held["id"]),
        title=held["title"],
        agency_id=UUID(held["agency_id"]),
        agency_code=held["agency_code"],
        agency=held["agency"],
        unit_id=_id(held["unit_id"]),
        unit=held["unit"],
        roles=tuple(held["roles"]),
    )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None
