"""Fills registries with invented records by the way that sheets come in: same checks, same history.

Every value is rolled from what its field declares (examples, lists, limits) until the rules hold;
what a pack says belongs together (`samples`), persons and places say the same. The change says
that nothing of it is real.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.contracts import Source
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.changing import keeping
from cuaso.capabilities.registries.logic.exchanging import kept
from cuaso.capabilities.registries.logic.exchanging.inventing import numbers, persons
from cuaso.capabilities.registries.logic.exchanging.inventing.placed import Around, Borders, Placed
from cuaso.capabilities.registries.logic.exchanging.inventing.together import Together
from cuaso.capabilities.registries.logic.exchanging.values.cells import (
    SheetField,
    fields_of,
    group_leaves,
    joined,
)
from cuaso.capabilities.registries.logic.exchanging.values.reading import Reading
from cuaso.capabilities.registries.logic.exchanging.writing import loading
from cuaso.capabilities.registries.logic.exchanging.writing.loading import Key
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.registries import RECORD, Group
from cuaso.declarations.sampling import SampleLine
from cuaso.kernel.actors import Actor
from cuaso.kernel.remembering import one_moment

REASON: Final = "Dữ liệu minh hoạ, không có thật"
TRIES: Final = 60
GIVE_UP: Final = 15
_TARGETS: Final = 200
_WHOLE_EVERY: Final = 6
_LEFT_EMPTY: Final = 0.12
# Rules compare a record with what it refers to, and what is rolled seldom fits.
_REACHING_EMPTY: Final = 0.7
_WITH_GROUP: Final = 0.4
_A_CHILD: Final = 0.1
# A fault as it is found is a rare thing: most of what is invented is in order.
_AT_FAULT: Final = 0.06
# A row of a group, as rolled, and what belongs together in it.
_Line = tuple[Together, Mapping[str, str]]
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")


@one_moment()
def fill_samples(
    *,
    actor: Actor,
    key: str = "",
    rows: int = 200,
    seed: int = 1,
    only_empty: bool = False,
    around: Around | None = None,
    borders: Borders | None = None,
) -> dict[str, int]:
    """Give every registry that has no record yet invented ones; how many each has got.

    With `key` only that registry, also when it has records, unless `only_empty`. What is referred
    to is filled first; a registry's references to itself stay empty. The same seed gives the same.
    `around` says where communes are (latitude, longitude, kilometres): drawings lie inside.
    `borders` are boundaries of communes, for the registry from which maps take these.
    """
    filled: dict[str, int] = {}
    lists: kept.KeptLists | None = None
    for built in in_order(list(sets.current())):
        if key and built.key != key:
            continue
        if (key and not only_empty) or not built.live.objects.exists():
            lists = lists or kept.KeptLists(kept.context(built).lists)
            roller = _Roller(built, seed, lists, around or {}, borders or {})
            filled[built.key] = _fill(roller, actor=actor, rows=rows, seed=seed)
    return filled


def keys_in_order() -> tuple[str, ...]:
    """Return the keys of all registries, what is referred to before what refers to it."""
    return tuple(built.key for built in in_order(list(sets.current())))


def in_order(every: Sequence[Built]) -> list[Built]:
    """Return registries so that what is referred to comes before what refers to it."""
    by_key = {built.key: built for built in every}
    ordered: dict[str, Built] = {}

    def visit(built: Built, above: tuple[str, ...]) -> None:
        for to in _references(built):
            named = kept.named(built, to)
            if named in by_key and named not in above and named not in ordered:
                visit(by_key[named], (*above, named))
        ordered.setdefault(built.key, built)

    for built in every:
        visit(built, (built.key,))
    return list(ordered.values())


def _references(built: Built) -> Iterator[str]:
    for column in built.columns:
        if column.one is not None and column.one.to:
            yield column.one.to
    for group in built.declared.groups.values():
        yield from (one.to for one in group.fields.values() if one.to)


def _fill(roller: "_Roller", *, actor: Actor, rows: int, seed: int) -> int:
    built = roller.built
    rolled = list(roller.rows(rows))
    known = loading.present(built, [key for key, _ in rolled], lock=False)
    fresh = [columns for key, columns in rolled if key not in known]
    if not fresh:
        return 0
    keepers = _keepers(built, fresh, actor)
    source = Source(kind="sample", id=str(seed))
    with changes.changing(
        built, actor=actor, act="imported", reason=REASON, source=source
    ) as change:
        loading.insert(built, keepers, loading.by_column(built, fresh), change)
        change.records = len(fresh)
    return len(fresh)


def _keepers(built: Built, rows: Sequence[Mapping[str, Any]], actor: Actor) -> list[UUID]:
    name = built.column(built.declared.place).name if built.declared.place else ""
    places = {row[name] for row in rows} if name else {None}
    found = {
        place: keeping.keeper(built, built.live(**({name: place} if name else {})), actor)
        for place in places
    }
    return [found[row[name] if name else None] for row in rows]


def _faults(built: Built) -> dict[str, frozenset[str]]:
    """Return the columns worked out that notices are about, and the fields that each reads."""
    declared = built.declared
    named = {
        name: declared.fields[name]
        for notice in declared.notices.values()
        for name, words in notice.where.items()
        if tuple(words) == ("yes",) and name in declared.fields
    }
    return {
        built.by_path[name].name: frozenset(_NAME.findall(one.is_)) & declared.fields.keys()
        for name, one in named.items()
        if one.type == "computed"
    }


def _placed(
    built: Built,
    leaves: Mapping[str, Field],
    around: Around,
    borders: Borders,
    *,
    stay: frozenset[str],
) -> Placed:
    feeds = built.declared.feeds
    border = feeds.places.boundary if feeds and feeds.places else ""
    return Placed(built.declared.place, leaves, around, stay, border=border, borders=borders)


class _Roller:
    """Rolls rows of one registry until they are right."""

    def __init__(
        self, built: Built, seed: int, lists: kept.KeptLists, around: Around, borders: Borders
    ) -> None:
        self.built = built
        self.dice = random.Random(f"{built.key} {seed}")  # noqa: S311 invented data, no secret
        self.context = kept.context(built, lists=lists)
        self.fields: tuple[SheetField, ...] = tuple(one for one in fields_of(built) if one.typed)
        self.paths = tuple(one.path for one in self.fields)
        self.reading = Reading(built, self.context, self.paths)
        self._keys: dict[str, list[str]] = {}
        self._key_names = [one.name for one in loading.key_columns(built)]
        self._key_paths = {one.path for one in loading.key_columns(built)}
        self._seen: set[Key] = set()
        self._groups = any(one.group is not None for one in self.fields)
        self._alone = [(one, set[tuple[Any, ...]]()) for one in loading.alone(built)]
        self._faults = _faults(built)
        self._leaves = {one.path: one.column.one for one in self.fields if one.column.one}
        self._together = self._tables(built.declared.samples, self._leaves)
        told = {path for path, one in self._leaves.items() if one.examples and "." not in path}
        self._said = self._together.paths | told
        self._persons = persons.persons_of(self._leaves)
        self._placed = _placed(built, self._leaves, around, borders, stay=self._said)
        self._rows: dict[str, list[_Line]] = {}
        self._persons_inside: dict[str, list[persons.Person]] = {}

    def _tables(
        self, samples: Mapping[str, Sequence[SampleLine]], fields: Mapping[str, Field]
    ) -> Together:
        groups = self.built.declared.groups
        tables = {name: lines for name, lines in samples.items() if name not in groups}
        return Together(tables, fields, self.context, self.dice)

    def rows(self, most: int) -> Iterator[tuple[Key, Mapping[str, Any]]]:
        """Yield at most `most` rows, fewer when the keys or the rules leave no more."""
        failed = found = 0
        while found < most and failed < GIVE_UP:
            row = self._row()
            if row is None:
                failed += 1
                continue
            failed, found = 0, found + 1
            yield row

    def _row(self) -> tuple[Key, Mapping[str, Any]] | None:
        rolled = {one.path: self._roll(one) for one in self.fields}
        self._roll_groups(self.fields)
        self._together.choose()
        for turn in range(1, TRIES + 1):
            texts = self._settled(rolled)
            unfit = self._together.unfit() if turn <= TRIES // 2 else set()
            if unfit:
                rolled |= {one.path: self._roll(one) for one in self._again(unfit, whole=False)}
                continue
            # The record alone is read in a moment; with its groups it goes the form's way.
            alone = turn <= TRIES // 2 and self._groups
            cells = [texts[path] for path in self.paths]
            read = self.reading.read_record(cells) if alone else None
            if read is None or not read.problems:
                read = self.reading.read(cells)
            wrong = set(read.problems)
            if not wrong:
                key = tuple(read.columns[name] for name in self._key_names)
                wrong = self._at_fault(read.columns) or self._doubled(key, read.columns)
                if not wrong:
                    return key, read.columns
            again = self._again(wrong, whole=turn % _WHOLE_EVERY == 0)
            rolled |= {one.path: self._roll(one, filled=True) for one in again}
            self._roll_groups(again)
            self._together.choose(one.path for one in again)
        return None

    def _settled(self, rolled: Mapping[str, str]) -> dict[str, str]:
        """Return the texts of a row as they hold together."""
        texts = dict(rolled)
        self._together.settle(texts)
        self._placed.settle(texts, self.context, self.dice)
        for person in self._persons:
            person.settle(texts, self.dice, stay=self._said)
        return texts | {name: self._cell(name, rows, texts) for name, rows in self._rows.items()}

    def _roll_groups(self, fields: Sequence[SheetField]) -> None:
        for field in fields:
            if field.group is not None:
                self._rows[field.path] = list(self._lines(field.path, field.group))

    def _lines(self, name: str, group: Group) -> Iterator[_Line]:
        """Yield the rows of a group, as rolled, each with what belongs together in it."""
        if not group.min and self.dice.random() > _WITH_GROUP:
            return
        leaves: Mapping[str, Field] = dict(group_leaves(group))
        samples = self.built.declared.samples.get(name)
        around = {f"{RECORD}.{path}": one for path, one in self._leaves.items()}
        tables = {name: samples} if samples else {}
        count = self.dice.randint(max(group.min, 1), min(group.max, group.min + 2))
        together = Together(tables, {**leaves, **around}, self.context, self.dice)
        together.choose()
        for _ in range(count):
            together = copy(together)
            together.apart(1 / count)
            yield together, {path: self._text(one) for path, one in leaves.items()}

    def _cell(self, name: str, rows: Sequence[_Line], record: Mapping[str, str]) -> str:
        """Return the rows of a group as one cell, settled beside the record's own answers."""
        around = {f"{RECORD}.{path}": text for path, text in record.items()}
        lines = []
        for together, rolled in rows:
            texts = {**rolled, **around}
            together.settle(texts)
            if together.unfit():
                continue
            for person in self._inside(name, together):
                person.settle(texts, self.dice, stay=together.paths)
            lines.append(joined(texts[path] for path in rolled))
        return "\n".join(lines)

    def _inside(self, name: str, together: Together) -> list[persons.Person]:
        if name not in self._persons_inside:
            own = {
                path: one
                for path, one in together.fields.items()
                if not path.startswith(f"{RECORD}.")
            }
            self._persons_inside[name] = persons.persons_of(own)
        return self._persons_inside[name]

    def _at_fault(self, columns: Mapping[str, Any]) -> set[str]:
        """Return the fields that make a notice of a fault hold, none for the few that stay so."""
        found = {
            path for name, paths in self._faults.items() if columns.get(name) for path in paths
        }
        return found if found and self.dice.random() > _AT_FAULT else set()

    def _doubled(self, key: Key, columns: Mapping[str, Any]) -> set[str]:
        """Return the fields that repeat what an earlier row has to itself; note a row without."""
        if key in self._seen:
            return set(self._key_paths)
        values = [(one, taken, one.value_of(columns)) for one, taken in self._alone]
        doubled = {path for one, taken, value in values if value in taken for path in one.paths}
        if not doubled:
            self._seen.add(key)
            for _, taken, value in values:
                if value is not None:
                    taken.add(value)
        return doubled

    def _again(self, wrong: set[str], *, whole: bool) -> list[SheetField]:
        """Return what is rolled anew: what was refused, now and then everything around it."""
        if whole or "" in wrong:
            return list(self.fields)
        wrong = self._together.leaning(wrong)
        found = [
            one
            for one in self.fields
            if any(
                path == one.path
                or path.startswith(f"{one.path}.")
                or one.path.startswith(f"{path}.")
                for path in wrong
            )
        ]
        return found or list(self.fields)

    def _roll(self, field: SheetField, *, filled: bool = False) -> str:
        one = field.column.one
        if one is None:
            return ""
        seldom = _REACHING_EMPTY if one.brings else 0.0 if filled else _LEFT_EMPTY
        if one.required is False and self.dice.random() < seldom:
            return ""
        if not filled and field.path.endswith(".birth_date") and self.dice.random() > _A_CHILD:
            return persons.grown_up(self.context.today, self.dice)
        return self._text(one)

    def _text(self, one: Field) -> str:
        if one.type == "reference":
            return self._reference(one)
        if one.examples:
            return self.dice.choice(one.examples)
        if one.type == "place":
            places = self.context.lists.options(one.level, self.context.today)
            return self.dice.choice(places).code if places else ""
        return self._of_people(one) or self._of_kind(one)

    def _of_people(self, one: Field) -> str:
        """Return what is invented as it is found in the province; "" of anything else."""
        if one.normalise == "name":
            return persons.named(self.dice)
        if one.codes == "ethnic_group" and one.type == "choice":
            return persons.people(self.dice)
        return numbers.tax_code(self.dice) if one.number in numbers.OF_BUSINESSES else ""

    def _of_kind(self, one: Field) -> str:
        text = type_of(one).sample(one, self.dice, self.context)
        return text if isinstance(text, str) else "; ".join(text)

    def _reference(self, one: Field) -> str:
        if one.to not in self._keys:
            same = kept.named(self.built, one.to) == self.built.key
            found = [] if same else kept.some_keys(self.built, one.to, _TARGETS)
            self._keys[one.to] = found
            if isinstance(self.context.records, kept.KeptRecords):
                self.context.records.learn(one.to, found)
        keys = self._keys[one.to]
        return self.dice.choice(keys) if keys else ""
