"""Keep the rows of steps and timers equal to the tokens of the instance."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from cuaso.capabilities.workflow.contracts import SERVICE_WANTED, TASK_READY
from cuaso.capabilities.workflow.logic.machine import Machine, Token
from cuaso.capabilities.workflow.logic.moments import due_moment
from cuaso.capabilities.workflow.models import Due, Instance, Waiting
from cuaso.foundation.audit.contracts import Publication
from cuaso.kernel import clock

Place = tuple[UUID, str]
TITLE_LENGTH = 300
# Every act asks these several times: Django would think about them longer than PostgreSQL.
_OPEN_STEPS: Final = """
select * from workflow_waiting where instance_id = %s and done_at is null and withdrawn_at is null
order by since_at, id
"""
_OPEN_TIMERS: Final = """
select * from workflow_due where instance_id = %s and fired_at is null and withdrawn_at is null
"""
_COLUMNS: Final = (
    *("id", "instance_id", "token", "element", "title", "lane", "kind", "message"),
    *("operation", "attached_to", "since_at", "due_at"),
)
_INSERT: Final = f"insert into workflow_waiting ({', '.join(_COLUMNS)}, done_by, data) values"
_ROW: Final = f"({', '.join(['%s'] * len(_COLUMNS))}, '', '{{}}')"


def open_steps(instance_id: UUID) -> list[Waiting]:
    """Return the rows of steps that wait, in the order they came."""
    return list(Waiting.objects.raw(_OPEN_STEPS, [instance_id]))


def write_steps(
    row: Instance, machine: Machine, *, waiting: list[Waiting], fresh: bool = False
) -> list[Publication]:
    """Add rows of new tokens, withdraw rows of tokens that went; return what announces new steps.

    `waiting` are the rows that were open, afterwards those that are. A `fresh` instance has none.
    """
    tokens = list(machine.tokens())
    timers = [token for token in tokens if token.kind == "due"]
    steps = [token for token in tokens if token.kind != "due"]
    dues = _write_timers(row, timers, fresh=fresh) if machine.diagram.timed else []
    known = _places(waiting)
    _withdraw_gone(row, Waiting, known, steps)
    made = [_waiting(row, machine, step, dues) for step in steps if _place(step) not in known]
    _insert(made)
    alive = {_place(token) for token in steps}
    still = [each for each in waiting if (each.token, each.element) in alive]
    waiting[:] = sorted((*still, *made), key=lambda each: (each.since_at, each.id))
    return [_announced(row, each) for each in made if not each.attached_to]


def _insert(made: Sequence[Waiting]) -> None:
    if not made:
        return
    rows = ", ".join([_ROW] * len(made))
    told = [getattr(each, column) for each in made for column in _COLUMNS]
    with connection.cursor() as cursor:
        cursor.execute(f"{_INSERT} {rows}", told)


def _place(token: Token) -> Place:
    return token.id, token.node.id


def _places(rows: Iterable[Waiting | Due]) -> frozenset[Place]:
    return frozenset((row.token, row.element) for row in rows)


def _withdraw_gone(
    row: Instance, model: type[Waiting | Due], known: frozenset[Place], tokens: list[Token]
) -> None:
    for token, element in known - {_place(token) for token in tokens}:
        model.objects.filter(instance=row, token=token, element=element).update(
            withdrawn_at=clock.now()
        )


def _write_timers(row: Instance, timers: list[Token], *, fresh: bool) -> list[Due]:
    open_rows = [] if fresh else list(Due.objects.raw(_OPEN_TIMERS, [row.id]))
    known = _places(open_rows)
    _withdraw_gone(row, Due, known, timers)
    made = [_due(row, token) for token in timers if _place(token) not in known]
    if made:
        Due.objects.bulk_create(made)
    alive = {_place(token) for token in timers}
    return [due for due in open_rows if (due.token, due.element) in alive] + made


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
