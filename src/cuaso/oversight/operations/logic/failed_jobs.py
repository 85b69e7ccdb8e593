"""Background jobs that gave up: which, since when, and once more."""

from typing import Final
from uuid import NAMESPACE_OID, uuid5

from django.db import IntegrityError, connection, transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.oversight.operations.contracts import FailedJob

MOST: Final = 50
_FAILED: Final = """
select j.id, j.task_name, j.attempts, j.args::text,
  (select max(at) from procrastinate_events e where e.job_id = j.id and e.type = 'failed')
from procrastinate_jobs j where j.status = 'failed' order by j.id desc limit %s
"""


def failed_jobs(*, limit: int = MOST) -> tuple[FailedJob, ...]:
    """Return the newest jobs that gave up."""
    with connection.cursor() as cursor:
        cursor.execute(_FAILED, [limit])
        rows = cursor.fetchall()
    return tuple(
        FailedJob(id=id, task=task, attempts=attempts, asked=asked, failed_at=failed_at)
        for id, task, attempts, asked, failed_at in rows
    )


def run_again(*, job_id: int, actor: Actor) -> None:
    """Put a job that gave up in the line again; jobs do their work once however often they run.

    Raises NotAllowed for who is no administrator, NotFound for a job that did not give up,
    Conflict while the same work waits already.
    """
    if "admin" not in actor.roles:
        raise NotAllowed(
            code="operations.not_administrator",
            what="Chưa chạy lại được công việc này.",
            why="Chỉ quản trị viên chạy lại công việc nền.",
        )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "select task_name from procrastinate_jobs where id = %s and status = 'failed'"
                " for update",
                [job_id],
            )
            found = cursor.fetchone()
            if found is None:
                raise _unknown()
            cursor.execute(
                "select procrastinate_retry_job_v2(%s, %s, null, null, null)",
                [job_id, clock.now()],
            )
            audit.record(
                actor=actor,
                act="operations.job_run_again",
                subject=Subject(kind="operations.job", id=uuid5(NAMESPACE_OID, f"job:{job_id}")),
                content={"job": job_id, "task": found[0]},
            )
    except IntegrityError as error:
        raise Conflict(
            code="operations.job_waits",
            what="Chưa chạy lại công việc này.",
            why="Một công việc như thế đang chờ chạy.",
            mend="Hãy đợi nó chạy xong rồi tải lại trang.",
        ) from error


def _unknown() -> NotFound:
    return NotFound(
        code="operations.no_failed_job",
        what="Không có công việc nền nào như thế đang hỏng.",
        mend="Hãy tải lại trang để xem tình trạng mới nhất.",
    )
