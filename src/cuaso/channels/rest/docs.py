"""The page of the API: drawn on the server from its description, no script, no other host."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from cuaso.channels.rest.openapi import METHODS

ORDER = ("get", "post", "put", "patch", "delete")


class Page(DocsBase):
    """Shows every operation by subject, with what it takes and gives."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: object) -> HttpResponse:
        schema = api.get_openapi_schema(path_params=kwargs)
        context = {
            "title": schema["info"]["title"],
            "version": schema["info"]["version"],
            "points": schema["info"]["description"].split("\n\n")[1].splitlines(),
            "subjects": subjects(schema),
            "openapi": self.get_openapi_url(api, kwargs),
        }
        return render(request, "rest/docs.html", context)


def subjects(schema: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations by their first tag, in the order of the description."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, item in schema["paths"].items():
        for method in sorted(METHODS & item.keys(), key=ORDER.index):
            operation = item[method]
            found.setdefault(operation["tags"][0], []).append(
                {"path": path, "method": method.upper(), **_drawn(operation, schema)}
            )
    return list(found.items())


def _drawn(operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    return {
        "id": operation["operationId"],
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "signed_in": bool(operation.get("security")),
        "parameters": operation["parameters"],
        "body": [(kind, _fields(one["schema"], schema)) for kind, one in body.items()],
        "gives": [
            (status, said["description"], _name(said))
            for status, said in operation["responses"].items()
        ],
    }


def _fields(body: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Return (name, type, required) of a body's members."""
    told = _resolved(body, schema)
    required = told.get("required", [])
    return [
        (name, _kind(one), name in required) for name, one in told.get("properties", {}).items()
    ]


def _resolved(body: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = body.get("$ref", "")
    found: dict[str, Any] = schema["components"]["schemas"].get(reference.rsplit("/", 1)[-1], body)
    return found


def _kind(one: dict[str, Any]) -> str:
    return str(one.get("format") or one.get("type") or one.get("$ref", "").rsplit("/", 1)[-1])


def _name(said: dict[str, Any]) -> str:
    for one in said.get("content", {}).values():
        inner = one["schema"].get("items", one["schema"])
        return str(inner.get("$ref", "").rsplit("/", 1)[-1])
    return ""
