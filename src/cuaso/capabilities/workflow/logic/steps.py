"""Keep the rows of steps and timers equal to the tokens of the instance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from cuaso.capabilities.workflow.contracts import SERVICE_WANTED, TASK_READY
from cuaso.capabilities.workflow.logic.machine import Machine, Token
from cuaso.capabilities.workflow.logic.moments import due_moment
from cuaso.capabilities.workflow.logic.reading import read
from cuaso.capabilities.workflow.models import Due, Instance, Waiting
from cuaso.foundation.audit.contracts import Publication, Written
from cuaso.kernel import clock

Place = tuple[UUID, str]
TITLE_LENGTH = 300
# Every act asks and writes these: Django would think about them longer than PostgreSQL.
_OPEN_STEPS: Final = """
where instance_id = %s and done_at is null and withdrawn_at is null order by since_at, id
"""
_OPEN_TIMERS: Final = "where instance_id = %s and fired_at is null and withdrawn_at is null"
_OF_STEP: Final = (
    *("id", "instance_id", "token", "element", "title", "lane", "kind", "message"),
    *("operation", "attached_to", "since_at", "due_at", "done_by"),
)
_OF_TIMER: Final = (
    *("id", "instance_id", "token", "element", "attached_to", "due_at", "wake_at"),
    *("tries", "trouble"),
)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What a move leaves for the entry of its act: what to publish, and rows still to write."""

    publications: Sequence[Publication] = ()
    beside: Sequence[Written] = ()


def open_steps(instance_id: UUID) -> list[Waiting]:
    """Return the rows of steps that wait, in the order they came."""
    return read(Waiting, _OPEN_STEPS, [instance_id])


def move_steps(
    row: Instance, machine: Machine, *, waiting: list[Waiting], fresh: bool = False
) -> Moved:
    """Say what adds rows of new tokens and withdraws rows of tokens that went, and what announces
    new steps.

    `waiting` are the rows that were open, afterwards those that are. A `fresh` instance has none.
    """
    tokens = list(machine.tokens())
    timers = [token for token in tokens if token.kind == "due"]
    steps = [token for token in tokens if token.kind != "due"]
    dues: list[Due] = []
    of_timers: list[Written] = []
    if machine.diagram.timed:
        dues, of_timers = _move_timers(row, timers, fresh=fresh)
    known = _places(waiting)
    made = [_waiting(row, machine, step, dues) for step in steps if _place(step) not in known]
    alive = {_place(token) for token in steps}
    still = [each for each in waiting if (each.token, each.element) in alive]
    waiting[:] = sorted((*still, *made), key=lambda each: (each.since_at, each.id))
    return Moved(
        publications=[_announced(row, each) for each in made if not each.attached_to],
        beside=[
            *of_timers,
            *_withdrawn(row, "workflow_waiting", known - alive),
            *_added("workflow_waiting", (*_OF_STEP, "data"), [(*_values(e), "{}") for e in made]),
        ],
    )


def _values(step: Waiting) -> list[object]:
    return [getattr(step, column) for column in _OF_STEP]


def _added(table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[Written]:
    if not rows:
        return []
    row = f"({', '.join(['%s'] * len(columns))})"
    head = f"insert into {table} ({', '.join(columns)}) values"
    values = [value for each in rows for value in each]
    return [Written(statement=f"{head} {', '.join([row] * len(rows))}", values=values)]


def _place(token: Token) -> Place:
    return token.id, token.node.id


def _places(rows: Iterable[Waiting | Due]) -> frozenset[Place]:
    return frozenset((row.token, row.element) for row in rows)


def _withdrawn(row: Instance, table: str, gone: Iterable[Place]) -> list[Written]:
    return [
        Written(
            statement=f"update {table} set withdrawn_at = %s"  # noqa: S608 one of two names
            " where instance_id = %s and token = %s and element = %s",
            values=[clock.now(), row.id, token, element],
        )
        for token, element in gone
    ]


def _move_timers(
    row: Instance, timers: list[Token], *, fresh: bool
) -> tuple[list[Due], list[Written]]:
    """Return the timers that run now, and what writes their rows."""
    open_rows = [] if fresh else read(Due, _OPEN_TIMERS, [row.id])
    known, alive = _places(open_rows), {_place(token) for token in timers}
    made = [_due(row, token) for token in timers if _place(token) not in known]
    added = [[getattr(due, column) for column in _OF_TIMER] for due in made]
    still = [due for due in open_rows if (due.token, due.element) in alive]
    return [*still, *made], [
        *_withdrawn(row, "workflow_due", known - alive),
        *_added("workflow_due", _OF_TIMER, added),
    ]


def _due(row: Instance, token: Token) -> Due:
    if token.node.timer is None:
        message = f"{token.node.id} has no timer"
        raise ValueError(message)
    moment = due_moment(token.node.timer, data=token.data, start=clock.now())
    return Due(
        instance=row,
        token=token.id,
        element=token.node.id,
        attached_to=token.node.attached_to,
        due_at=moment,
        wake_at=moment,
    )


def _waiting(row: Instance, machine: Machine, token: Token, dues: list[Due]) -> Waiting:
    node = token.node
    return Waiting(
        instance=row,
        token=token.id,
        element=node.id,
        title=node.title[:TITLE_LENGTH],
        lane=node.lane,
        kind=token.kind,
        message=machine.diagram.message_of(node) if token.kind == "receive" else "",
        operation=(node.operation or node.id) if token.kind == "service" else "",
        attached_to=node.attached_to,
        since_at=clock.now(),
        due_at=_earliest(due.due_at for due in dues if due.attached_to == node.id),
    )


def _earliest(moments: Iterable[datetime]) -> datetime | None:
    return min(moments, default=None)


def _announced(row: Instance, waiting: Waiting) -> Publication:
    return Publication(
        topic=SERVICE_WANTED if waiting.kind == "service" else TASK_READY,
        key=f"ready:{waiting.id}",
        payload={
            "instance_id": row.id,
            "task_id": waiting.id,
            "flow": row.flow.key,
            "element": waiting.element,
            "title": waiting.title,
            "lane": waiting.lane,
            "kind": waiting.kind,
            "operation": waiting.operation,
            "message": waiting.message,
            "due_at": waiting.due_at.isoformat() if waiting.due_at else None,
        },
    )
