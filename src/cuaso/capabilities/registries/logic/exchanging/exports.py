"""Export of a list in the reader's rights and masks, as a stream from a cursor of the database."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from itertools import chain
from typing import Any, Final, Literal

from django.db import transaction

from cuaso.capabilities.registries.contracts import ListQuery
from cuaso.capabilities.registries.logic.exchanging import csv_out, kept
from cuaso.capabilities.registries.logic.exchanging.formats import xlsx_out
from cuaso.capabilities.registries.logic.exchanging.formats.xlsx_out import Value
from cuaso.capabilities.registries.logic.exchanging.values.cell_writer import CellWriter
from cuaso.capabilities.registries.logic.exchanging.values.cells import (
    SheetField,
    fields_of,
    masked_rows_text,
)
from cuaso.capabilities.registries.logic.seeing import carried, lists, records, rights, standing
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

Kind = Literal["xlsx", "csv"]
MEDIA: Final[dict[Kind, str]] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_END: Final = time(23, 59)
_NUMBERS: Final = ("integer", "number", "day", "moment")


def export(
    *,
    registry: str,
    query: ListQuery,
    kind: Kind,
    actor: Actor,
    only_list: bool = False,
    purpose: str = "",
) -> tuple[str, str, Iterator[bytes]]:
    """Return name, media type and content of a list, as it is or as it was at `query.as_of`, which
    its first line and its name then say: every column of the registry, so that the sheet comes in
    again, or with `only_list` those of the list. The ledger says who took it out; each person whose
    data it carries reads of it, with the purpose given or the right.

    Raises NotAllowed without the right to export, Invalid for an unknown list or filter.
    """
    built = sets.built(registry)
    rights.require_on_whole(built, actor, "export")
    found = standing.every(built, query, actor)
    fields = _fields(built, query, only_list=only_list)
    _write_down(built, query, kind, actor, purpose)
    rows = carried.written_down(
        built,
        found,
        paths=[one.path for one in fields],
        actor=actor,
        how="Xuất danh sách ra tệp bảng tính.",
        purpose=purpose,
    )
    name = f"{built.key.replace('/', '-')}-{_dated(query.as_of)}.{kind}"
    return name, MEDIA[kind], _content(built, fields, rows, kind, actor, as_of=query.as_of)


@transaction.atomic
def _write_down(built: Built, query: ListQuery, kind: Kind, actor: Actor, purpose: str) -> None:
    at = {"as_of": query.as_of.isoformat()} if query.as_of else {}
    where = [f"{one.path}:{one.how}:{'|'.join(one.values)}" for one in query.filters]
    audit.record(
        actor=actor,
        act="registries.exported",
        subject=Subject(kind="registries.registry", id=built.id),
        content={
            "registry": built.key,
            "kind": kind,
            "list": query.list,
            "words": query.words,
            **({"where": where} if where else {}),
            **({"gone": True} if query.gone else {}),
            **at,
        },
        reason=purpose,
    )


def _dated(as_of: datetime | None) -> str:
    """Return of which day a file says that it is."""
    if as_of is None:
        return f"{clock.today():%Y-%m-%d}"
    return f"nhu-ngay-{clock.legal_date(as_of):%Y-%m-%d}"


def _said_of(built: Built, as_of: datetime) -> str:
    """Return the first line of a list of a past day: an hour is said where it is not the end."""
    at = as_of.astimezone(clock.VIETNAM)
    last = at.time() >= _END
    hour = "hết" if last else f"{at:%H:%M}"
    return f"{built.declared.title}: như lúc {hour} ngày {at:%d/%m/%Y}"


def _fields(built: Built, query: ListQuery, *, only_list: bool) -> tuple[SheetField, ...]:
    every = fields_of(built)
    if not only_list:
        return every
    shown = lists.shown_columns(built, query)
    order = {path: place for place, path in enumerate(shown)}
    found = [one for one in every if one.path in order or one.path.partition(".")[0] in order]
    return tuple(
        sorted(found, key=lambda one: order.get(one.path, order.get(one.path.partition(".")[0], 0)))
    )


def _content(
    built: Built,
    fields: Sequence[SheetField],
    rows: Iterator[Row],
    kind: Kind,
    actor: Actor,
    *,
    as_of: datetime | None,
) -> Iterator[bytes]:
    hidden = rights.masked(built, actor)
    here = kept.context(built)
    if as_of is not None:
        here = replace(here, today=clock.legal_date(as_of))
    writers = [CellWriter(one, here) for one in fields]
    masked = rights.kept_groups(built, hidden) | hidden
    head: list[list[Any]] = [[one.title for one in fields]]
    if as_of is not None:
        head = [[_said_of(built, as_of)], *head]
    if kind == "csv":
        numeric = frozenset(
            at for at, one in enumerate(fields) if one.column.kind.startswith(_NUMBERS)
        )
        texts = (_texts(built, row, writers, masked) for row in rows)
        return csv_out.table(chain(head, texts), numeric=numeric)
    natives = (_natives(built, row, writers, masked) for row in rows)
    return xlsx_out.workbook(chain(head, natives), name=built.declared.title, heading=len(head))


def _texts(
    built: Built, row: Row, writers: Sequence[CellWriter], hidden: frozenset[str]
) -> list[str]:
    return [
        _masked(built, row, one, hidden)
        if one.field.path in hidden
        else one.text(one.field.column.read(row))
        for one in writers
    ]


def _natives(
    built: Built, row: Row, writers: Sequence[CellWriter], hidden: frozenset[str]
) -> list[Value]:
    return [
        _masked(built, row, one, hidden)
        if one.field.path in hidden
        else one.native(one.field.column.read(row))
        for one in writers
    ]


def _masked(built: Built, row: Row, one: CellWriter, hidden: frozenset[str]) -> str:
    value = one.field.column.read(row)
    if value is None:
        return ""
    if one.field.group is not None:
        mask = partial(records.mask, built)
        return masked_rows_text(one.field, value, mask, hidden)
    return records.mask(built, one.field.path, value)
