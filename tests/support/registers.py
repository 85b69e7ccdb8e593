"""Registers of the departments: who works on them, and records entered as a form enters them."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Filter, ListQuery, RecordView
from cuaso.capabilities.registries.logic.exchanging.kept import KeptLists
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.declarations.fields import InventedRecords
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.api import HouseLists
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid

Rows = tuple[Mapping[str, str], ...]


@cache
def invented(key: str, seed: int) -> Mapping[str, str | list[str]]:
    """Return answers that the register's form accepts; references are left out."""
    built = sets.built(key)
    here = values.context(built)
    trying = replace(here, lists=_lists(), records=InventedRecords())
    form = built.declared.form
    return {
        path: text
        for path, text in form.sample(trying, seed=seed).items()
        if (one := form.field_at(".".join(p for p in path.split(".") if not p.isdecimal()))) is None
        or one.type not in ("reference", "file")
    }


@cache
def _lists() -> KeptLists:
    """Return the house's lists, each read once for all tests."""
    return KeptLists(HouseLists())


def holder(agency: str, role: str) -> Actor:
    """Return who holds a role in an agency of the province."""
    found = directory.agency_by_key(agency)
    return directory.actor_for_post(directory.holders(found.id, role)[0].post.id)


def entered(
    key: str,
    actor: Actor,
    *,
    seed: int = 1,
    rows: Mapping[str, Rows] | None = None,
    **said: str | list[str],
) -> RecordView:
    """Enter a record: invented answers, those of `said` in their place, groups as in `rows`.

    An empty text leaves a field out; a part is written `residence__commune`.
    """
    given = rows or {}
    texts: dict[str, str | list[str]] = {
        path: text
        for path, text in invented(key, seed).items()
        if path.partition(".")[0] not in given
    }
    texts |= {f"record.{name.replace('__', '.')}": text for name, text in said.items()}
    for group, lines in given.items():
        for number, line in enumerate(lines):
            texts |= {f"{group}.{number}.{name}": text for name, text in line.items()}
    try:
        return registries.add(registry=key, values=texts, actor=actor)
    except Invalid as refusal:
        refusal.add_note(str(refusal.problems))
        raise


def moved(
    record: RecordView, to: str, actor: Actor, *, reason: str = "", **said: str
) -> RecordView:
    """Take a step of status."""
    return registries.move(
        registry=record.registry, id=record.id, to=to, actor=actor, values=said, reason=reason
    )


def listed(key: str, actor: Actor, name: str = "default", **asked: str) -> list[tuple[str, ...]]:
    """Return the texts of a declared list, narrowed to the values asked for."""
    narrowed = tuple(Filter(path=path, how="is", values=(value,)) for path, value in asked.items())
    query = ListQuery(list=name, filters=narrowed)
    page = registries.list_records(registry=key, query=query, actor=actor)
    return [tuple(cell.text for cell in row.cells) for row in page.rows]


def counted(key: str, actor: Actor, name: str) -> dict[str, tuple[str, ...]]:
    """Return a declared figure: the cells of each line by its label."""
    found = registries.figure(registry=key, name=name, actor=actor)
    return {label: tuple(cell.text for cell in cells) for label, cells in found.lines}
