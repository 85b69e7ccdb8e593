"""Which files the registries still name: in records as they are and as they were, also in those
that rest in the bin, in drafts, and beside sheets.
"""

from collections.abc import Collection, Iterator
from typing import Final
from uuid import UUID

from django.db import connection, models
from django.db.models.functions import Cast
from psycopg import sql

from cuaso.capabilities.registries.logic.storing import running
from cuaso.capabilities.registries.logic.storing.building import past_of
from cuaso.capabilities.registries.models import Batch, Column, Draft, Version

FILES: Final = "uuid[]"
_ROWS: Final = "json"
_IN_A_FIELD: Final = "select unnest({column}) from {table} where {column} && {ids}"
_IN_ROWS: Final = (
    "select (found #>> '{{}}')::uuid from {table},"
    " jsonb_path_query({column}, '$[*].{inside}[*] ? (@.type() == \"string\")') as found"
    " where found #>> '{{}}' = any({ids}::text[])"
)


def named_files(ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these files a record, its history, a draft or a sheet names.

    Where a person's files are asked for this is seldom: it walks every record with a file.
    """
    if not ids:
        return frozenset()
    found = {*_in_records(ids), *_in_drafts(ids), *_beside_sheets(ids)}
    return frozenset(found & set(ids))


def _in_records(ids: Collection[UUID]) -> Iterator[UUID]:
    for table, column, inside in _places():
        text = sql.SQL(_IN_ROWS if inside else _IN_A_FIELD).format(
            table=sql.Identifier(table),
            column=sql.Identifier(column),
            ids=sql.Literal(list(ids)),
            inside=sql.SQL(f'"{inside}"'),
        )
        with connection.cursor() as cursor:
            cursor.execute(text.as_string(None))
            yield from (row[0] for row in cursor.fetchall())


def _places() -> Iterator[tuple[str, str, str]]:
    """Yield the table and column of every field for files, and its name in the rows of a group."""
    grouped = _grouped()
    kept = Column.objects.filter(kind__in=[FILES, _ROWS]).select_related("registry")
    for one in kept.order_by("registry_id", "name"):
        inside = (
            ("",) if one.kind == FILES else sorted(grouped.get((one.registry_id, one.path), ()))
        )
        for table in (one.registry.table, past_of(one.registry.table)):
            if inside and one.name in running.columns_there(table):
                yield from ((table, one.name, name) for name in inside)


def _grouped() -> dict[tuple[UUID, str], set[str]]:
    """Return the fields for files in the rows of groups that any version has, by group."""
    found: dict[tuple[UUID, str], set[str]] = {}
    versions = Version.objects.annotate(text=Cast("declared", models.TextField()))
    for one in versions.filter(text__contains='"type": "file"').iterator(chunk_size=50):
        for name, group in one.declared.get("groups", {}).items():
            inside = {
                path for path, field in group["fields"].items() if field.get("type") == "file"
            }
            found.setdefault((one.registry_id, name), set()).update(inside)
    return found


def _in_drafts(ids: Collection[UUID]) -> Iterator[UUID]:
    wanted = {str(id): id for id in ids}
    for texts in Draft.objects.values_list("texts", flat=True).iterator(chunk_size=500):
        for text in texts.values():
            for one in [text] if isinstance(text, str) else text:
                if one in wanted:
                    yield wanted[one]


def _beside_sheets(ids: Collection[UUID]) -> Iterator[UUID]:
    wanted = {str(id): id for id in ids}
    for came in Batch.objects.filter(answer__has_key="files").values_list(
        "answer__files__stored", flat=True
    ):
        yield from (wanted[id] for id in came.values() if id in wanted)
