"""Which columns a declared field has: one, or one for each part of a compound field."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import chain, count
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cuaso.declarations.fields import Field, Linked, type_of
from cuaso.declarations.registries import Registry
from cuaso.declarations.shape import Loose
from cuaso.kernel.text import sort_key

TEXTS: Final = frozenset({"text", "long_text", "code", "phone", "email", "choice", "place"})
ORDER: Final = "_order"
# A place along a road: kilometres, to the metre.
METRES: Final = "number(3)"
_LONGEST: Final = 55
_SHORTENED: Final = 34
_ROUGH = re.compile(r"[^a-z0-9_]")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a record, with at most one more beside it. `path` is the field's
    (`owner.full_name`); `one` its declaration, None for a group of rows. `kind` names how it is
    stored and never changes under one name.

    Beside a text stands its place in Vietnamese order; beside a reference the target's id.
    """

    path: str
    name: str
    kind: str
    one: Field | None

    @cached_property
    def ordered(self) -> bool:
        """Whether a second column keeps the place of the text in Vietnamese order."""
        return self.kind == "text" and self.one is not None and self.one.type == "text"

    @cached_property
    def beside(self) -> tuple[str, str]:
        """Name and kind of the second column, "" where there is none."""
        if self.ordered:
            return f"{self.name}{ORDER}", "order"
        return (f"{self.name}_id", "uuid") if self.kind == "reference" else ("", "")

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.name, self.beside[0]) if name)

    def model_fields(self) -> "dict[str, models.Field[Any, Any]]":
        """Return fresh Django fields; all may be empty, since what the law asks for changes."""
        kinds = {self.name: self.kind, self.beside[0]: self.beside[1]}
        return {name: _FIELDS[kind.partition("(")[0]](kind) for name, kind in kinds.items() if name}

    def write(self, value: Loose) -> dict[str, Any]:
        """Return a typed value by column."""
        if self.kind == "reference":
            return {
                self.name: value.key if value else None,
                self.beside[0]: UUID(value.id) if value else None,
            }
        kept = self._put(value)
        if self.ordered:
            return {self.name: kept, self.beside[0]: sort_key(kept) if kept else None}
        return {self.name: kept}

    def _put(self, value: Loose) -> Loose:
        if value is None or self.one is None:
            return value
        if self.kind == "json":
            return type_of(self.one).store(value)
        return list(value) if self.kind.endswith("[]") else value

    def read(self, row: object) -> Loose:
        """Return the typed value of a row, None for none."""
        beside = getattr(row, self.beside[0]) if self.kind == "reference" else None
        return self.typed(getattr(row, self.name), beside)

    def typed(self, kept: Loose, beside: Loose = None) -> Loose:
        """Return the typed value of what the column keeps and, for a reference, of the id."""
        if kept is None or self.one is None:
            return kept
        if self.kind == "reference":
            return Linked(id=str(beside), key=kept)
        if self.kind == "json":
            return type_of(self.one).load(kept)
        if self.kind.startswith("number"):
            return Decimal(f"{kept.normalize():f}")
        return tuple(kept) if self.kind.endswith("[]") else kept


_FIELDS: Final[dict[str, Any]] = {
    "text": lambda _: models.TextField(null=True),
    "order": lambda _: models.TextField(null=True),
    "reference": lambda _: models.TextField(null=True),
    "integer": lambda _: models.BigIntegerField(null=True),
    "number": lambda kind: models.DecimalField(
        null=True, max_digits=24, decimal_places=int(kind[len("number(") : -1])
    ),
    "day": lambda _: models.DateField(null=True),
    "moment": lambda _: models.DateTimeField(null=True),
    "yes_no": lambda _: models.BooleanField(null=True),
    "uuid": lambda _: models.UUIDField(null=True),
    "text[]": lambda _: ArrayField(models.TextField(), null=True),
    "uuid[]": lambda _: ArrayField(models.UUIDField(), null=True),
    "json": lambda _: models.JSONField(null=True),
}
_KINDS: Final = {
    "integer": "integer",
    "vnd": "integer",
    "date": "day",
    "moment": "moment",
    "yes_no": "yes_no",
    "multi_choice": "text[]",
    "file": "uuid[]",
    "reference": "reference",
}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A column that the tables of a registry have, or had: its name keeps its kind for ever."""

    path: str
    name: str
    kind: str
    dropped: bool = False


@dataclass(frozen=True, kw_only=True)
class Twin:
    """Another column of a field, in which another version keeps the same value.

    `strict`: it is the column of the version in force, so that a value which it cannot hold is
    refused. `dropped`: it is left in the history only.
    """

    column: Column
    strict: bool = False
    dropped: bool = False


def columns_of(declared: Registry, kept: tuple[Kept, ...] = ()) -> tuple[Column, ...]:
    """Return the columns of a registry in the order of its fields, then its groups.

    A field whose name was taken by another kind of value has a column of another name.
    """
    fields = [one for name, field in declared.fields.items() for one in _columns(name, field)]
    groups = [
        Column(path=name, name=_named(name), kind="json", one=None) for name in declared.groups
    ]
    every = (*fields, *groups)
    if not kept:
        return every
    mine = {(one.path, one.kind): one.name for one in kept}
    taken = {one.name for one in kept}
    return tuple(_placed(one, mine, taken) for one in every)


def _placed(one: Column, mine: Mapping[tuple[str, str], str], taken: set[str]) -> Column:
    name = mine.get((one.path, one.kind), "")
    if not name and one.name not in taken:
        return one
    if not name:
        kind = re.sub("__+", "_", _ROUGH.sub("_", one.kind.replace("[]", "s"))).strip("_")
        plain = f"{one.name[:_SHORTENED]}_as_{kind}"
        others = (f"{plain}_{number}" for number in count(2))
        name = next(other for other in chain((plain,), others) if other not in taken)
    return replace(one, name=name)


def _columns(path: str, one: Field) -> Iterator[Column]:
    parts = type_of(one).parts(one)
    if parts:
        for name, part in parts.items():
            yield from _columns(f"{path}.{name}", part)
    else:
        yield Column(path=path, name=_named(path), kind=kind_of(one), one=one)


def kind_of(one: Field) -> str:
    """Return how a simple field is stored."""
    named = one.as_ if one.type == "computed" else one.type
    if named in TEXTS:
        return "text"
    if named == "decimal":
        return f"number({one.digits})"
    if named == "chainage":
        return METRES
    return _KINDS.get(named, "json")


def _named(path: str) -> str:
    """Return the column's name: readable in any SQL tool, and never two underscores."""
    plain = _ROUGH.sub("_", path.replace(".", "_"))
    return re.sub("__+", "_", plain).strip("_")[:_LONGEST]
