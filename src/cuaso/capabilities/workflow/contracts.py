"""What crosses the door of the workflow engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from cuaso.kernel.subjects import Subject

Kind = Literal["user", "service", "receive"]
Status = Literal["running", "finished", "cancelled"]
Severity = Literal["error", "warning"]

TASK_READY = "workflow.task_ready"
SERVICE_WANTED = "workflow.service_wanted"
MESSAGE_THROWN = "workflow.message_thrown"
TIMER_FIRED = "workflow.timer_fired"
FINISHED = "workflow.finished"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing in a drawing that may not (error) or should not (warning) be deployed.

    `element` is the id in the drawing, "" for the whole; `line` is 0 where the file cannot tell.
    """

    rule: str
    element: str
    title: str
    line: int
    say: str
    mend: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.say} {self.mend}"


@dataclass(frozen=True, kw_only=True)
class FlowVersion:
    """A deployed flow: `number` counts from 1 in its `key`; `fresh` when this call made it."""

    id: UUID
    key: str
    number: int
    title: str
    sha256: str
    deployed_at: datetime
    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class Task:
    """A step that waits for a person, a service or a message, or that was done.

    `lane` is the lane's id in the drawing; packs say which role works in it.
    `done_at` and `done_by` are set once somebody did it; `withdrawn_at` when the flow took it
    back (a timer cut in, the instance was cancelled).
    """

    id: UUID
    instance_id: UUID
    element: str
    title: str
    lane: str
    kind: Kind
    since_at: datetime
    due_at: datetime | None
    message: str = ""
    operation: str = ""
    done_at: datetime | None = None
    done_by: str = ""
    withdrawn_at: datetime | None = None
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Instance:
    """One run of a flow. `waiting` are the open steps, oldest first; `accepts` are the
    messages that `signal` may bring now, those at a step's border included.
    """

    id: UUID
    key: str
    version: int
    subject: Subject
    status: Status
    waiting: tuple[Task, ...]
    accepts: tuple[str, ...]
    data: Mapping[str, object]
    started_at: datetime
    ended_at: datetime | None
    revision: int


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A timer that was due and failed; `say` is why, it is tried again at `next_try_at`."""

    instance_id: UUID
    element: str
    due_at: datetime
    next_try_at: datetime
    tries: int
    say: str
