"""What a field type must answer: a few hooks, and nothing else knows about types."""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol

from cuaso.declarations import expressions
from cuaso.declarations.fields.field import Field
from cuaso.declarations.shape import Loose

Json = Loose


class Wrong(Exception):
    """What a person typed does not fit; the sentence says what and how to mend it.

    `part` names the part of a compound field at which the sentence stands.
    """

    def __init__(self, say: str, *, part: str = "") -> None:
        self.say = say
        self.part = part
        super().__init__(say)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a list."""

    code: str
    label: str
    label_en: str = ""


class CodeLists(Protocol):
    """Dated code lists, the administrative places among them (`province`, `commune`)."""

    def find(self, list_id: str, code: str, day: date) -> Option | None:
        """Return the option of a code valid on a day."""

    def options(self, list_id: str, day: date) -> Sequence[Option]:
        """Return the options valid on a day, in order."""


class NoLists:
    """Knows no list; every code is refused."""

    def find(self, list_id: str, code: str, day: date) -> Option | None:  # noqa: ARG002
        return None

    def options(self, list_id: str, day: date) -> Sequence[Option]:  # noqa: ARG002
        return ()


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record of a registry as a field refers to it: its id, its key, and how it is called."""

    id: str
    key: str
    label: str
    label_en: str = ""


class Records(Protocol):
    """The records that a reference may name; `registry` is written as the field's `to`."""

    def find(self, registry: str, key_or_id: str) -> Record | None:
        """Return the record of a key or an id, None when there is none that may be seen."""

    def options(self, registry: str, words: str, limit: int) -> Sequence[Record]:
        """Return at most `limit` records that match the words, the usual ones first."""

    def facts(self, registry: str, id: str, names: Sequence[str]) -> Mapping[str, object]:
        """Return the values of some fields of a record, None where there is none."""


class NoRecords:
    """Knows no record; every reference is refused."""

    def find(self, registry: str, key_or_id: str) -> Record | None:  # noqa: ARG002
        return None

    def options(self, registry: str, words: str, limit: int) -> Sequence[Record]:  # noqa: ARG002
        return ()

    def facts(self, registry: str, id: str, names: Sequence[str]) -> Mapping[str, object]:  # noqa: ARG002
        return {}


@dataclass(frozen=True, kw_only=True)
class Context:
    """What cleaning needs beside the input: the legal day, the lists and records to choose from,
    and values for CEL names.
    """

    today: date
    lists: CodeLists = field(default_factory=NoLists)
    records: Records = field(default_factory=NoRecords)
    names: Mapping[str, object] = field(default_factory=dict)
    language: str = "vi"


class FieldType(ABC):
    """One type of field. `parse` and `edit` meet people, `store` and `load` meet JSON."""

    cel: expressions.Kind = "text"
    input: str = "text"
    many: bool = False
    # No: nobody types it; the house works it out from the other answers.
    typed: bool = True
    # The longest text that is read; what is longer was no answer of a person.
    longest: int = 20_000
    # Paths under the field's own from which its text may come too (`where.zone`).
    inputs: tuple[str, ...] = ()

    @abstractmethod
    def parse(self, one: Field, typed: str, context: Context) -> object:
        """Return the typed value of non-empty text; raise Wrong."""

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        """Return the value as people read it."""
        return str(value)

    def edit(self, one: Field, value: Loose) -> str:  # noqa: ARG002
        """Return the value as a person would type it again; `parse` gives the value back."""
        return str(value)

    def store(self, value: Loose) -> Json:
        """Return the value as JSON keeps it."""
        return value

    def load(self, kept: Json) -> object:
        """Return the typed value of what JSON kept."""
        return kept

    def again(self, one: Field, value: Loose, context: Context) -> object:  # noqa: ARG002
        """Return a loaded value as `parse` would give it today: with what it brings along."""
        return value

    @abstractmethod
    def schema(self, one: Field) -> dict[str, Json]:
        """Return the JSON Schema of the stored value."""

    @abstractmethod
    def sample(self, one: Field, dice: random.Random, context: Context) -> str | list[str]:
        """Return text that `parse` accepts, as a person would type it."""

    def parts(self, one: Field) -> Mapping[str, Field]:  # noqa: ARG002
        """Return the fields inside a compound type; none for a simple one."""
        return {}

    def of(self, one: Field) -> "FieldType":  # noqa: ARG002
        """Return the type that answers for this very field; another than itself when computed."""
        return self

    def shape(self, one: Field) -> expressions.Shape:
        """Return what CEL sees of the value."""
        parts = self.parts(one).items()
        members = {name: type_of(part).shape(part) for name, part in parts}
        return expressions.Shape(kind=self.cel, members=members)

    def gather(self, one: Field, texts: Mapping[str, str]) -> str:  # noqa: ARG002
        """Return the text to parse of what came: `""` is the field's own path, else of `inputs`."""
        return texts[""]

    def agree(self, one: Field, value: Loose, context: Context) -> None:  # noqa: B027
        """Raise Wrong when the parts of a compound value, each right, do not fit together."""

    def advice(self, one: Field, context: Context) -> str:  # noqa: ARG002
        """Return a hint on how to type, for fields that declare none of their own."""
        return ""


REGISTRY: Final[dict[str, FieldType]] = {}


def register(**types: FieldType) -> None:
    """Add field types under their names."""
    REGISTRY.update(types)


def type_of(one: Field) -> FieldType:
    """Return the type that a field declares."""
    return REGISTRY[one.type].of(one)


def length(one: Field, text: str, *, most: int) -> str:
    """Return the text when its length fits the field; raise Wrong."""
    if len(text) > most:
        raise Wrong(f"{one.title} dài {len(text)} ký tự, nhiều nhất được {most}.")
    if len(text) < one.min_length:
        raise Wrong(f"{one.title} cần ít nhất {one.min_length} ký tự.")
    return text


def leaves(fields: Mapping[str, Field]) -> Iterator[tuple[str, Field]]:
    """Yield every field and, as `field.part`, the parts of compound ones."""
    for name, one in fields.items():
        parts = type_of(one).parts(one)
        if parts:
            yield from ((f"{name}.{part}", inner) for part, inner in parts.items())
        else:
            yield name, one
