"""Reads the registries of officials and of decisions on them, for the service that acts on them."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from cuaso.capabilities.registries.logic.feeding.shapes import (
    DecisionFile,
    NationalFile,
    OfficialFile,
    Told,
)
from cuaso.capabilities.registries.logic.seeing import records, rights
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Change
from cuaso.declarations.conditions import condition_of
from cuaso.declarations.feeding import DecisionsFrom, Feeds, PostsFrom
from cuaso.declarations.fields import Linked, Record
from cuaso.declarations.shape import FieldPath, Loose, Names
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound

# Invented records never make agencies or give anybody a post.
NEVER: Final = frozenset({"sample"})


def officials_of(change_id: UUID) -> tuple[OfficialFile, ...]:
    """Return the officials' files that a change wrote and no later one did; none of a registry that
    no post is taken from.
    """
    found = _of_change(change_id)
    if found is None or found[1].posts is None:
        return ()
    built, feeds, rows = found
    return tuple(_official(built, row, feeds.posts) for row in rows if feeds.posts)


def official_file(*, registry: str, id: UUID) -> OfficialFile | None:
    """Return one official's file as it is now, None for none."""
    built = sets.built(registry)
    row = built.live.objects.filter(pk=id).first()
    feeds = built.declared.feeds
    return _official(built, row, feeds.posts) if row and feeds and feeds.posts else None


def decisions_of(change_id: UUID) -> tuple[DecisionFile, ...]:
    """Return the decisions on officials that a change wrote and no later one did."""
    found = _of_change(change_id)
    if found is None or found[1].decisions is None:
        return ()
    built, feeds, rows = found
    return tuple(_decision(built, row, feeds.decisions) for row in rows if feeds.decisions)


def told_of(change_id: UUID) -> tuple[NationalFile, ...]:
    """Return what a national database is to be told of the records that a change wrote."""
    found = _of_change(change_id)
    if found is None or found[1].national is None:
        return ()
    built, feeds, rows = found
    return tuple(_told(built, row, feeds.national.fields) for row in rows if feeds.national)


def told(*, registry: str, id: UUID) -> NationalFile | None:
    """Return what a national database is to be told of one record, None for none."""
    built = sets.built(registry)
    row = built.live.objects.filter(pk=id).first()
    feeds = built.declared.feeds
    return _told(built, row, feeds.national.fields) if row and feeds and feeds.national else None


def keeps_whole(*, registry: str, actor: Actor) -> bool:
    """Say whether the actor may change a registry's records, all of them: from the owning agency,
    not only where the record is kept.
    """
    built = sets.built(registry)
    owns = built.owner_id in actor.agency_scope or built.owner_id == actor.agency_id
    return owns and "change" in rights.acts_on_whole(built, actor)


def is_told(*, registry: str) -> bool:
    """Say whether a national database is told of a registry's records."""
    feeds = sets.built(registry).declared.feeds
    return feeds is not None and feeds.national is not None


def told_registries() -> tuple[str, ...]:
    """Return the keys of the registries of which a national database is told."""
    return tuple(
        built.key
        for built in sets.current()
        if built.declared.feeds is not None and built.declared.feeds.national is not None
    )


def all_told() -> Iterator[NationalFile]:
    """Yield every record that a national database is to know, registry by registry.

    What rests in the bin, and invented records, are left out.
    """
    for built in sets.current():
        feeds = built.declared.feeds
        if feeds is None or feeds.national is None:
            continue
        invented = Change.objects.filter(registry_id=built.id, origin__in=NEVER).values("id")
        rows = built.live.objects.filter(row_gone=None).exclude(row_change__in=invented)
        for row in rows.order_by("row_id").iterator(chunk_size=500):
            yield _told(built, row, feeds.national.fields)


def _of_change(change_id: UUID) -> tuple[Built, Feeds, list[Row]] | None:
    change = Change.objects.filter(pk=change_id).select_related("registry").first()
    if change is None or change.origin in NEVER:
        return None
    try:
        built = sets.built(change.registry.key)
    except NotFound:
        return None
    feeds = built.declared.feeds
    if feeds is None:
        return None
    return built, feeds, list(built.live.objects.filter(row_change=change_id).order_by("row_id"))


def _value(built: Built, row: Row, path: str) -> Loose:
    return built.column(path).read(row) if path else None


