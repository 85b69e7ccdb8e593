"""A form as JSON Schema 2020-12: what the API documents and other systems read."""

from collections.abc import Mapping
from typing import Any, Final

from cuaso.declarations.fields import Field, type_of
from cuaso.declarations.forms.schema import FormShape, Section

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schema(form: FormShape, *, title: str = "") -> dict[str, Any]:
    """Return the schema of the nested answers (`Cleaned.stored`); null where not answered.

    Conditions and rules are CEL and stay on the server; `x-when` shows them.
    """
    properties = {name: _section(one) for name, one in form.sections.items()}
    required = [name for name, one in form.sections.items() if _needed(one)]
    head = {"$schema": DIALECT, "title": title} if title else {"$schema": DIALECT}
    return head | _object(properties, required)


def _needed(section: Section) -> bool:
    return not section.when and any(_always(one) for one in section.fields.values())


def _always(one: Field) -> bool:
    return one.required is True and not one.when and type_of(one).typed


def _section(section: Section) -> dict[str, Any]:
    fields = {name: _field(one) for name, one in section.fields.items()}
    required = [name for name, one in section.fields.items() if _always(one)]
    one_row = _object(fields, required) | _words(section.title, section.title_en, section.when)
    if section.repeat is None:
        return one_row
    return {
        "type": "array",
        "items": one_row,
        "minItems": section.repeat.min,
        "maxItems": section.repeat.max,
    }


def _field(one: Field) -> dict[str, Any]:
    schema = type_of(one).schema(one)
    if not _always(one):
        schema = {"anyOf": [schema, {"type": "null"}]}
    return schema | _words(one.title, one.title_en, one.when)


def _words(title: str, title_en: str, when: str) -> dict[str, Any]:
    words = {"title": title, "x-title-en": title_en, "x-when": when}
    return {key: text for key, text in words.items() if text}


def _object(properties: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }
