"""What is worth knowing about records now: the declared notices that hold for each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Q, Value, When

from cuaso.capabilities.registries.logic.seeing import (
    besides,
    filters,
    lists,
    records,
    rights,
    statements,
    walking,
)
from cuaso.capabilities.registries.logic.seeing.page_shapes import BesideRecord, Noticed
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.noticing import Notice
from cuaso.declarations.registries import PLACEHOLDER
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

Holding = Mapping[UUID, tuple[str, ...]]


def notices_of(
    *, registry: str, ids: Sequence[UUID], actor: Actor, language: str = "vi", beside: bool = False
) -> dict[UUID, tuple[Noticed, ...]]:
    """Return the notices that hold today for each of some records that the actor sees.

    A notice about what the actor may not read in full is left out. With `beside` each names the
    other records that it is about, as far as the actor may see those; without it, as lists ask,
    those that are shown on the record's page only are left out.
    """
    built = sets.built(registry)
    names = offered(built, actor, beside=beside)
    if not names or not ids:
        return {}
    held = holding(built, ids, names, on=clock.today())
    rows = lists.visible(built, actor).filter(row_id__in=list(held)) if held else ()
    return {
        row.row_id: tuple(
            _noticed(built, row, name, actor=actor, language=language, beside=beside)
            for name in held[row.row_id]
        )
        for row in rows
    }


def of_row(
    built: Built, row: Row, names: Sequence[str], *, actor: Actor, language: str
) -> tuple[Noticed, ...]:
    """Return the notices of these names, which hold today for a record whose row the actor sees,
    with the other records that they are about.
    """
    return tuple(
        _noticed(built, row, name, actor=actor, language=language, beside=True) for name in names
    )


def offered(built: Built, actor: Actor, *, beside: bool) -> tuple[str, ...]:
    """Return the names of the notices that the actor may read, `beside` for a record's page."""
    hidden = rights.masked(built, actor)
    return tuple(
        name
        for name, one in built.declared.notices.items()
        if not read_by(one) & hidden and (beside or not one.page)
    )


def holding(built: Built, ids: Sequence[UUID], names: Sequence[str], *, on: date) -> Holding:
    """Return which notices hold for which of the records, in one question; others are absent."""
    key = ("holding", tuple(names), on, sets.current().epoch)
    text, given = statements.kept(built, key, lambda: asking(built, names, on))
    of_these = f'{text} where "{built.table}"."row_id" = any (%s)'
    found = {}
    for id, *held in walking.asked(of_these, [*given, list(ids)]):
        true = tuple(name for name, one in zip(names, held, strict=True) if one)
        if true:
            found[id] = true
    return found


def asking(built: Built, names: Sequence[str], on: date) -> tuple[str, tuple[Any, ...]]:
    """Return what asks of every record that is its id, and whether each notice holds for it, under
    the names of `marks`; and the values in it.
    """
    named = {
        mark: _mark(filters.noticed(built, built.declared.notices[name], on=on))
        for mark, name in zip(marks(names), names, strict=True)
    }
    rows = built.live.objects.annotate(**named).values_list("row_id", *named)
    text, given = rows.query.sql_with_params()
    return text, tuple(given)


def marks(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns that say whether each notice holds."""
    return tuple(f"notice_{number}" for number, _name in enumerate(names))


def _mark(wanted: Q) -> Case:
    return Case(
        When(wanted, then=Value(value=True)),
        default=Value(value=False),
        output_field=BooleanField(),
    )


def read_by(one: Notice) -> frozenset[str]:
    """Return the fields that a notice tells about: what it asks and what it says."""
    asked = set(one.where) | set(PLACEHOLDER.findall(one.say))
    return frozenset(asked | {path.partition(".")[0] for path in asked})


def said(built: Built, row: Row, one: Notice, *, language: str = "vi") -> str:
    """Return the sentence of a notice with the record's own texts in it."""
    here = values.context(built, language=language)
    template = one.say_en if language == "en" and one.say_en else one.say

    def text(path: str) -> str:
        column = built.column(path)
        return records.say(column.one, column.read(row), here) if column.one else ""

    return PLACEHOLDER.sub(lambda found: text(found.group(1)), template)


def _noticed(
    built: Built, row: Row, name: str, *, actor: Actor, language: str, beside: bool
) -> Noticed:
    one = built.declared.notices[name]
    english = language == "en"
    return Noticed(
        name=name,
        title=one.title_en if english and one.title_en else one.title,
        say=said(built, row, one, language=language),
        late=one.late,
        beside=tuple(_others(built, row, one, actor)) if beside else (),
    )


def _others(built: Built, row: Row, one: Notice, actor: Actor) -> Iterator[BesideRecord]:
    """Yield the first of the other records that the actor may see."""
    if one.beside is None or one.beside.fewer:
        return
    others = besides.registry_of(built, one.beside)
    wanted = Q(row_gone=None) & filters.declared(others, one.beside.where, on=clock.today())
    ids = besides.found(built, row.row_id, one.beside, others, wanted)
    seen = (
        lists.visible(others, actor).filter(row_id__in=ids).order_by("row_id")[: one.beside.shows]
    )
    hidden = rights.masked(others, actor)
    for other in seen:
        name = values.name_of(others, other, hidden=hidden)
        yield BesideRecord(registry=others.key, id=other.row_id, name=name)
