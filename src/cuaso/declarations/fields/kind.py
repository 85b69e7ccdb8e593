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
    """What a person typed does not fit; the sentence says what and how to mend it."""

    def __init__(self, say: str) -> None:
        self.say = say
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
class Context:
    """What cleaning needs beside the input: the legal day, the lists, and values for CEL names."""

    today: date
    lists: CodeLists = field(default_factory=NoLists)
    names: Mapping[str, object] = field(default_factory=dict)
    language: str = "vi"


class FieldType(ABC):
    """One type of field. `parse` and `edit` meet people, `store` and `load` meet JSON."""

    cel: expressions.Kind = "text"
    input: str = "text"

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

    @abstractmethod
    def schema(self, one: Field) -> dict[str, Json]:
        """Return the JSON Schema of the stored value."""

    @abstractmethod
    def sample(self, one: Field, dice: random.Random, context: Context) -> str | list[str]:
        """Return text that `parse` accepts, as a person would type it."""

    def parts(self, one: Field) -> Mapping[str, Field]:  # noqa: ARG002
        """Return the fields inside a compound type; none for a simple one."""
        return {}

    many: bool = False


REGISTRY: Final[dict[str, FieldType]] = {}


def register(**types: FieldType) -> None:
    """Add field types under their names."""
    REGISTRY.update(types)


def type_of(one: Field) -> FieldType:
    """Return the type that a field declares."""
    return REGISTRY[one.type]


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
