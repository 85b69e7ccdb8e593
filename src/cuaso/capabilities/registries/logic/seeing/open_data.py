"""Open data: the columns that a registry declares open, for anybody, and no other column.

The database is asked for the open columns by name, so nothing else can leave it, whatever the
pages do with the answer. A field that is personal or masked is left out even where a version that
nobody proved declares it open.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final, Literal

from cuaso.capabilities.registries.contracts import Dataset, DatasetCard, OpenColumn
from cuaso.capabilities.registries.logic.exchanging import csv_out, kept
from cuaso.capabilities.registries.logic.seeing import records
from cuaso.capabilities.registries.logic.storing import sets, values
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.logic.storing.columns import Column
from cuaso.capabilities.registries.models import Change
from cuaso.declarations import openness
from cuaso.declarations.fields import Context
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound

OpenKind = Literal["csv", "json"]
MEDIA: Final[Mapping[OpenKind, str]] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
FIRST_ROWS: Final = 20
COUNTED: Final = 1000
LABEL: Final = "_label"
_PORTION: Final = 2_000
_CLOSED: Final = "hạn chế"
_TYPES: Final = {
    "integer": "integer",
    "number": "number",
    "day": "date",
    "moment": "datetime",
    "yes_no": "boolean",
    "text[]": "string",
    "json": "geojson",
}


def datasets(*, language: str = "vi") -> tuple[DatasetCard, ...]:
    """Return every registry with open columns, by title."""
    cards = [_card(built, language) for built in sets.current() if columns_of(built)]
    return tuple(sorted(cards, key=lambda one: one.title))


def dataset(*, registry: str, language: str = "vi") -> Dataset:
    """Return a dataset with its columns, its first rows and its number of rows, exact up to 1,000.

    Raises NotFound where nothing is open.
    """
    built = _open(registry)
    columns = columns_of(built)
    count = _rows(built, columns).order_by()[: COUNTED + 1].count()
    first = _rows(built, columns)[:FIRST_ROWS]
    here = _context(built, language)
    return Dataset(
        card=_card(built, language),
        columns=tuple(_described(built, columns, language)),
        rows=tuple(_texts(columns, row, here) for row in first),
        count=count if count <= COUNTED else None,
    )


def open_columns(*, registry: str, language: str = "vi") -> tuple[OpenColumn, ...]:
    """Return the columns of a dataset's files, in their order; raise NotFound."""
    built = _open(registry)
    return tuple(_described(built, columns_of(built), language))


def open_stamp(*, registry: str) -> str:
    """Return a word that changes whenever the files of a dataset do; raise NotFound."""
    built = _open(registry)
    newest = Change.objects.filter(registry_id=built.id).order_by("-tx", "-position")
    last = newest.values_list("id", flat=True).first()
    said = f"{built.key} {built.version} {last} {clock.today()}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def open_file(
    *, registry: str, kind: OpenKind, language: str = "vi"
) -> tuple[str, Iterator[bytes]]:
    """Return media type and content of a dataset as a stream; raise NotFound where nothing is open.

    A code stands as it is kept, its label beside it; moments are in Vietnam's time.
    """
    built = _open(registry)
    columns = columns_of(built)
    here = _context(built, language)
    rows = _rows(built, columns).iterator(chunk_size=_PORTION)
    plain = (dict(_cells(columns, row, here)) for row in rows)
    names = tuple(one.name for one in _described(built, columns, language))
    if kind == "json":
        return MEDIA[kind], _json(plain)
    return MEDIA[kind], _csv(names, _numbers(built, columns), plain)


def columns_of(built: Built) -> tuple[Column, ...]:
    """Return the columns that anybody may read; never one that is personal or masked."""
    declared = built.declared
    if declared.sharing.default == _CLOSED:
        return ()
    return tuple(
        column
        for path in declared.sharing.open
        if not openness.why_closed(declared, path)
        for column in values.under(built, path)
        if column.one is not None
        and not openness.why_closed(declared, column.path)
        and _key_is_open(built, column)
    )


def _key_is_open(built: Built, column: Column) -> bool:
    """Say whether a reference names its target by what is open there."""
    if column.kind != "reference" or column.one is None:
        return True
    try:
        target = sets.built(kept.named(built, column.one.to)).declared
    except NotFound:
        return False
    return not openness.why_closed(target, target.key[0])


def _open(registry: str) -> Built:
    try:
        built = sets.built(registry)
    except NotFound:
        raise _no_dataset() from None
    if not columns_of(built):
        raise _no_dataset()
    return built


def _no_dataset() -> NotFound:
    return NotFound(
        code="registries.no_dataset",
        what="Không có bộ dữ liệu mở nào ở địa chỉ này.",
        mend="Hãy mở danh mục dữ liệu mở của tỉnh.",
    )


