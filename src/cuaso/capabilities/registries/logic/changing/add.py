"""Add a record."""

from contextlib import nullcontext
from uuid import UUID

from django.db import connection, transaction

from cuaso.capabilities.registries.contracts import RecordView, Source, Texts
from cuaso.capabilities.registries.logic.changing import (
    attached,
    cleaning,
    courses,
    effects,
    keeping,
    numbering,
    refusals,
    rows,
)
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.exchanging import sent
from cuaso.capabilities.registries.logic.seeing import records, rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Change
from cuaso.declarations.shape import Loose
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.identifiers import new_id


def add(
    *,
    registry: str,
    values: Texts | dict[str, Loose],
    actor: Actor,
    reason: str = "",
    source: Source = changes.FORM,
    id: UUID | None = None,
    version: int = sets.CURRENT,
    spoken: bool = True,
) -> RecordView:
    """Add a record of typed texts or of JSON; return it as the actor sees it, in words too where
    the actor is `spoken` to.

    Raises Invalid with a problem at each wrong field, NotAllowed, Conflict for a key that exists.
    A status begins where its registry declares, whatever was sent. The same `id` is added once.
    """
    built = sets.built(registry, version=version)
    rights.require_on_whole(built, actor, "add")
    ends = not connection.in_atomic_block
    with nullcontext() if ends and is_alone(built) else transaction.atomic():
        numbered = numbering.given(built, values)
        row = fresh(built, numbered, actor=actor, source=source, id=id)
        with (
            rows.said_doubled(built),
            changes.changing_one(
                built,
                actor=actor,
                act="added",
                write=lambda change: written(built, row, change),
                reason=reason,
                source=source,
                ends=ends,
            ),
        ):
            built.fetching.stands(row)
            refusals.require(built, row)
        effects.carry(built, row, built.declared.does, actor=actor, reason=reason)
        if version == sets.CURRENT and courses.may_begin(built, row):
            courses.begin(built, row, actor=actor)
    return records.shown(built, row, actor=actor, spoken=spoken)


def is_alone(built: Built) -> bool:
    """Say whether nothing is locked or written beside the one statement: PostgreSQL keeps or takes
    back all of it, and a transaction around it would be two more ways there.
    """
    declared = built.declared
    return not (
        numbering.numbered(built)
        or declared.does
        or declared.workflow
        or any(one.refuses for one in declared.notices.values())
    )


def fresh(
    built: Built,
    values: Texts | dict[str, Loose],
    *,
    actor: Actor,
    source: Source,
    id: UUID | None = None,
) -> Row:
    """Return a new row of an input, not yet written; raise as `add` does."""
    texts = posted(built, values, source=source)
    columns = sent.read_one(built, texts) if source.kind == "api" else None
    if columns is None:
        columns = cleaning.columns(built, texts, strict=source.kind != "form")
    attached.require(built, columns, actor=actor, source=source)
    row: Row = built.fetching.fresh({"row_id": id or new_id(), **columns})
    row.row_agency = keeping.keeper(built, row, actor)
    decision = rights.decide(built, row, actor=actor, act="add")
    if not decision.allowed:
        raise NotAllowed(
            code="registries.not_allowed",
            what="Chưa có quyền thêm bản ghi này.",
            why="Bản ghi này thuộc một cơ quan khác giữ.",
            mend="Hãy kiểm tra lại nơi đã chọn, hoặc nhờ cơ quan đó nhập.",
        )
    return row


def posted(
    built: Built, values: Texts | dict[str, Loose], *, source: Source
) -> dict[str, str | list[str]]:
    """Return an input as the form takes it; a status begins where its registry declares."""
    texts = cleaning.posted(built, values, exact=source.kind == "api")
    statuses = built.declared.statuses
    if statuses:
        texts[f"record.{statuses.field}"] = statuses.start
    return texts


def written(built: Built, row: Row, change: Change) -> changes.Statement:
    """Return what writes a new row as part of a change."""
    row.row_change, row.row_since = change.id, change.at
    return built.fetching.adding(row)


def put(built: Built, row: Row, change: Change) -> None:
    """Write a new row as part of a change."""
    row.row_change, row.row_since = change.id, change.at
    built.fetching.add(row)
    change.records += 1
