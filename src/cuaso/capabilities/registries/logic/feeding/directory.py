"""Lets the directory follow a change of a registry that is its source."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from cuaso.capabilities.registries.logic.seeing import records
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.conditions import condition_of
from cuaso.declarations.feeding import OrganisationsFrom, PostsFrom
from cuaso.declarations.fields import Linked
from cuaso.declarations.shape import Loose
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Kept, OrganisationRow, Post
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound

# Invented records never make agencies or give anybody a post.
NEVER: Final = frozenset({"sample"})


def follow(*, registry: str, change_id: UUID, origin: str, actor: Actor) -> int:
    """Take what a change wrote over into the directory; how many records.

    A record that went on since is left to its later change, and a registry that was withdrawn is
    no source any more. The same change again changes nothing.
    """
    try:
        built = sets.built(registry)
    except NotFound:
        return 0
    feeds = built.declared.feeds
    if feeds is None or origin in NEVER:
        return 0
    rows = list(built.live.objects.filter(row_change=change_id).order_by("row_id"))
    for row in rows:
        if feeds.organisations is not None:
            _organisation(built, row, feeds.organisations, actor)
        if feeds.posts is not None:
            _posts(built, row, feeds.posts, actor)
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


def _posts(built: Built, row: Row, one: PostsFrom, actor: Actor) -> None:
    """Give the person the one post that the record says, and end what it no longer says."""
    person = directory.find_person(str(_value(built, row, f"{one.person}.personal_number") or ""))
    working = row.row_gone is None and all(
        _value(built, row, path) in condition_of(field, words).values
        for path, words in one.working.items()
        if (field := built.column(path).one) is not None
    )
    place = _place(_key(built, row, one.organisation)) if working else None
    if working and place is None:
        return
    if person is None:
        if place is None:
            return
        person = directory.ensure_person(
            name=str(_value(built, row, f"{one.person}.full_name")),
            personal_number=str(_value(built, row, f"{one.person}.personal_number")),
            birth_date=_value(built, row, f"{one.person}.birth_date"),
            sex=str(_value(built, row, f"{one.person}.sex") or ""),
            actor=actor,
        )
    title = records.say(
        built.column(one.post).one,  # type: ignore[arg-type] # a proven field
        _value(built, row, one.post),
        values.context(built),
    )
    held = directory.posts_of(person.id)
    same = [post for post in held if place is not None and _is(post, place, title)]
    today = clock.today()
    for post in held:
        if post not in same[:1]:
            begun_today = post.valid.start is not None and post.valid.start >= today
            end = today + timedelta(days=1) if begun_today else today
            directory.end_post(post_id=post.id, end=end, actor=actor, reason=built.declared.title)
    if place is not None and not same:
        code = str(_value(built, row, one.post))
        directory.appoint(
            agency_id=place.agency_id,
            unit_id=place.unit_id,
            person_id=person.id,
            title=title,
            roles=[role for role, codes in one.roles.items() if code in codes],
            start=today,
            actor=actor,
        )


def _is(post: Post, place: Kept, title: str) -> bool:
    return (post.agency_id, post.unit_id, post.title) == (place.agency_id, place.unit_id, title)


def _place(code: str) -> Kept | None:
    """Return where an organisation stands in the directory today, None while it does not."""
    if not code:
        return None
    unit = directory.unit_by_code(code)
    if unit is not None:
        return unit
    try:
        return Kept(agency_id=directory.agency_by_code(code).id)
    except NotFound:
        return None
