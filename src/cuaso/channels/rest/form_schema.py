"""A form as JSON Schema 2020-12 of what is typed: flat paths, every answer a text."""

import re
from collections.abc import Iterator
from typing import Any

from cuaso.declarations.forms import FieldView, FormView, SectionView

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def of(form: FormView, *, title: str) -> dict[str, Any]:
    """Return the schema of a draft's `values`.

    Conditions (`x-when`) and rules are CEL and stay on the server; lists too long to print are
    named in `x-list`.
    """
    once = [section for section in form.sections if not section.repeated]
    many = [section for section in form.sections if section.repeated]
    return {
        "$schema": DIALECT,
        "title": title,
        "type": "object",
        "properties": {
            field.path: _field(field, section) for section in once for field in _inputs(section)
        },
        "patternProperties": {
            _pattern(field, section): _field(field, section)
            for section in many
            for field in _inputs(section)
        },
        "required": [
            field.path for section in once for field in _inputs(section) if _needed(field, section)
        ],
        "additionalProperties": False,
    }


def _inputs(section: SectionView) -> Iterator[FieldView]:
    for row in section.rows[:1]:
        for field in row.fields:
            yield from _leaves(field)


def _leaves(field: FieldView) -> Iterator[FieldView]:
    if not field.parts:
        yield field
    for part in field.parts:
        yield from _leaves(part)


def _needed(field: FieldView, section: SectionView) -> bool:
    always = not field.when and not section.when and field.visible and section.visible
    return field.required and always


def _pattern(field: FieldView, section: SectionView) -> str:
    rest = field.path.removeprefix(section.rows[0].path + ".")
    return rf"^{re.escape(section.id)}\.[0-9]+\.{re.escape(rest)}$"


def _field(field: FieldView, section: SectionView) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    if field.options:
        text["enum"] = [option.code for option in field.options]
    if field.max_length:
        text["maxLength"] = field.max_length
    schema = {"type": "array", "items": text} if field.input == "checkboxes" else text
    return schema | _words(field, section)


def _words(field: FieldView, section: SectionView) -> dict[str, Any]:
    said = {
        "title": field.title,
        "description": field.hint,
        "x-section": section.title,
        "x-type": field.type,
        "x-unit": field.unit,
        "x-list": field.options_list,
        "x-when": " && ".join(part for part in (section.when, field.when) if part),
        "x-labels": {option.code: option.label for option in field.options},
    }
    return {name: words for name, words in said.items() if words}
