"""Between a schema of the GovStack database API and a declaration of the house."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.contracts import RegistryShape
from cuaso.channels.rest.govstack.asking import ID
from cuaso.kernel.errors import Invalid, Problem
from cuaso.kernel.text import fold

_TYPES: Final = {
    "string": "text",
    "integer": "integer",
    "number": "decimal",
    "boolean": "yes_no",
}
_FORMATS: Final = {"date": "date", "date-time": "moment"}
_SMALL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
Json = dict[str, Any]


def number_of(id: UUID) -> int:
    """Return the number by which the interface names a registry: stable, from its id."""
    return id.int & 0xFFFF_FFFF_FFFF


def database(shape: RegistryShape) -> Json:
    """Return a registry as the interface describes a database."""
    stands = next(line for line in shape.versions if line.number == shape.version)
    required = shape.sent["required"]
    return {
        "id": number_of(shape.card.id),
        "version": f"{shape.version}.0",
        "name": shape.card.key.replace("/", "."),
        "description": shape.card.about or shape.card.title,
        "institution": shape.card.owner_name,
        "schema": schema(shape),
        "schema_flags": [{"name": "mandatory", "path": f"/{name}"} for name in required],
        "fields_uniques": [list(shape.key)],
        "is_draft": False,
        "is_disabled": False,
        "is_archived": False,
        "modified_at": stands.published_at,
        "has_logo": False,
    }


def schema(shape: RegistryShape) -> Json:
    own = {"type": "string", "primaryKey": True, "readOnly": True, "id": 1}
    fields = {
        name: {**one, "id": number}
        for number, (name, one) in enumerate(shape.sent["properties"].items(), 2)
    }
    return {
        "type": "object",
        "properties": {ID: own, **fields},
        "required": [ID, *shape.sent["required"]],
    }


def declared(given: Mapping[str, Any]) -> Json:
    """Return the fields, key and lists that a given schema means; raise Invalid at each field."""
    properties = given.get("properties")
    if not isinstance(properties, Mapping):
        raise _wrong([Problem(field="schema.properties", say="Thiếu các ô của sổ.")])
    needed = given.get("required")
    required = set(map(str, needed)) if isinstance(needed, list) else set()
    problems: list[Problem] = []
    fields: Json = {}
    key = ""
    for name, one in properties.items():
        if name == ID:
            continue
        plain = named(str(name))
        field = _field(str(name), one, required=name in required)
        if field is None or not plain or plain in fields:
            say = "Ô cần một tên riêng và một kiểu đơn giản: string, integer, number, boolean."
            problems.append(Problem(field=f"schema.properties.{name}"[:200], say=say))
            continue
        fields[plain] = field
        key = key or (plain if name in required else "")
    if not fields and not problems:
        problems.append(Problem(field="schema.properties", say="Sổ cần ít nhất một ô."))
    if problems:
        raise _wrong(problems)
    key = key or next(iter(fields))
    fields[key].pop("required", None)
    columns = list(fields)[:6]
    return {
        "key": [key],
        "fields": fields,
        "lists": {"default": {"columns": columns, "sort": [key]}},
    }


def named(text: str) -> str:
    """Return a name as declarations write it: `Birth certificateID` → birth_certificate_id."""
    plain = re.sub(r"[^a-z0-9]+", "_", fold(_SMALL.sub("_", text)).lower()).strip("_")[:40]
    return plain if plain[:1].isalpha() else ""


def _field(name: str, one: object, *, required: bool) -> Json | None:
    if not isinstance(one, Mapping):
        return None
    kind = one.get("type")
    if not isinstance(kind, str) or kind not in _TYPES or "properties" in one:
        return None
    form = one.get("format")
    dated = _FORMATS.get(form) if kind == "string" and isinstance(form, str) else None
    title = one.get("description") if isinstance(one.get("description"), str) else name
    field = {"title": str(title)[:200].strip() or name, "type": dated or _TYPES[kind]}
    return field if required else {**field, "required": False}


def _wrong(problems: list[Problem]) -> Invalid:
    return Invalid(
        code="govstack.schema_unfit",
        what="Chưa lập được sổ từ cấu trúc này.",
        mend="Hãy sửa từng chỗ được nêu. Chưa có gì được ghi.",
        problems=tuple(problems),
    )
