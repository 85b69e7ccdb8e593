"""Keep the directory as the register of organisations says: founded, renamed, moved, ended."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic.install import identity
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import fold, one_line, sort_key


def keep_organisation(*, row: contracts.OrganisationRow, actor: Actor) -> contracts.Kept:
    """Make the agency or unit of a code be what the row says; the same row again changes nothing.

    An organisation is known by its code. What is inside an agency becomes a unit of the nearest
    agency above it. Nothing is deleted: what ended has a last day, and its heir when one is named.
    """
    with transaction.atomic():
        above = _standing(row.parent_code)
        kept = _unit(row, above, actor) if row.inside and above else _agency(row, above, actor)
        heir = _standing(row.heir_code)
        ended = models.Agency.objects.filter(code=row.code).first()
        if heir is not None and ended is not None and heir.id != ended.id:
            models.AgencySuccession.objects.get_or_create(old=ended, new=heir)
    MEMORY.renew()
    return kept


def unit_by_code(code: str) -> contracts.Kept | None:
    """Return the unit that `keep_organisation` keeps under a code, None for none."""
    row = models.Unit.objects.filter(key=_key(code)).first()
    return contracts.Kept(agency_id=row.agency_id, unit_id=row.id) if row else None


def _key(code: str) -> str:
    return code.lower().replace(".", "-")


def _standing(code: str) -> models.Agency | None:
    """Return the newest agency of a code; for a unit's code the agency that it belongs to."""
    if not code:
        return None
    row = models.Agency.objects.filter(code=code).order_by("-from_date").first()
    if row is not None:
        return row
    unit = models.Unit.objects.filter(key=_key(code)).select_related("agency").first()
    return unit.agency if unit else None


def _agency(
    row: contracts.OrganisationRow, above: models.Agency | None, actor: Actor
) -> contracts.Kept:
    known = models.Agency.objects.select_for_update().filter(code=row.code)
    held = known.order_by("-from_date").first()
    facts: dict[str, Any] = {
        "name": one_line(row.name),
        "short_name": one_line(row.short_name),
        "until_date": row.until,
        "folded": fold(f"{row.name} {row.short_name}"),
        "sort_key": sort_key(row.name),
    }
    if above is not None:
        facts["parent_id"] = above.id
    if held is None:
        level = above.level if above else ("commune" if row.place_code else "province")
        held = models.Agency(
            id=identity("agency", _key(row.code)),
            key=_key(row.code),
            code=row.code,
            kind=row.kind,
            level=level,
            place_code=row.place_code or (above.place_code if above else ""),
            from_date=row.start,
            source=row.source,
            **facts,
        )
        held.save(force_insert=True)
        _record(held.id, row, act="directory.founded", actor=actor)
    elif _differs(held, facts):
        held.save(update_fields=list(facts))
        _record(held.id, row, act="directory.kept", actor=actor)
    return contracts.Kept(agency_id=held.id)


def _unit(row: contracts.OrganisationRow, above: models.Agency, actor: Actor) -> contracts.Kept:
    held = models.Unit.objects.select_for_update().filter(key=_key(row.code)).first()
    facts: dict[str, Any] = {
        "name": one_line(row.name),
        "agency_id": above.id,
        "until_date": row.until,
    }
    if held is None:
        key = _key(row.code)
        held = models.Unit(id=identity("unit", key), key=key, from_date=row.start, **facts)
        held.save(force_insert=True)
        _record(held.id, row, act="directory.founded", actor=actor)
    elif _differs(held, facts):
        held.save(update_fields=list(facts))
        _record(held.id, row, act="directory.kept", actor=actor)
    return contracts.Kept(agency_id=above.id, unit_id=held.id)


def _differs(held: models.Agency | models.Unit, facts: dict[str, Any]) -> bool:
    differing = [name for name, value in facts.items() if getattr(held, name) != value]
    for name in differing:
        setattr(held, name, facts[name])
    return bool(differing)


def _record(id: UUID, row: contracts.OrganisationRow, *, act: str, actor: Actor) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="directory.organisation", id=id),
        content={"code": row.code, "name": row.name, "until": _day(row.until)},
        reason=row.source,
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
