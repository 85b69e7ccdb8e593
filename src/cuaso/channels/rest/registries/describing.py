"""OpenAPI 3.1 of registries as they are declared: each with its own fields, filters and steps."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings

from cuaso.capabilities.registries.contracts import RegistryShape
from cuaso.channels.rest.problems import CONTENT_TYPE, Problem
from cuaso.channels.rest.registries import bodies, looks

Json = dict[str, Any]
ROOT: Final = "/api/v1/so"
REF: Final = "#/components/schemas/"
ORDINARY: Final = ("Added", "Changed", "Undone", "Counted", "Move")
PARTLY: Final[Json] = {"type": "boolean", "default": True, "description": bodies.PARTLY}
LOOKS: Final = (looks.Figure, looks.Board, looks.Calendar)
SECURITY: Final[list[Json]] = [{"Session": []}]
WRITING: Final[list[Json]] = [{"Session": [], "CsrfToken": []}]


def described(shapes: Iterable[RegistryShape]) -> Json:
    """Return the description of some registries, each in one version."""
    found = list(shapes)
    schemas: Json = dict(_ordinary())
    paths: Json = {}
    for one in found:
        schemas |= _schemas(one)
        paths |= _paths(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": found[0].card.title if len(found) == 1 else "Các cơ sở dữ liệu của tỉnh",
            "version": f"{found[0].version}.0.0" if len(found) == 1 else "1.0.0",
            "description": _about(found),
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "Session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": settings.SESSION_COOKIE_NAME,
                },
                "CsrfToken": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
        },
    }


def _about(found: list[RegistryShape]) -> str:
    if len(found) != 1:
        return "Mỗi sổ có danh sách, bản ghi, lịch sử và dòng thay đổi của riêng nó."
    return "\n\n".join(part for part in (found[0].card.about, *found[0].legal) if part)


def _ordinary() -> Iterable[tuple[str, Json]]:
    """Yield the schemas that are the same for every registry."""
    for kind in (Problem, *(getattr(bodies, name) for name in ORDINARY), *LOOKS):
        said = kind.model_json_schema(ref_template=f"{REF}{{model}}")
        yield from said.pop("$defs", {}).items()
        yield kind.__name__, said


def _stem(one: RegistryShape) -> str:
    return one.card.key.replace("/", ".")


def _ref(name: str) -> Json:
    return {"$ref": f"{REF}{name}"}


def _schemas(one: RegistryShape) -> Json:
    stem = _stem(one)
    whole = _object(
        {
            "id": {"type": "string", "format": "uuid"},
            "registry": {"const": one.card.key},
            "version": {"type": "integer"},
            "revision": {"type": "integer", "minimum": 1},
            "name": {"type": "string"},
            "agency_id": {"type": "string", "format": "uuid"},
            "since": {"type": "string", "format": "date-time"},
            "change_id": {"type": "string", "format": "uuid"},
            "gone_at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
            "values": _ref(f"{stem}.given"),
            "masked": {"type": "array", "items": {"type": "string"}},
            "may": {"type": "array", "items": {"type": "string"}},
            "moves": {"type": "array", "items": _ref("Move")},
        }
    )
    reason = {"type": "string", "maxLength": 4000}
    part = {**one.sent, "required": []}
    return {
        f"{stem}.values": _plain(one.sent),
        f"{stem}.part": _plain(part),
        f"{stem}.given": _plain(one.given),
        f"{stem}.record": whole,
        f"{stem}.written": _object(
            {"values": _ref(f"{stem}.values"), "reason": reason}, ["values"]
        ),
        f"{stem}.amended": _object({"values": _ref(f"{stem}.part"), "reason": reason}, ["values"]),
        f"{stem}.many": _object(
            {
                "records": {
                    "type": "array",
                    "items": _ref(f"{stem}.values"),
                    "minItems": 1,
                    "maxItems": 500,
                },
                "reason": reason,
                "partly": PARTLY,
            },
            ["records"],
        ),
        f"{stem}.bulk": _object(
            {
                "ids": {
                    "type": "array",
                    "items": {"type": "string", "format": "uuid"},
                    "minItems": 1,
                    "maxItems": 500,
                },
                "values": _ref(f"{stem}.part"),
                "reason": {**reason, "minLength": 1},
                "partly": PARTLY,
            },
            ["ids", "values", "reason"],
        ),
        f"{stem}.page": _page(one),
    }


def _plain(schema: Mapping[str, Any]) -> Json:
    """Return a schema as a component: its identity belongs to the document here."""
    return {key: value for key, value in schema.items() if key not in ("$id", "$schema")}


def _object(properties: Json, required: list[str] | None = None) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _page(one: RegistryShape) -> Json:
    listed = _object(
        {
            "id": {"type": "string", "format": "uuid"},
            "revision": {"type": "integer"},
            "name": {"type": "string"},
            "values": {"type": "object"},
            "masked": {"type": "array", "items": {"type": "string"}},
        }
    )
    return _object(
        {
            "registry": {"const": one.card.key},
            "version": {"type": "integer"},
            "count": {"type": ["integer", "null"]},
            "next": {"type": "string"},
            "cut": {"type": "boolean"},
            "records": {"type": "array", "items": listed},
        }
    )


def _paths(one: RegistryShape) -> Json:
    here, stem, item = f"{ROOT}/{one.card.key}", _stem(one), one.card.title
    records = {
        "get": _operation(
            one, "list", f"Danh sách: {item}", gives=f"{stem}.page", takes=_asked(one)
        ),
        "post": _operation(
            one,
            "add",
            f"Thêm: {item}",
            gives=f"{stem}.record",
            status="201",
            body=f"{stem}.written",
            takes=[_version(one), ONCE],
        ),
    }
    bulk = {
        "post": _operation(
            one,
            "add_many",
            f"Thêm nhiều: {item}",
            gives="Added",
            body=f"{stem}.many",
            takes=[_version(one), ONCE],
        ),
        "patch": _operation(
            one,
            "amend_many",
            f"Sửa nhiều: {item}",
            gives="Changed",
            body=f"{stem}.bulk",
            takes=[ONCE],
        ),
    }
    paths = {here: records, f"{here}/bulk": bulk, f"{here}/{{id}}": _record(one)}
    paths[f"{here}/count"] = {
        "get": _operation(one, "count", f"Đếm: {item}", gives="Counted", takes=[_where(one), WORDS])
    }
    paths |= _looks(one, here)
    if one.moves:
        paths[f"{here}/{{id}}/moves/{{step}}"] = {"post": _move(one)}
    return paths


def _looks(one: RegistryShape, here: str) -> Json:
    """Return the other ways to look at a registry: those that it declares."""
    said, paths = one.card.title, {f"{here}/export": {"get": _export(one)}}
    if one.figures:
        get = _operation(
            one, "figure", f"Số liệu: {said}", gives="Figure", takes=[_view(one.figures), AS_OF]
        )
        paths[f"{here}/figures/{{view}}"] = {"get": get}
    if one.board:
        takes = [_where(one), WORDS, AS_OF]
        get = _operation(one, "board", f"Bảng trạng thái: {said}", gives="Board", takes=takes)
        paths[f"{here}/board"] = {"get": get}
    if one.calendars:
        month = _query("month", {"type": "string", "pattern": "^(20[0-9]{2}-(0[1-9]|1[0-2]))?$"})
        takes = [_view(one.calendars), month, _where(one), WORDS, AS_OF]
        get = _operation(one, "calendar", f"Lịch: {said}", gives="Calendar", takes=takes)
        paths[f"{here}/calendars/{{view}}"] = {"get": get}
    return paths


def _export(one: RegistryShape) -> Json:
    kept = ("where", "words", "sort", "fields", "list", "as_of")
    asked = [each for each in _asked(one) if each["name"] in kept]
    takes = [_query("kind", {"type": "string", "enum": ["xlsx", "csv"]}), *asked]
    said = _operation(one, "export", f"Xuất: {one.card.title}", gives="", takes=takes)
    content = {kind: {"schema": {"type": "string"}} for kind in FILES}
    done = {"description": "Bảng tính XLSX hoặc CSV.", "content": content}
    return {**said, "responses": {"200": done, "4XX": said["responses"]["4XX"]}}


def _view(names: Iterable[str]) -> Json:
    schema = {"type": "string", "enum": list(names)}
    return {"name": "view", "in": "path", "required": True, "schema": schema}


def _record(one: RegistryShape) -> Json:
    stem, item, version = _stem(one), one.card.title, _version(one)
    read = _operation(one, "get", f"Xem: {item}", gives=f"{stem}.record", takes=[ID, version])
    remove = _operation(one, "remove", f"Xóa: {item}", gives="", takes=[ID, MATCH, REASON])
    return {
        "get": read,
        "put": _operation(
            one,
            "replace",
            f"Thay: {item}",
            gives=f"{stem}.record",
            body=f"{stem}.written",
            takes=[ID, MATCH, version],
        ),
        "patch": _operation(
            one,
            "amend",
            f"Sửa: {item}",
            gives=f"{stem}.record",
            body=f"{stem}.amended",
            takes=[ID, MATCH, version],
        ),
        "delete": {**remove, "security": WRITING},
    }


def _move(one: RegistryShape) -> Json:
    step = {
        "name": "step",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": list(one.moves)},
        "description": "; ".join(f"{name}: {title}" for name, title in one.moves.items()),
    }
    said = _operation(
        one,
        "move",
        f"Chuyển trạng thái: {one.card.title}",
        gives=f"{_stem(one)}.record",
        takes=[ID, step, MATCH],
    )
    asked = {"type": "object", "description": "Các ô mà bước hỏi, xem `asks` của bước."}
    why = _object({"values": asked, "reason": {"type": "string", "maxLength": 4000}}, [])
    content = {"application/json": {"schema": why}}
    return {**said, "security": WRITING, "requestBody": {"required": True, "content": content}}


def _operation(
    one: RegistryShape,
    name: str,
    summary: str,
    *,
    gives: str,
    takes: list[Json],
    body: str = "",
    status: str = "200",
) -> Json:
    done: Json = {"description": "Được."}
    if gives:
        done["content"] = {"application/json": {"schema": _ref(gives)}}
    refused = {
        "description": "Bị từ chối: không có gì thay đổi.",
        "content": {CONTENT_TYPE: {"schema": _ref("Problem")}},
    }
    said: Json = {
        "operationId": f"{_stem(one)}.{name}",
        "summary": summary,
        "tags": [one.card.title],
        "parameters": takes,
        "responses": {status if gives else "204": done, "4XX": refused},
        "security": WRITING if body else SECURITY,
    }
    if body:
        content = {"application/json": {"schema": _ref(body)}}
        said["requestBody"] = {"required": True, "content": content}
    return said


def _asked(one: RegistryShape) -> list[Json]:
    """Return the parameters of a list, with the fields of this registry."""
    sorts = "|".join(one.sorts)
    paths = "|".join(one.paths)
    return [
        _where(one),
        WORDS,
        _query("sort", {"type": "string", "pattern": f"^(-?({sorts})(,-?({sorts})){{0,3}})?$"}),
        _query("fields", {"type": "string", "pattern": rf"^(\*|({paths})(,({paths})){{0,9}})?$"}),
        _query("list", {"type": "string", "enum": list(one.lists)}),
        _query("cursor", {"type": "string", "maxLength": 400}),
        _query("limit", {"type": "integer", "minimum": 1, "maximum": 500}),
        _query("as_of", {"type": "string", "format": "date-time"}),
        _query("gone", {"type": "boolean"}),
        _query("count", {"type": "boolean"}),
        _version(one),
    ]


def _where(one: RegistryShape) -> Json:
    """Return the parameter of conditions: which field may be asked for in which way."""
    each = "|".join(
        rf"{path.replace('.', chr(92) + '.')}:({'|'.join(hows)})(:.*)?"
        for path, hows in one.filters.items()
    )
    items = {"type": "string", "pattern": f"^({each})$", "maxLength": 500}
    return _query("where", {"type": "array", "items": items, "maxItems": 20})


def _version(one: RegistryShape) -> Json:
    numbers = [0, *(line.number for line in one.versions)]
    return _query("version", {"type": "integer", "enum": numbers, "default": one.version})


def _query(name: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "required": False, "schema": schema}


ID: Final[Json] = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
MATCH: Final[Json] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "ETag của bản ghi khi bạn đọc; `*` nếu chấp nhận mọi lần ghi.",
    "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
}
ONCE: Final[Json] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,64}$"},
}
REASON: Final[Json] = {
    "name": "reason",
    "in": "query",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 300},
}
FILES: Final = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
AS_OF: Final[Json] = _query("as_of", {"type": "string", "format": "date-time"})
WORDS: Final[Json] = _query("words", {"type": "string", "maxLength": 200})
