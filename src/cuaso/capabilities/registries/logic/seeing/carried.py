"""What of people a file or a print of a list carries; each look is written down before it leaves.

A file breaks off where its looks cannot be written: no row leaves that nobody was told of.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Final
from uuid import UUID

from cuaso.capabilities.registries.logic.seeing import records, rights
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations import openness
from cuaso.declarations.fields import Field, leaves
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor

# More rows kept at once cost the process more than a statement does.
PORTION: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class _Number:
    """Where a record keeps the number of a person, and what of theirs is carried: columns of the
    record, or in the rows of a `group` fields by their paths.
    """

    name: str
    said: tuple[str, ...]
    group: str = ""

    def of(self, row: Row) -> Iterator[str]:
        """Yield the numbers of those of whom something is carried from this row."""
        if not self.group:
            number = getattr(row, self.name)
            if number and any(getattr(row, name) is not None for name in self.said):
                yield from _digits(number)
            return
        for line in getattr(row, self.group) or ():
            number = records.inside(line, self.name)
            if number and any(records.inside(line, path) for path in self.said):
                yield from _digits(number)


def _digits(number: str) -> tuple[str, ...]:
    """Return a number without its spaces; nobody has one that is more than digits."""
    digits = "".join(number.split())
    return (digits,) if digits.isdecimal() else ()


def written_down(
    built: Built,
    rows: Iterator[Row],
    *,
    paths: Collection[str],
    actor: Actor,
    how: str,
    purpose: str = "",
) -> Iterator[Row]:
    """Yield the rows of a file with the columns `paths`, once the looks at them are written down
    for each person of whom the file carries something that this actor reads in full.

    `how` is a sentence on what was done with the list; the purpose, or the right, stands behind it.
    """
    numbers = _numbers(built, frozenset(paths), rights.masked(built, actor))
    if actor.kind != "official" or not numbers:
        yield from rows
        return
    while portion := list(islice(rows, PORTION)):
        _write(built, portion, numbers, actor=actor, how=how, purpose=purpose)
        yield from portion


def _write(
    built: Built,
    rows: Sequence[Row],
    numbers: Sequence[_Number],
    *,
    actor: Actor,
    how: str,
    purpose: str,
) -> None:
    seen: dict[str, list[tuple[str, UUID]]] = defaultdict(list)
    known: dict[str, str] = {}
    decided_by = attrgetter(*rights.decided_by(built))
    for row in rows:
        found = {number for one in numbers for number in one.of(row)}
        if found:
            key = str(decided_by(row))
            if key not in known:
                known[key] = purpose or _right(built, row, actor)
            seen[known[key]] += [(number, row.row_id) for number in found]
    for why, pairs in seen.items():
        audit.log_looks(
            actor=actor,
            kind="registries.record",
            seen=pairs,
            whose=directory.person_id_of,
            purpose=f"{how} {why}",
            task=built.declared.title,
        )


def _right(built: Built, row: Row, actor: Actor) -> str:
    return rights.decide(built, row, actor=actor, act="export").sentence


def _numbers(built: Built, paths: frozenset[str], hidden: frozenset[str]) -> tuple[_Number, ...]:
    """Return the numbers of people beside whom columns of a file tell something in full."""
    key = ("numbers carried", paths, hidden)
    return built.worked_out(key, lambda: tuple(_worked_out(built, paths, hidden)))


def _worked_out(built: Built, paths: frozenset[str], hidden: frozenset[str]) -> Iterator[_Number]:
    columns = {one.path: one.one for one in built.columns if one.one is not None}
    carried = {path for path in columns if _among(path, paths) and path not in hidden}
    for path, said in _told(columns, carried).items():
        names = tuple(built.column(one).name for one in said)
        yield _Number(name=built.column(path).name, said=names)
    for name, group in built.declared.groups.items():
        if name in paths:
            inside = dict(leaves(group.fields))
            open_ = {path for path in inside if f"{name}.{path}" not in hidden}
            for path, said in _told(inside, open_).items():
                yield _Number(name=path, said=said, group=built.column(name).name)


def _among(path: str, paths: frozenset[str]) -> bool:
    return path in paths or path.partition(".")[0] in paths


def _told(fields: Mapping[str, Field], carried: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return by the path of each personal number which of the carried fields tell of that person:
    the parts of one field go together, and so do all simple fields that are personal.
    """
    about: dict[str, list[str]] = defaultdict(list)
    for path in carried:
        whole, _, part = path.partition(".")
        if part or openness.personal(fields[path]):
            about[whole if part else ""].append(path)
    found = {
        path: tuple(sorted(about[path.partition(".")[0] if "." in path else ""]))
        for path, one in fields.items()
        if one.number == "personal"
    }
    return {path: said for path, said in found.items() if said}
