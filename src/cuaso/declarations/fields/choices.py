"""Choices from dated code lists, yes or no, and administrative places."""

import random
from typing import Any, Final

from cuaso.declarations.fields.field import Field
from cuaso.declarations.fields.kind import Context, FieldType, Option, Wrong
from cuaso.declarations.shape import Loose
from cuaso.kernel.text import fold, one_line

_YES: Final = frozenset({"yes", "true", "1", "on", "co", "y", "x"})
_LONG: Final = 20
_USUAL: Final = 0.8
_NO: Final = frozenset({"no", "false", "0", "off", "khong", "n"})


class Choice(FieldType):
    input = "select"

    def list_of(self, one: Field) -> str:
        """Return the id of the list that the field chooses from."""
        return one.codes

    def parse(self, one: Field, typed: str, context: Context) -> object:
        return self.option(one, typed, context).code

    def option(self, one: Field, typed: str, context: Context) -> Option:
        """Return the option of a typed code or of a label typed in full; raise Wrong."""
        text = one_line(typed)
        found = context.lists.find(self.list_of(one), text, context.today)
        found = found or self._by_label(one, text, context)
        if found is None:
            raise Wrong(f"{one.title} “{text[:60]}” không có trong danh sách. Hãy chọn lại.")
        return found

    def _by_label(self, one: Field, text: str, context: Context) -> Option | None:
        options = context.lists.options(self.list_of(one), context.today)
        same = [option for option in options if fold(option.label) == fold(text)]
        return same[0] if len(same) == 1 else None

    def show(self, one: Field, value: Loose, context: Context) -> str:
        found = context.lists.find(self.list_of(one), value, context.today)
        if found is None:
            return str(value)
        return found.label_en if context.language == "en" and found.label_en else found.label

    def schema(self, one: Field) -> dict[str, Any]:
        return {"type": "string", "x-codes": self.list_of(one)}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str | list[str]:
        options = list(context.lists.options(self.list_of(one), context.today))
        if not options:
            return ""
        # Long lists begin with the usual answer, as people's answers do.
        usual = len(options) > _LONG and dice.random() < _USUAL
        return options[0].code if usual else dice.choice(options).code


class MultiChoice(Choice):
    cel = "list"
    input = "checkboxes"
    many = True

    def show(self, one: Field, value: Loose, context: Context) -> str:
        return ", ".join(super(MultiChoice, self).show(one, code, context) for code in value)

    def store(self, value: Loose) -> Loose:
        return list(value)

    def load(self, kept: Loose) -> object:
        return tuple(kept)

    def schema(self, one: Field) -> dict[str, Any]:
        return {"type": "array", "items": super().schema(one), "uniqueItems": True}

    def sample(self, one: Field, dice: random.Random, context: Context) -> list[str]:
        options = list(context.lists.options(self.list_of(one), context.today))
        most = min(len(options), int(one.max or 2))
        return (
            [option.code for option in dice.sample(options, dice.randint(1, most))] if most else []
        )


class YesOrNo(FieldType):
    cel = "yes_no"
    input = "radios"

    def parse(self, one: Field, typed: str, context: Context) -> object:  # noqa: ARG002
        said = fold(typed)
        if said not in _YES | _NO:
            raise Wrong(f"{one.title}: hãy chọn Có hoặc Không.")
        return said in _YES

    def edit(self, one: Field, value: Loose) -> str:  # noqa: ARG002
        return "yes" if value else "no"

    def show(self, one: Field, value: Loose, context: Context) -> str:  # noqa: ARG002
        words = ("Yes", "No") if context.language == "en" else ("Có", "Không")
        return words[0] if value else words[1]

    def schema(self, one: Field) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "boolean"}

    def sample(self, one: Field, dice: random.Random, context: Context) -> str:  # noqa: ARG002
        return dice.choice(("yes", "no"))


class Place(Choice):
    """A commune or province by its code; the lists are named after the level."""

    input = "place"

    def list_of(self, one: Field) -> str:
        return one.level
