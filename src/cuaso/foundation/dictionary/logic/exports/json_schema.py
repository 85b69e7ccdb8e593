"""The dictionary as JSON Schema 2020-12: a definition an element, an object a class."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from cuaso.foundation.dictionary.logic.exports.described import Described, base, described

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "integer": {"type": "integer"},
    "vnd": {"type": "integer"},
    "decimal": {"type": "number"},
    "yes_no": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "email": {"type": "string", "format": "email"},
}


def export_json_schema(
    keys: Iterable[str] | None = None, *, on: date | None = None
) -> dict[str, Any]:
    """Return a JSON Schema whose `$defs` are the elements (all) as they stand on a day (today).

    A document may hold one object of each class: `{"person": {"sex": "female"}}`.
    """
    found = described(keys, on)
    classes: dict[str, dict[str, Any]] = {}
    for one in found:
        shape = classes.setdefault(one.object_class, _object(one))
        shape["properties"][one.name] = {"$ref": f"#/$defs/{one.element.key}"}
    return {
        "$schema": DIALECT,
        "$id": f"{base()}json-schema",
        "title": "Từ điển dữ liệu",
        "type": "object",
        "properties": classes,
        "additionalProperties": False,
        "$defs": {one.element.key: element_schema(one) for one in found},
    }


def _object(one: Described) -> dict[str, Any]:
    return {
        "type": "object",
        "title": one.element.object_class,
        "properties": {},
        "additionalProperties": False,
    }


def element_schema(one: Described) -> dict[str, Any]:
    """Return the schema of one element's value."""
    domain = one.domain
    shape: dict[str, Any] = {"title": one.element.title, "description": one.element.definition}
    permitted = {"type": "string", "enum": [code.code for code in one.codes]}
    if one.codes and domain.type == "multi_choice":
        shape |= {"type": "array", "items": permitted, "uniqueItems": True}
    elif one.codes:
        shape |= permitted
    else:
        shape |= _KINDS.get(domain.type, {"type": "string"})
    if domain.pattern:
        shape["pattern"] = f"^(?:{domain.pattern})$"
    if shape["type"] == "string" and domain.min_length:
        shape["minLength"] = domain.min_length
    if shape["type"] == "string" and domain.max_length:
        shape["maxLength"] = domain.max_length
    if domain.min:
        shape["minimum"] = _number(domain.min)
    if domain.max:
        shape["maximum"] = _number(domain.max)
    if domain.unit:
        shape["x-unit"] = domain.unit
    return shape


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)
