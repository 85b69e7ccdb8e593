"""Records as JSON: values nested as they are declared, what is masked named apart."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse

from cuaso.capabilities.registries.contracts import (
    AddedMany,
    BulkDone,
    ChangeLine,
    FieldShown,
    RecordView,
    RegistryCard,
    ValuePage,
)

Json = dict[str, Any]


def card(one: RegistryCard) -> Json:
    return {
        "key": one.key,
        "title": one.title,
        "title_en": one.title_en,
        "about": one.about,
        "owner_name": one.owner_name,
        "systems": list(one.systems),
        "version": one.version,
        "may": sorted(one.may),
    }


def record(view: RecordView, *, only: Collection[str] = ()) -> Json:
    """Return a record; with `only`, just these fields, parts or groups of it."""
    fields = [one for one in view.fields if _wanted(one.path, only)]
    groups = {name: rows for name, rows in view.groups.items() if _wanted(name, only)}
    values = _nested(fields)
    values |= {name: [_row(name, row) for row in rows] for name, rows in groups.items()}
    return {
        "id": str(view.id),
        "registry": view.registry,
        "version": view.version,
        "revision": view.revision,
        "name": view.name,
        "agency_id": view.agency_id,
        "since": view.since,
        "change_id": view.change_id,
        "gone_at": view.gone_at,
        "values": values,
        "masked": [one.path for one in (*fields, *_in_rows(groups)) if one.masked],
        "may": sorted(view.may),
        "moves": [
            {
                "name": one.name,
                "title": one.title,
                "to": one.to,
                "needs_reason": one.needs_reason,
                "asks": list(one.asks),
            }
            for one in view.moves
        ],
    }


def _in_rows(groups: Mapping[str, Iterable[Iterable[FieldShown]]]) -> list[FieldShown]:
    return [one for rows in groups.values() for row in rows for one in row]


def _wanted(path: str, only: Collection[str]) -> bool:
    return not only or path in only or path.partition(".")[0] in only


def _nested(fields: Iterable[FieldShown]) -> Json:
    values: Json = {}
    for one in fields:
        head, _, part = one.path.partition(".")
        if part:
            values.setdefault(head, {})[part] = one.value
        else:
            values[head] = one.value
    return values


def _row(group: str, row: Iterable[FieldShown]) -> Json:
    return {one.path.split(".", 2)[2]: one.value for one in row if one.path.startswith(group)}


def sent(answer: Json, *, status: int = 200) -> HttpResponse:
    """Return an answer as it goes out: it was made in its shape here, and is not read again."""
    return text(written(answer), status=status)


def written(answer: Json) -> str:
    """Return an answer as the text of JSON."""
    return json.dumps(answer, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))


def text(answer: str | bytes, *, status: int = 200) -> HttpResponse:
    """Return an answer that is written already."""
    return HttpResponse(
        answer,
        status=status,
        content_type="application/json; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def unchanged() -> HttpResponse:
    """Return the answer to who has this revision already."""
    return HttpResponse(status=304, headers={"Cache-Control": "no-store"})


def tagged(response: HttpResponse, view: RecordView) -> None:
    """Put the record's revision on the answer."""
    response["ETag"] = tag(view)


def tag(view: RecordView) -> str:
    return f'"{view.revision}"'


def page(found: ValuePage) -> Json:
    """Return a page of a list; each value stands under the path that was asked for."""
    paths = found.columns
    return {
        "registry": found.registry,
        "version": found.version,
        "count": found.count,
        "next": found.after,
        "cut": found.cut,
        "records": [
            {
                "id": str(line.id),
                "revision": line.revision,
                "name": line.name,
                "values": dict(zip(paths, line.values, strict=True)),
                "masked": [paths[at] for at in line.masked],
            }
            for line in found.lines
        ],
    }


def source(path: str, line: ChangeLine) -> Json:
    """Return the change that gave the value at a path."""
    return {
        "field": path,
        "origin": line.origin,
        "origin_id": line.origin_id,
        "who": line.who,
        "at": line.at,
        "change_id": line.id,
        "reason": line.reason,
    }


def added(done: AddedMany) -> Json:
    return {
        "change_id": done.change_id,
        "added": done.added,
        "records": [
            {
                "id": one.id,
                "outcome": one.outcome,
                "say": one.say,
                "code": one.code,
                "problems": [{"field": each.field, "say": each.say} for each in one.problems],
            }
            for one in done.lines
        ],
    }


def changed(done: BulkDone) -> Json:
    return {
        "change_id": done.change_id,
        "changed": done.changed,
        "records": [
            {"id": one.id, "name": one.name, "outcome": one.outcome, "say": one.say}
            for one in done.lines
        ],
    }


def clash(data: Mapping[str, object], *, seen: RecordView | None, present: RecordView) -> Json:
    """Return what a refused writer compares: the version that they saw and the present one."""
    return {
        **data,
        "present_version": record(present)["values"],
        "seen_version": record(seen)["values"] if seen is not None else None,
    }
