"""What a page must know beyond its own pack: other packs, code lists, names of agencies."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from cuaso.declarations.codes import CodeList
from cuaso.declarations.pack import Pack
from cuaso.declarations.registries import Registry

_AGENCIES: Final = "agencies.csv"


@dataclass(frozen=True, kw_only=True)
class Library:
    """Packs by id, registries by `pack/name`, code lists by id, and agencies' names by key."""

    packs: Mapping[str, Pack]
    registries: Mapping[str, Registry]
    codes: Mapping[str, CodeList]
    agencies: Mapping[str, str]

    def agency(self, key: str) -> str:
        """Return the name of an agency, or its key when no pack declares it."""
        return self.agencies.get(key, key)

    def writers(self, registry: str) -> tuple[str, ...]:
        """Return the names of the procedures whose results are written into `pack/name`."""
        return tuple(
            f"“{procedure.title}” ({procedure.code})"
            for pack in self.packs.values()
            for procedure in pack.procedures.values()
            if any(one.registry == registry for one in procedure.records.values())
        )


def library(packs: Iterable[Pack]) -> Library:
    """Return what pages of these packs may name."""
    known = {pack.id: pack for pack in packs}
    return Library(
        packs=known,
        registries={
            f"{pack.id}/{name}": registry
            for pack in known.values()
            for name, registry in pack.registries.items()
        },
        codes={name: codes for pack in known.values() for name, codes in pack.codes.items()},
        agencies={key: name for pack in known.values() for key, name in _agencies(pack)},
    )


def _agencies(pack: Pack) -> Iterator[tuple[str, str]]:
    for path in pack.data:
        if path.name == _AGENCIES:
            with path.open(encoding="utf-8-sig", newline="") as file:
                yield from ((line["key"], line["name"]) for line in csv.DictReader(file))
