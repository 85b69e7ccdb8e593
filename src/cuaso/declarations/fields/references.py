"""References: the key of a record in another registry, kept with the record's id."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from cuaso.declarations import expressions
from cuaso.declarations.fields.field import Field
from cuaso.declarations.fields.kind import Context, FieldType, Record, Wrong
from cuaso.declarations.shape import Loose
from cuaso.kernel.text import fold, one_line

_SHOWN: Final = 60
_LONG: Final = 200
_FEW: Final = 20
KEY: Final = "key"


@dataclass(frozen=True, kw_only=True)
class Linked:
    """A record that is referred to: the id never changes, the key is as it was when typed.

    `brought` is what rules read of that record, known only while an input is read.
    """

    id: str
    key: str
    brought: Mapping[str, object] = field(default_factory=dict, compare=False)

    def for_cel(self) -> object:
        """Return the key, with what was brought from the record where its field declares it."""
        return {KEY: self.key, **self.brought} if self.brought else self.key

    def __str__(self) -> str:
        return self.key


_CEL: Final[Mapping[str, expressions.Kind]] = {
    "integer": "integer",
    "decimal": "decimal",
    "text": "text",
    "date": "day",
    "yes_no": "yes_no",
    "vnd": "integer",
}


class InventedRecords:
    """Records that forms and stories are tried with before there is any: three to choose from in
    every registry, and whatever other key a story names.
    """

    def find(self, registry: str, key_or_id: str) -> Record | None:
        known = self.options(registry, "", _FEW)
        named = Record(id=key_or_id, key=key_or_id, label=key_or_id)
        return next((one for one in known if key_or_id in (one.id, one.key)), named)

    def options(self, registry: str, words: str, limit: int) -> Sequence[Record]:
        name = registry.rpartition("/")[2]
        every = [
            Record(id=f"{name}-{number}", key=f"MAU-{number}", label=f"Bản ghi mẫu {number}")
            for number in (1, 2, 3)
        ]
        return [one for one in every if fold(words) in fold(f"{one.key} {one.label}")][:limit]

    def facts(self, registry: str, id: str, names: Sequence[str]) -> Mapping[str, object]:  # noqa: ARG002
        return dict.fromkeys(names)


class Reference(FieldType):
    """The text is the target's key, or its name written in full. CEL reads the key, or with
    `brings` the key as `road.key` and each brought field as `road.end_km`.
    """

    input = "reference"
    inputs = ("key", "id")

    def shape(self, one: Field) -> expressions.Shape:
        if not one.brings:
            return expressions.Shape(kind="text")
        members: dict[str, expressions.Shape] = {KEY: expressions.Shape(kind="text")}
        members |= {name: expressions.Shape(kind=_CEL[kind]) for name, kind in one.brings.items()}
        return expressions.Shape(kind="map", members=members)

    def gather(self, one: Field, texts: Mapping[str, str]) -> str:  # noqa: ARG002
        return texts[""] or texts["key"] or texts["id"]

    def parse(self, one: Field, typed: str, context: Context) -> object:
        text = one_line(typed)[:_LONG]
        found = context.records.find(one.to, text) or self._by_name(one, text, context)
        if found is None:
            raise Wrong(
                f"{one.title}: không tìm thấy “{text[:_SHOWN]}” trong sổ được tham chiếu."
                " Hãy gõ đúng mã của bản ghi."
            )
        return self.again(one, Linked(id=found.id, key=found.key), context)

    def again(self, one: Field, value: Loose, context: Context) -> object:
        names = tuple(one.brings)
        if not names:
            return value
        known = context.records.facts(one.to, value.id, names)
        return replace(value, brought={name: known.get(name) for name in names})

    def _by_name(self, one: Field, text: str, context: Context) -> Record | None:
        matching = context.records.options(one.to, text, _FEW)
        same = [record for record in matching if fold(record.label) == fold(text)]
        return same[0] if len(same) == 1 else None

    def show(self, one: Field, value: Loose, context: Context) -> str:
        found = context.records.find(one.to, value.id)
        if found is None:
            return str(value)
        return found.label_en if context.language == "en" and found.label_en else found.label

    def store(self, value: Loose) -> Loose:
        return {"id": value.id, "key": value.key}

    def load(self, kept: Loose) -> object:
        return Linked(id=kept["id"], key=kept["key"])

    def schema(self, one: Field) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {"id": {"type": "string"}, "key": {"type": "string"}},
            "required": ["id", "key"],
            "additionalProperties": False,
            "x-registry": one.to,
        }

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:
        known = context.records.options(one.to, "", _FEW)
        return dice.choice(known).key if known else ""

    def advice(self, one: Field, context: Context) -> str:  # noqa: ARG002
        if context.language == "en":
            return "Type the code of the record."
        return "Hãy gõ mã của bản ghi trong sổ được tham chiếu."
