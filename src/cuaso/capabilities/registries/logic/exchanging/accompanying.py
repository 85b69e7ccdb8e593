"""Files that came with a sheet: each examined and stored as a form's is, named in cells by rows.

A row names files by their names in the archive; the engine then reads their ids.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Final, Self
from uuid import UUID

from cuaso.capabilities.registries.logic.changing import attached
from cuaso.capabilities.registries.logic.exchanging import held_files
from cuaso.capabilities.registries.logic.exchanging.formats.lines import Line
from cuaso.capabilities.registries.logic.exchanging.formats.unpacking import (
    LARGEST_FILE,
    Archive,
    Packed,
)
from cuaso.capabilities.registries.logic.exchanging.values.cells import (
    SheetField,
    pieces,
    unguarded,
)
from cuaso.capabilities.registries.logic.exchanging.values.row_files import missing
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.fields import Field
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import EVERY_TYPE, StoredFile
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.kernel.text import one_line

_SHOWN: Final = 10
_UNKNOWN: Final = "application/octet-stream"
# Name and SHA-256.
_Content = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Accompanying:
    """What came beside a sheet: by its path in the archive a stored file, or why it is none."""

    stored: Mapping[str, StoredFile] = field(default_factory=dict)
    unfit: Mapping[str, str] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """Return this as plain JSON; `load` gives it back."""
        return {
            "stored": {path: str(one.id) for path, one in self.stored.items()},
            "unfit": dict(self.unfit),
        }

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `dump` gave, as the files are now: one may have been scanned since."""
        ids = {path: UUID(id) for path, id in kept.get("stored", {}).items()}
        known = files.infos(tuple(ids.values()))
        stored = {path: known[id] for path, id in ids.items() if id in known}
        return cls(stored=stored, unfit=kept.get("unfit", {}))


def stored(built: Built, archive: Archive, *, actor: Actor) -> Accompanying:
    """Store the files of an archive as the actor's; what a form would refuse is told by name.

    A file of the same name and content that the actor reads in the registry, or has sent before, is
    that file again.
    """
    kept, unfit = {}, {}
    contents: dict[str, _Content] = {}
    for one in archive.files:
        try:
            contents[one.path] = _of(archive, one)
        except Refusal as refusal:
            unfit[one.path] = str(refusal)
    before = _known(built, set(contents.values()), actor)
    for one in archive.files:
        there = before.get(contents[one.path]) if one.path in contents else None
        if there:
            kept[one.path] = there.pop(0)
        elif one.path in contents:
            try:
                kept[one.path] = _store(archive, one, actor)
            except Refusal as refusal:
                unfit[one.path] = str(refusal)
    return Accompanying(stored=kept, unfit=unfit)


def _store(archive: Archive, one: Packed, actor: Actor) -> StoredFile:
    return files.store(
        actor=actor,
        name=PurePosixPath(one.path).name,
        declared_type=_UNKNOWN,
        chunks=archive.chunks(one),
        limit_bytes=LARGEST_FILE,
        allowed=EVERY_TYPE,
        owner_id=actor.person_id,
    )


def _known(built: Built, contents: set[_Content], actor: Actor) -> dict[_Content, list[StoredFile]]:
    """Return by content the files that the actor reads in the registry, then what else the actor
    has sent, each oldest first.
    """
    every = files.alike(contents)
    there = held_files.held(built, [one.id for one in every], actor=actor)
    mine = [one for one in every if actor.person_id and one.owner_id == actor.person_id]
    found: dict[_Content, list[StoredFile]] = {}
    for one in dict.fromkeys((*(one for one in every if one.id in there), *mine)):
        found.setdefault((one.name, one.sha256), []).append(one)
    return found


def _of(archive: Archive, one: Packed) -> _Content:
    """Return name and SHA-256 of a packed file; raise Invalid for a damaged one."""
    found = hashlib.sha256()
    for chunk in archive.chunks(one):
        found.update(chunk)
    return PurePosixPath(one.path).name, found.hexdigest()


class Naming:
    """Reads the names of files in one sheet; `given` are the paths of its columns."""

    def __init__(
        self,
        built: Built,
        came: Accompanying,
        given: Sequence[str],
        fields: Mapping[str, SheetField],
        actor: Actor,
    ) -> None:
        self.came, self.actor = came, actor
        theirs = [one.id for one in came.stored.values() if one.owner_id != actor.person_id]
        self._found = held_files.held(built, theirs, actor=actor)
        self.columns: list[tuple[int, Field]] = [
            (at, one)
            for at, path in enumerate(given)
            if path in fields and (one := fields[path].column.one) and one.type == "file"
        ]
        self._paths: dict[str, set[str]] = {}
        for path in (*came.stored, *came.unfit):
            for name in {path.casefold(), PurePosixPath(path).name.casefold()}:
                self._paths.setdefault(name, set()).add(path)
        self._whole = {path.casefold(): path for path in (*came.stored, *came.unfit)}
        self._names = {str(one.id): path for path, one in came.stored.items()}
        self._called: set[str] = set()

    def read(self, lines: Iterator[Line]) -> Iterator[Line]:
        """Yield the lines with ids where files are named, and what is wrong with a name."""
        for line in lines:
            for at, one in self.columns:
                if at < len(line.cells) and line.cells[at].strip():
                    self._cell(line, at, one)
            yield line

    def named(self, line: Line) -> Line:
        """Return a line with names again where `read` has put ids."""
        cells = list(line.cells)
        for at, _one in self.columns:
            if at < len(cells):
                cells[at] = "; ".join(self._names.get(id, id) for id in pieces(cells[at]))
        return replace(line, cells=cells)

    def uncalled(self) -> str:
        """Say which files no row has named, "" for none."""
        left = [path for path in self.came.stored if path not in self._called]
        if not left:
            return ""
        shown = ", ".join(f"“{path}”" for path in left[:_SHOWN])
        more = "" if len(left) <= _SHOWN else f" và {len(left) - _SHOWN} tệp khác"
        return f"{len(left)} tệp trong tệp nén không dòng nào ghi tên: {shown}{more}."

    def _cell(self, line: Line, at: int, one: Field) -> None:
        names = pieces(unguarded(line.cells[at]))
        found = [self.file(one, name) or ("", missing(one, name)) for name in names]
        said = [say for _id, say in found if say]
        if said:
            line.faults[at] = " ".join(dict.fromkeys(said))
        else:
            line.cells[at] = "; ".join(dict.fromkeys(id for id, _say in found))

    def file(self, one: Field, name: str) -> tuple[str, str] | None:
        """Return the id of a named file and "", or "" and what is wrong; None where none came."""
        plain = one_line(name).replace("\\", "/").removeprefix("./").casefold()
        whole = self._whole.get(plain)
        paths = {whole} if whole else self._paths.get(plain, set())
        if not paths:
            return None
        if len(paths) > 1:
            both = ", ".join(f"“{path}”" for path in sorted(paths))
            say = f"{one.title}: có {len(paths)} tệp tên “{name}”: {both}. Hãy ghi cả thư mục."
            return "", say
        (path,) = paths
        self._called.add(path)
        if path in self.came.unfit:
            return "", f"{one.title}: “{name}” không nhận được. {self.came.unfit[path]}"
        kept = self.came.stored[path]
        return str(kept.id), attached.unfit(one, kept, self.actor, found=kept.id in self._found)
