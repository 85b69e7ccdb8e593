"""Read what well-known provisioners send in a spelling of their own as the standard says it.

Entra ID takes members out by a value instead of a filter, and names parts of a value by a filter;
Okta sends all that it knows of a person, also what nobody here keeps (RFC 7643 4.1).
"""

import json
from typing import Any, Final

_NOT_KEPT: Final = frozenset(
    {
        "addresses",
        "entitlements",
        "ims",
        "locale",
        "nickname",
        "password",
        "preferredlanguage",
        "profileurl",
        "timezone",
        "usertype",
        "x509certificates",
    }
)
_WHOLE: Final = frozenset({"POST", "PUT"})


def usual(body: bytes, *, method: str, path: str) -> bytes:
    """Return the body of a request in the usual spelling; one that is no object stays as it is."""
    person = method in _WHOLE and path.startswith("/Users")
    if not person and method != "PATCH":
        return body
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(told, dict):
        return body
    return json.dumps(_kept(told) if person else _changed(told)).encode()


def _kept(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name.lower() not in _NOT_KEPT}


def _changed(told: dict[str, Any]) -> dict[str, Any]:
    operations = told.get("Operations")
    if not isinstance(operations, list):
        return told
    return told | {"Operations": [part for one in operations for part in _parts(one)]}


def _parts(operation: object) -> list[object]:
    """Return the operations that the standard has for one of theirs, most often itself."""
    if not isinstance(operation, dict):
        return [operation]
    if str(operation.get("op")).lower() == "remove":
        return _taken_out(operation)
    return _chosen(operation)


def _chosen(operation: dict[str, Any]) -> list[object]:
    """Return an operation for each part of a value that is named by a filter, then the rest."""
    value = operation.get("value")
    if operation.get("path") or not isinstance(value, dict):
        return [operation]
    chosen = {name: part for name, part in value.items() if "[" in name}
    if not chosen:
        return [operation]
    rest = {name: part for name, part in value.items() if name not in chosen}
    parts: list[object] = [
        operation | {"path": name, "value": part} for name, part in chosen.items()
    ]
    return [*parts, operation | {"value": rest}] if rest else parts


def _taken_out(operation: dict[str, Any]) -> list[object]:
    """Return one operation for each value that is to be taken out, or the operation itself."""
    values, path = operation.get("value"), operation.get("path")
    if not isinstance(values, list) or not isinstance(path, str) or "[" in path:
        return [operation]
    named = [one.get("value") if isinstance(one, dict) else None for one in values]
    if not named or not all(isinstance(one, str) for one in named):
        return [operation]
    return [{"op": "remove", "path": f"{path}[value eq {json.dumps(one)}]"} for one in named]
