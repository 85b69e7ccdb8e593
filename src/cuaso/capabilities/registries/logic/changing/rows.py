"""Reading a row to change it, and the sentences when that is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.seeing import rights
from cuaso.capabilities.registries.logic.storing import definition, values
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Change
from cuaso.declarations.registries import Act
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound, Problem


def locked(built: Built, id: UUID, *, actor: Actor, act: Act, revision: int | None = None) -> Row:
    """Return a record locked for this transaction.

    Raises NotFound (also when the actor may not know of it), NotAllowed, and Conflict when the
    reader saw an older revision; `data` then holds the present one.
    """
    row: Row | None = built.fetching.one(id, lock=True)
    return require(built, row, actor=actor, act=act, revision=revision)


def require(
    built: Built, row: Row | None, *, actor: Actor, act: Act, revision: int | None = None
) -> Row:
    """Return a row that the actor may work on; raise as `locked` does."""
    if row is None or not rights.decide(built, row, actor=actor, act="view").allowed:
        raise unknown(built)
    decision = rights.decide(built, row, actor=actor, act=act)
    if not decision.allowed:
        raise NotAllowed(
            code="registries.not_allowed",
            what="Chưa có quyền làm việc này với bản ghi này.",
            why=decision.sentence,
            mend="Nếu cho rằng có nhầm lẫn, hãy liên hệ cơ quan chủ quản của sổ.",
            data={"act": act},
        )
    if revision is not None and row.row_revision != revision:
        raise Conflict(
            code="registries.changed_meanwhile",
            what="Bản ghi này vừa được người khác sửa.",
            why=f"Bản đang sửa là lần ghi thứ {revision}; nay đã có lần thứ {row.row_revision}.",
            mend="Hãy xem hai bản cạnh nhau, giữ điều đúng rồi ghi lại.",
            data={"revision": row.row_revision, "seen": revision},
        )
    return row


def unknown(built: Built) -> NotFound:
    return NotFound(
        code="registries.no_record",
        what=f"Không có bản ghi này trong sổ “{built.declared.title}”.",
        mend="Hãy tìm lại trong danh sách.",
    )


def renew(row: Row, columns: dict[str, Any], change: Change) -> None:
    """Write new values of a row as the next version of it."""
    row.save(update_fields=_renewed(row, columns, change))
    change.records += 1


def renewal(built: Built, row: Row, columns: dict[str, Any], change: Change) -> changes.Statement:
    """Return what writes new values of a row as the next version of it."""
    return built.fetching.renewing(row, _renewed(row, columns, change))


def _renewed(row: Row, columns: dict[str, Any], change: Change) -> list[str]:
    """Give a row the values of its next version; return the columns that differ."""
    for name, value in columns.items():
        setattr(row, name, value)
    row.row_revision += 1
    row.row_since = changes.after(row.row_since, change)
    row.row_change = change.id
    return [*columns, "row_revision", "row_since", "row_change"]


@contextmanager
def unique(built: Built) -> Iterator[None]:
    """Say a key that exists already in words, at its field."""
    with said_doubled(built), transaction.atomic():
        yield


@contextmanager
def said_doubled(built: Built) -> Iterator[None]:
    """Say as `unique` does, where the caller's own transaction ends with what is raised here."""
    try:
        yield
    except IntegrityError as error:
        if f"{built.table}_key" not in str(error) and "unique" not in str(error):
            raise
        paths = _doubled(built, str(error))
        titles = ", ".join(f"“{built.declared.titled(path)}”" for path in paths)
        raise Conflict(
            code="registries.key_exists",
            what=f"Sổ đã có bản ghi mang {titles} này.",
            why="Mỗi bản ghi có một khóa riêng, để không ai ghi hai lần một việc.",
            mend="Hãy mở bản ghi đã có để sửa, hoặc kiểm tra lại số vừa nhập.",
            problems=tuple(Problem(field=path, say=f"{titles} đã có trong sổ.") for path in paths),
        ) from error


def _doubled(built: Built, error: str) -> tuple[str, ...]:
    """Return which fields the database calls doubled: those of a unique set, else of the key."""
    named = (paths for paths, one in definition.alone(built) if one.index in error)
    return next(named, built.declared.key)


def differing(row: Row, columns: dict[str, Any], built: Built | None = None) -> dict[str, Any]:
    """Return the columns whose value is not the row's.

    A second column of a field differs only when the field itself does: what an older version was
    told stays as it was said.
    """
    fresh = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if built is None:
        return fresh
    for twin in built.standing_twins:
        if not fresh.keys() & {*built.by_path[twin.column.path].names}:
            fresh = {name: one for name, one in fresh.items() if name not in twin.column.names}
    return fresh


def data_columns(built: Built, row: Row) -> dict[str, Any]:
    """Return the data of a row by column, with what follows from it."""
    columns = {name: getattr(row, name) for one in built.columns for name in one.names}
    return columns | values.derived(built, columns)
