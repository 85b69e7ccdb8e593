"""A person's own records: all that the province's registers keep of them, and who looked."""

from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.contracts import OwnLook, OwnRegistry, OwnShelf
from cuaso.capabilities.registries.logic.seeing import lists, records, rights
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

MOST: Final = 50
LOOKS: Final = 50
_OTHERS: Final = frozenset({"official", "system", "anonymous"})


def own_records(*, actor: Actor, language: str = "vi") -> OwnShelf:
    """Return the records in which a right `bản thân` lets the actor see, by registry: a person's
    own, a ward's, or those of the business that they represent, by the capacity they act in.
    """
    if actor.kind in _OTHERS:
        return OwnShelf(searched=0, registries=())
    asked = [one for one in sets.current() if "view" in rights.acts_on_whole(one, actor)]
    found = [_of(built, actor, language) for built in asked]
    shown = sorted((one for one in found if one.records), key=lambda one: one.title)
    return OwnShelf(searched=len(asked), registries=tuple(shown))


def own_looks(*, registry: str, id: UUID, actor: Actor) -> tuple[OwnLook, ...]:
    """Return who looked at one of the actor's own records, newest first; pages of a list that one
    reader saw on one day are one line.

    Raises NotFound for a record that the actor may not see.
    """
    records.record(registry=registry, id=id, actor=actor)
    if actor.kind in _OTHERS or actor.party_id is None:
        return ()
    about = Subject(kind="registries.record", id=id)
    return tuple(
        OwnLook(
            at=one.look.at,
            who=one.look.actor_name,
            agency_name=directory.agency(one.look.agency_id).name if one.look.agency_id else "",
            purpose=one.look.purpose,
            times=one.times,
        )
        for one in audit.looks_told(actor.party_id, limit=LOOKS, subject=about)
    )


def _of(built: Built, actor: Actor, language: str) -> OwnRegistry:
    declared = built.declared
    rows: list[Any] = list(
        lists.visible(built, actor)
        .filter(row_gone=None)
        .order_by("-row_since", "row_id")[: MOST + 1]
    )
    said = rights.decide(built, rows[0], actor=actor, act="view").sentence if rows else ""
    english = language == "en"
    return OwnRegistry(
        key=built.key,
        title=declared.title_en if english and declared.title_en else declared.title,
        about=declared.about_en if english and declared.about_en else declared.about,
        owner_name=directory.agency(built.owner_id).name,
        say=said,
        records=tuple(
            (row.row_id, values.name_of(built, row), row.row_since) for row in rows[:MOST]
        ),
        more=len(rows) > MOST,
    )
