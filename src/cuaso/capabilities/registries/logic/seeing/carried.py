"""What of people a page, a file or a print of a list carries; each look is written down before it
leaves.

A file breaks off where its looks cannot be written, and a page is not shown: no row leaves that
nobody was told of.
"""

from collections import defaultdict
from collections.abc import (
    Callable,
    Collection,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from operator import attrgetter, itemgetter
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.logic.seeing import records, rights, statements
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations import openness
from cuaso.declarations.fields import Field, leaves
from cuaso.declarations.registries import PLACEHOLDER, Act
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor

# More rows kept at once cost the process more than a statement does.
PORTION: Final = 1_000
# What a row holds in the columns of `Carried.names`, in their order.
Held = tuple[Any, ...]
Pair = tuple[str, UUID]


@dataclass(frozen=True, kw_only=True)
class _Number:
    """Where a record keeps the number of a person, and what of theirs is carried: columns of the
    record, or in the rows of a `group` fields by their paths.
    """

    name: str
    said: tuple[str, ...]
    group: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are read."""
        return (self.group,) if self.group else (self.name, *self.said)


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Of whom a list tells something in full, and the columns to read for it: `names` are the
    record's id, those by which a right decides, and those of each number.
    """

    numbers: tuple[tuple[_Number, Callable[[Held], Held]], ...]
    decided: tuple[str, ...]
    names: tuple[str, ...]

    def pairs(self, rows: Sequence[Held]) -> Collection[Pair]:
        """Return the numbers of those of whom something is carried, each with its record."""
        found = (_pairs(one, map(read, rows)) for one, read in self.numbers)
        return dict.fromkeys(chain.from_iterable(found)).keys()

    def by_mark(self, rows: Sequence[Held]) -> Mapping[Hashable, list[Held]]:
        """Return rows by what a right decides by in them."""
        found: dict[Hashable, list[Held]] = defaultdict(list)
        for row in rows:
            mark = row[1 : 1 + len(self.decided)]
            found[str(mark) if any(isinstance(one, list) for one in mark) else mark].append(row)
        return found


def _pairs(one: _Number, rows: Iterable[Held]) -> list[Pair]:
    """Return the pairs of one number; a row is the record's id and what `names` of it hold."""
    if not one.group:
        return [
            (digits, id)
            for id, number, *said in rows
            if number and said.count(None) < len(said) and (digits := _digits(number))
        ]
    return [
        (digits, id)
        for id, lines in rows
        for line in lines or ()
        if (number := records.inside(line, one.name))
        and any(records.inside(line, path) for path in one.said)
        and (digits := _digits(number))
    ]


def _digits(number: str) -> str:
    """Return a number without its spaces, "" for one that is more than digits: nobody has it."""
    digits = number if number.isdecimal() else "".join(number.split())
    return digits if digits.isdecimal() else ""


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
    carried = of_columns(built, paths, actor)
    if carried is None:
        yield from rows
        return
    read = attrgetter(*carried.names)
    while portion := list(islice(rows, PORTION)):
        held = [read(row) for row in portion]
        _write(built, carried, held, actor=actor, how=how, purpose=purpose, act="export")
        yield from portion


def shown(
    built: Built,
    rows: Iterable[Row],
    *,
    paths: Collection[str],
    actor: Actor,
    how: str,
    purpose: str = "",
) -> None:
    """Write the looks at the rows of a page down, as `on_page` does; each is shown by its name and
    the columns `paths`.
    """
    carried = of_page(built, paths, actor)
    if carried is not None:
        read = attrgetter(*carried.names)
        held = [read(row) for row in rows]
        on_page(built, carried, held, actor=actor, how=how, purpose=purpose)


def on_page(
    built: Built,
    carried: Carried,
    rows: Sequence[Held],
    *,
    actor: Actor,
    how: str,
    purpose: str,
) -> None:
    """Write down for each person of whom a page of a list carries something in full that this
    actor looked, as a rule in one row; `how` and `purpose` as `written_down` takes them.
    """
    _write(built, carried, rows, actor=actor, how=how, purpose=purpose, act="view")


def _write(
    built: Built,
    carried: Carried,
    rows: Sequence[Held],
    *,
    actor: Actor,
    how: str,
    purpose: str,
    act: Act,
) -> None:
    seen = {purpose: rows} if purpose else _by_right(built, carried, rows, actor, act)
    for why, some in seen.items():
        pairs = carried.pairs(some)
        if pairs:
            audit.log_looks(
                actor=actor,
                kind="registries.record",
                seen=pairs,
                whose=directory.person_id_of,
                purpose=f"{how} {why}",
                task=built.declared.title,
                listed=act == "view",
            )


def _by_right(
    built: Built, carried: Carried, rows: Sequence[Held], actor: Actor, act: Act
) -> Mapping[str, Sequence[Held]]:
    """Return rows by the sentence of the right by which the actor has them."""
    found: dict[str, list[Held]] = defaultdict(list)
    who = (actor.kind, actor.roles, actor.agency_id, actor.agency_scope)
    for mark, some in carried.by_mark(rows).items():
        decided = dict(zip(carried.decided, some[0][1:], strict=False))
        said = partial(_sentence, built, decided, actor, act)
        # What a right of officials and programs hangs on; a row of the model is dear to make.
        found[statements.kept(built, ("right", act, *who, mark), said)] += some
    return found


def _sentence(built: Built, decided: Mapping[str, Any], actor: Actor, act: Act) -> str:
    return rights.decide(built, built.live(**decided), actor=actor, act=act).sentence


def of_page(built: Built, paths: Collection[str], actor: Actor) -> Carried | None:
    """Return of whom a page of a list tells this actor something in full, None for nobody: each
    row is shown by its name and these columns.
    """
    return of_columns(built, (*paths, *PLACEHOLDER.findall(built.name_pattern)), actor)


def of_columns(built: Built, paths: Collection[str], actor: Actor) -> Carried | None:
    """Return of whom these columns tell this actor something in full, None for nobody."""
    if not actor.looks_are_told:
        return None
    asked, hidden = frozenset(paths), rights.masked(built, actor)
    key = ("carried", asked, hidden)
    return statements.kept(built, key, lambda: _carried(built, asked, hidden))


def _carried(built: Built, paths: frozenset[str], hidden: frozenset[str]) -> Carried | None:
    numbers = tuple(_numbers(built, paths, hidden))
    if not numbers:
        return None
    decided = rights.decided_by(built)
    read = dict.fromkeys(name for one in numbers for name in one.names)
    names = ("row_id", *decided, *(name for name in read if name not in decided))
    places = (tuple(names.index(name) for name in ("row_id", *one.names)) for one in numbers)
    readers = (itemgetter(*one) for one in places)
    return Carried(numbers=tuple(zip(numbers, readers, strict=True)), decided=decided, names=names)


def _numbers(built: Built, paths: frozenset[str], hidden: frozenset[str]) -> Iterator[_Number]:
    """Yield the numbers of people beside whom columns of a list tell something in full."""
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
