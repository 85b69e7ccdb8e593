"""Lets the directory follow a change of a registry that is its source."""

from datetime import timedelta
from uuid import UUID

from cuaso.capabilities.registries.logic.feeding.officials import NEVER
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.feeding import OrganisationsFrom
from cuaso.declarations.fields import Linked
from cuaso.declarations.shape import Loose
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import OrganisationRow
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound


def follow(*, registry: str, change_id: UUID, origin: str, actor: Actor) -> int:
    """Take what a change wrote of organisations over into the directory; how many records.

    A record that went on since is left to its later change, and a registry that was withdrawn is
    no source any more. The same change again changes nothing.
    """
    try:
        built = sets.built(registry)
    except NotFound:
        return 0
    feeds = built.declared.feeds
    if feeds is None or feeds.organisations is None or origin in NEVER:
        return 0
    rows = list(built.live.objects.filter(row_change=change_id).order_by("row_id"))
    for row in rows:
        _organisation(built, row, feeds.organisations, actor)
    return len(rows)


def _value(built: Built, row: Row, path: str) -> Loose:
    return built.column(path).read(row) if path else None


def _key(built: Built, row: Row, path: str) -> str:
    """Return the key, as it is now, of the record that a reference names, "" for none."""
    linked = _value(built, row, path)
    column = built.by_path.get(path)
    if not isinstance(linked, Linked) or column is None or column.one is None:
        return ""
    here = values.HouseRecords(built.key.partition("/")[0])
    found = here.find(column.one.to, linked.id)
    return found.key if found else ""


def _organisation(built: Built, row: Row, one: OrganisationsFrom, actor: Actor) -> None:
    ended = _value(built, row, one.until)
    until = ended + timedelta(days=1) if ended else None
    if row.row_gone is not None and until is None:
        until = clock.today()
    kind = str(_value(built, row, one.kind) or "")
    directory.keep_organisation(
        row=OrganisationRow(
            code=str(_value(built, row, one.code)),
            name=str(_value(built, row, one.name)),
            short_name=str(_value(built, row, one.short_name) or ""),
            kind=kind,
            inside=kind in one.inside,
            parent_code=_key(built, row, one.parent),
            place_code=str(_value(built, row, one.place) or ""),
            start=_value(built, row, one.since),
            until=until,
            heir_code=_key(built, row, one.heir) if one.heir else "",
            source=built.declared.title,
        ),
        actor=actor,
    )