def _rows(built: Built, columns: Sequence[Column]) -> Any:  # noqa: ANN401 rows as tuples
    """Return the rows in force, in the order of the key where everybody may read it."""
    names = [one.name for one in columns]
    paths = {one.path for one in columns}
    key = [one for path in built.declared.key for one in values.under(built, path)]
    order = [one.name for one in key] if all(one.path in paths for one in key) else []
    found = built.live.objects.filter(row_gone=None).order_by(*order, "row_id")
    return found.values_list(*names)


def _context(built: Built, language: str) -> Context:
    here = kept.context(built)
    return Context(
        today=here.today,
        lists=here.lists,
        records=here.records,
        names=here.names,
        language=language,
    )


def _coded(column: Column) -> bool:
    one = column.one
    return one is not None and column.kind in ("text", "text[]") and bool(one.codes or _place(one))


def _place(one: Any) -> bool:  # noqa: ANN401 a declared field
    return bool(one.type == "place")


def _cells(
    columns: Sequence[Column], row: Sequence[Any], here: Context
) -> Iterator[tuple[str, object]]:
    for column, value in zip(columns, row, strict=True):
        yield column.name, _plain(column, value)
        if _coded(column):
            yield column.name + LABEL, _label(column, value, here)


def _label(column: Column, value: Any, here: Context) -> str | None:  # noqa: ANN401
    if not value or column.one is None:
        return None
    return records.say(column.one, tuple(value) if isinstance(value, list) else value, here)


def _plain(column: Column, value: Any) -> object:  # noqa: ANN401 a value of any column
    """Return a kept value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(clock.VIETNAM).isoformat(timespec="seconds")
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if column.kind == "json" and isinstance(value, dict):
        return value.get("geometry")
    return value.isoformat() if hasattr(value, "isoformat") else value


def _texts(columns: Sequence[Column], row: Sequence[Any], here: Context) -> tuple[str, ...]:
    """Return a row as people read it: labels instead of codes."""
    return tuple(
        (_label(column, value, here) or "") if _coded(column) else _shown(column, value, here)
        for column, value in zip(columns, row, strict=True)
    )


def _shown(column: Column, value: Any, here: Context) -> str:  # noqa: ANN401
    if value is None or column.one is None:
        return ""
    if column.kind == "reference":
        return str(value)
    return records.say(column.one, column.read(SimpleNamespace(**{column.name: value})), here)


def _csv(
    names: Sequence[str], numeric: frozenset[int], rows: Iterator[dict[str, object]]
) -> Iterator[bytes]:
    def lines() -> Iterator[Sequence[str]]:
        yield names
        for row in rows:
            yield [_written(row[name]) for name in names]

    return csv_out.table(lines(), numeric=numeric)


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(str(one) for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)


def _json(rows: Iterator[dict[str, object]]) -> Iterator[bytes]:
    lead = "[\n"
    for row in rows:
        yield (lead + json.dumps(row, ensure_ascii=False, separators=(",", ":"))).encode()
        lead = ",\n"
    yield (("[" if lead == "[\n" else "\n") + "]\n").encode()


def _described(built: Built, columns: Sequence[Column], language: str) -> Iterator[OpenColumn]:
    for column in columns:
        one = column.one
        if one is None:
            continue
        title = records.title_of(built, column.path, language)
        coded = _coded(column)
        yield OpenColumn(
            name=column.name,
            title=title,
            kind=_TYPES.get(column.kind.partition("(")[0], "string"),
            unit=one.unit,
            hint=one.hint,
            codes=(one.level if _place(one) else one.codes) if coded else "",
            to=kept.named(built, one.to) if column.kind == "reference" else "",
            many=column.kind == "text[]",
            key=column.path in built.declared.key,
        )
        if coded:
            said = "label" if language == "en" else "tên gọi"
            yield OpenColumn(
                name=column.name + LABEL, title=f"{title} ({said})", kind="string", label=True
            )


def _numbers(built: Built, columns: Sequence[Column]) -> frozenset[int]:
    described: list[OpenColumn] = list(_described(built, columns, "vi"))
    safe = ("integer", "number", "date", "datetime", "boolean")
    return frozenset(at for at, one in enumerate(described) if one.kind in safe)


def _card(built: Built, language: str) -> DatasetCard:
    declared = built.declared
    newest = Change.objects.filter(registry_id=built.id).order_by("-at")
    return DatasetCard(
        key=built.key,
        pack=built.key.partition("/")[0],
        title=_in(language, declared.title, declared.title_en),
        about=_in(language, declared.about, declared.about_en),
        owner_name=directory.agency(built.owner_id).name,
        period=declared.sharing.period,
        legal=tuple(one.source for one in declared.legal),
        unverified=any(one.unverified for one in declared.legal),
        version=built.version,
        changed_at=newest.values_list("at", flat=True).first(),
    )


def _in(language: str, vietnamese: str, english: str) -> str:
    return english if language == "en" and english else vietnamese
