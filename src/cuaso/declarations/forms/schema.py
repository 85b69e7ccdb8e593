"""A declared form: sections of fields, repeated groups, visibility and rules."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

from pydantic import Field as Key
from pydantic import PrivateAttr, model_validator

from cuaso.declarations import expressions
from cuaso.declarations.expressions import Expression, Shape
from cuaso.declarations.fields import Field, FieldType, Formula, formula, type_of
from cuaso.declarations.shape import Cel, Declaration, Line, Name, YesNo, mistake

CONTEXT_NAMES: Final[Mapping[str, Shape]] = {
    "today": Shape(kind="day"),
    "channel": Shape(kind="text"),
    "capacity": Shape(kind="text"),
}
ITEM: Final = "item"
SAME: Final = "same"


class Rule(Declaration):
    """A condition that the answers must meet, and the sentence when they do not.

    A rule passes while a value that it needs is missing; ask with `blank(…)` to change that.
    """

    check: Cel
    say: Line = Key(min_length=10)
    say_en: Line = ""
    at: Line = Key(default="", description="Ô mang câu báo lỗi; mặc định là ô đầu tiên được đọc.")
    source: Line = ""
    unverified: YesNo = False


class Repeat(Declaration):
    """How many rows a group has."""

    min: int = Key(default=1, ge=0, le=50)
    max: int = Key(default=10, ge=1, le=50)
    item: Line = Key(default="Mục", description="Tên của một dòng, ví dụ “Bản sao”.")
    item_en: Line = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min > self.max:
            raise mistake("“min” lớn hơn “max”.", "Hãy sửa lại số dòng.")
        return self


@dataclass(frozen=True, slots=True)
class Place:
    """A field where it stands, with its type and its parts: asked once, whoever answers."""

    name: str
    one: Field
    kind: FieldType
    parts: "tuple[Place, ...]"
    # JSON keeps its value as it is.
    plain: bool

    @classmethod
    def of(cls, name: str, one: Field) -> Self:
        """Return a field's place with those of its parts."""
        kind = type_of(one)
        parts = tuple(cls.of(part, inner) for part, inner in kind.parts(one).items())
        plain = not parts and type(kind).store is FieldType.store
        return cls(name=name, one=one, kind=kind, parts=parts, plain=plain)


def paths_of(name: str, one: Field) -> tuple[str, ...]:
    """Return the paths under which the texts of a field come, its `same` tick included."""
    kind = type_of(one)
    if not kind.typed:
        return ()
    own = tuple(
        path
        for part, inner in kind.parts(one).items()
        for path in paths_of(f"{name}.{part}", inner)
    )
    own = own or (name, *(f"{name}.{end}" for end in kind.inputs))
    return (*own, f"{name}.{SAME}") if one.same_as else own


class Section(Declaration):
    """A group of fields. With `repeat` it has rows, and `item` in CEL is the row."""

    title: Line = Key(min_length=1)
    title_en: Line = ""
    hint: Line = ""
    hint_en: Line = ""
    when: Cel = ""
    repeat: Repeat | None = None
    fields: dict[Name, Field] = Key(min_length=1)
    rules: tuple[Rule, ...] = ()
    source: Line = ""
    unverified: YesNo = False

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The fields in their order, each with its type and parts."""
        return tuple(Place.of(name, one) for name, one in self.fields.items())

    @cached_property
    def input_paths(self) -> frozenset[str]:
        """The paths, below the section or one of its rows, under which texts may come."""
        return frozenset(path for name, one in self.fields.items() for path in paths_of(name, one))

    @cached_property
    def made(self) -> tuple[Place, ...]:
        """The fields that the house works out."""
        return tuple(place for place in self.places if not place.kind.typed)

    @cached_property
    def conditional(self) -> tuple[Place, ...]:
        """The fields that are shown on a condition."""
        return tuple(place for place in self.places if place.one.when)

    @cached_property
    def bringing(self) -> tuple[Place, ...]:
        """The references whose records say something to the expressions."""
        return tuple(place for place in self.places if place.one.brings)

    @property
    def shape(self) -> Shape:
        """What CEL sees of the section: a map, or a list of maps."""
        members = {name: type_of(one).shape(one) for name, one in self.fields.items()}
        return Shape(kind="list" if self.repeat else "map", members=members)


class FormShape(Declaration):
    """The declared side of a form; `forms.Form` adds what it does."""

    source: Line = ""
    unverified: YesNo = False
    sections: dict[Name, Section] = Key(min_length=1)
    rules: tuple[Rule, ...] = ()
    _compiled: dict[tuple[str, str], Expression] = PrivateAttr(default_factory=dict)
    _formulas: dict[tuple[str, str, str], Formula] = PrivateAttr(default_factory=dict)

    @cached_property
    def names(self) -> Mapping[str, Shape]:
        """The names that an expression of the form may read."""
        return dict(CONTEXT_NAMES) | {name: one.shape for name, one in self.sections.items()}

    def names_in(self, section_id: str) -> Mapping[str, Shape]:
        """The names inside one section: in a repeated one `item` is the row."""
        section = self.sections[section_id]
        if section.repeat is None:
            return self.names
        return {**self.names, ITEM: Shape(kind="map", members=section.shape.members)}

    def expression(self, text: str, *, section: str = "") -> Expression:
        """Return a compiled expression of the form or of one section; compiled once."""
        key, kept = (text, section), self._compiled
        if key not in kept:
            names = self.names_in(section) if section else self.names
            kept[key] = expressions.compile(text, names)
        return kept[key]

    def formula(self, one: Field, *, section: str) -> Formula:
        """Return the compiled formula of a computed field of a section; compiled once."""
        key, kept = (one.is_, one.as_, section), self._formulas
        if key not in kept:
            kept[key] = formula(one, self.names_in(section))
        return kept[key]

    def places(self) -> Iterator[tuple[str, str, Field]]:
        """Yield section id, field id and field, in order."""
        for section_id, section in self.sections.items():
            for field_id, one in section.fields.items():
                yield section_id, field_id, one

    def field_at(self, path: str) -> Field | None:
        """Return the field of a path: `child.name`, `papers.0.pages`, `home.where.street`."""
        section_id, _, rest = path.partition(".")
        section = self.sections.get(section_id)
        parts = [part for part in rest.split(".") if not part.isdecimal()]
        found = section.fields.get(parts[0]) if section and parts else None
        if found is None or len(parts) == 1:
            return found
        return type_of(found).parts(found).get(parts[1])


Values = dict[str, Any]