def _linked(built: Built, row: Row, path: str) -> Record | None:
    """Return the record that a reference names, as it is now."""
    linked = _value(built, row, path)
    column = built.by_path.get(path)
    if not isinstance(linked, Linked) or column is None or column.one is None:
        return None
    here = values.HouseRecords(built.key.partition("/")[0])
    return here.find(column.one.to, linked.id)


def _text(built: Built, row: Row, path: str) -> str:
    return records.say(
        built.column(path).one,  # type: ignore[arg-type] # a proven field
        _value(built, row, path),
        values.context(built),
    )


def _stands(built: Built, row: Row, wanted: dict[FieldPath, Names]) -> bool:
    return row.row_gone is None and all(
        _value(built, row, path) in condition_of(field, words).values
        for path, words in wanted.items()
        if (field := built.column(path).one) is not None
    )


def _code(built: Built, row: Row) -> str:
    return str(getattr(row, values.one_key(built).name))


def _official(built: Built, row: Row, one: PostsFrom) -> OfficialFile:
    organisation = _linked(built, row, one.organisation)
    post = str(_value(built, row, one.post) or "")
    gone = row.row_gone is not None
    change = Change.objects.filter(pk=row.row_change).first()
    return OfficialFile(
        registry=built.key,
        id=row.row_id,
        revision=row.row_revision,
        code=_code(built, row),
        name=str(_value(built, row, f"{one.person}.full_name") or ""),
        personal_number=str(_value(built, row, f"{one.person}.personal_number") or ""),
        birth_date=_value(built, row, f"{one.person}.birth_date"),
        sex=str(_value(built, row, f"{one.person}.sex") or ""),
        email=str(_value(built, row, one.email) or ""),
        working=_stands(built, row, one.working),
        standing="Hồ sơ đã bỏ" if gone else _text(built, row, next(iter(one.working))),
        since=_value(built, row, one.since),
        until=_value(built, row, one.until),
        organisation_code=organisation.key if organisation else "",
        organisation_name=organisation.label if organisation else "",
        title=_text(built, row, one.post),
        roles=frozenset(role for role, codes in one.roles.items() if post in codes),
        agency_id=row.row_agency,
        basis=_basis(built, change),
        decided=change is not None and change.origin == "record",
    )


def _basis(built: Built, change: Change | None) -> str:
    """Return why a record is as it is: what its last change said, or from what it came."""
    if change is None:
        return built.declared.title
    came = change.origin_id if change.origin == "record" else ""
    return change.reason or came or built.declared.title


def _decision(built: Built, row: Row, one: DecisionsFrom) -> DecisionFile:
    official = _linked(built, row, one.official)
    statuses = built.declared.statuses
    after = statuses.moves[one.move].to if statuses else ""
    status = _value(built, row, statuses.field) if statuses else ""
    return DecisionFile(
        registry=built.key,
        id=row.row_id,
        number=str(_value(built, row, one.number)),
        act=_text(built, row, one.act),
        official_id=UUID(official.id) if official else None,
        official_name=official.label if official else "",
        effective=_value(built, row, one.effective),
        open=_stands(built, row, one.issued),
        taken=row.row_gone is None and status == after,
        move=one.move,
        agency_id=row.row_agency,
    )


def _told(built: Built, row: Row, fields: Names) -> NationalFile:
    here = values.context(built)
    told = {
        column.path: Told(
            path=column.path,
            title=records.title_of(built, column.path),
            value=_plain(built, row, column.path),
            text=records.say(column.one, column.read(row), here),
        )
        for name in fields
        for column in built.under(name)
        if column.one is not None
    }
    return NationalFile(
        registry=built.key,
        id=row.row_id,
        revision=row.row_revision,
        code=_code(built, row),
        name=values.name_of(built, row),
        gone=row.row_gone is not None,
        fields=told,
    )


def _plain(built: Built, row: Row, path: str) -> str:
    """Return a value as machines write it; a reference by the key of what it names, "" for none."""
    value = built.column(path).read(row)
    if isinstance(value, Linked):
        found = _linked(built, row, path)
        return found.key if found else ""
    one = built.column(path).one
    if one is None or value in (None, "", ()):
        return ""
    plain = records.plain(one, value)
    return (
        {True: "yes", False: "no"}.get(plain, str(plain)) if isinstance(plain, bool) else str(plain)
    )
