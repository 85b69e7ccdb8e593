"""All that the page of one record shows of it: its rows are read once for all parts.

What they say to a reader is kept under what was read, who reads, and what it is said by.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cuaso.capabilities.registries.contracts import ChangeLine, RecordPage, RecordView
from cuaso.capabilities.registries.logic.seeing import (
    history,
    notices,
    record_rows,
    records,
    rights,
    statements,
)
from cuaso.capabilities.registries.logic.seeing.record_rows import Reading
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.columns import kind_of
from cuaso.capabilities.workflow import api as workflow
from cuaso.declarations.fields import Field, leaves
from cuaso.foundation.access.contracts import Decision
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

# Records of all registries that a process keeps as their readers see them.
MOST_TOLD: Final = 512
# Kinds of columns that say more than they hold: names of records and of files, shapes.
_UNSTEADY: Final = frozenset({"reference", "uuid[]", "json"})


@dataclass(frozen=True, kw_only=True, eq=False)
class _Told:
    """What the rows of a record say to a reader, and whose numbers it holds."""

    decision: Decision
    numbers: frozenset[str]
    record: RecordView
    history: tuple[ChangeLine, ...]


class _Telling:
    """The version by which records are told; only itself is equal to it."""


_told: dict[Hashable, _Told] = {}


def record_page(
    *,
    registry: str,
    id: UUID,
    actor: Actor,
    purpose: str = "",
    as_of: datetime | None = None,
    language: str = "vi",
) -> RecordPage:
    """Return what the page of a record shows, as it is or as it was at a moment.

    Raises NotFound and Invalid as `record` does; the look is written down as there.
    """
    built = sets.built(registry)
    read = record_rows.read(built, id, notices_=notices.offered(built, actor, beside=True))
    if as_of is None:
        told = _now(built, read, actor, language)
    else:
        told = _then(built, read, actor, language, as_of)
    records.look_by(
        told.decision, built, id, told.numbers, actor=actor, purpose=purpose, known=read.people
    )
    today = as_of is None
    return RecordPage(
        record=told.record,
        history=told.history,
        has_papers=read.has_papers or bool(built.declared.papers),
        drawing=workflow.drawing(read.way) if read.way and today else "",
        notices=_notices(built, read, told.record, actor, language) if today else (),
    )


def _now(built: Built, read: Reading, actor: Actor, language: str) -> _Told:
    if read.live is None:
        raise records.no_record(built)
    under = _under(built, read, actor, language)
    if under is None:
        return _said(built, read.rows(built), None, read, actor, language)
    found = _told.get(under)
    if found is None:
        found = _said(built, read.rows(built), None, read, actor, language)
        if len(_told) >= MOST_TOLD:
            _told.clear()
        _told[under] = found
    return found


def _then(built: Built, read: Reading, actor: Actor, language: str, as_of: datetime) -> _Told:
    versions = read.rows(built)
    began = [row for row in versions if row.row_since <= as_of]
    last: Any = began[-1] if began else None
    if last is None or not (isinstance(last, built.live) or last.row_until > as_of):
        raise records.no_record(built)
    return _said(built, versions, last, read, actor, language)


def _said(  # noqa: PLR0917 the parts of one record
    built: Built,
    versions: Sequence[Row],
    shown: Row | None,
    read: Reading,
    actor: Actor,
    language: str,
) -> _Told:
    """Return what a record says by its newest row or an earlier one, which the reader has to be
    let see both; raise NotFound.
    """
    row = shown or versions[-1]
    decision = rights.decide(built, row, actor=actor, act="view")
    newest = decision if row is versions[-1] else _newest(built, versions, actor)
    if not (decision.allowed and newest.allowed):
        raise records.no_record(built)
    return _Told(
        decision=decision,
        numbers=frozenset(records.numbers_in(built, row)),
        record=records.shown(built, row, actor=actor, language=language, decision=decision),
        history=history.told(built, versions, read.changes, actor),
    )


def _newest(built: Built, versions: Sequence[Row], actor: Actor) -> Decision:
    return rights.decide(built, versions[-1], actor=actor, act="view")


def _notices(
    built: Built, read: Reading, record: RecordView, actor: Actor, language: str
) -> tuple[Any, ...]:
    if not read.noticed or record.gone_at is not None or read.live is None:
        return ()
    row = built.fetching.made(read.live)
    return notices.of_row(built, row, read.noticed, actor=actor, language=language)


def _under(built: Built, read: Reading, actor: Actor, language: str) -> Hashable | None:
    """Return what a record as its reader sees it may be kept under, None where it may not be: what
    a reference or a drawn way says hangs on rows elsewhere.
    """
    stamps = dictionary.stamp(), directory.stamp()
    steady = built.worked_out("told by its own rows", lambda: _steady(built))
    if not steady or actor.kind not in rights.STEADY or not all(stamps):
        return None
    telling = statements.kept(built, "telling", _Telling)
    # An actor's trace is another at each request, and no right hangs on it.
    reader = replace(actor, trace="", name="")
    rows = tuple(tuple(map(_marked, one)) for one in (read.live or (), *read.past))
    return (telling, rows, read.changes, reader, language, clock.today(), *stamps)


def _marked(value: object) -> object:
    return tuple(value) if type(value) is list else value


def _steady(built: Built) -> bool:
    return built.declared.workflow is None and not any(
        kind_of(one) in _UNSTEADY for one in _every_field(built)
    )


def _every_field(built: Built) -> Iterator[Field]:
    yield from (one.one for one in built.columns if one.one is not None)
    for group in built.declared.groups.values():
        yield from (one for _path, one in leaves(group.fields))
