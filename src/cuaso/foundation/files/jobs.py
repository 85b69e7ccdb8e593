"""What the worker does for files."""

from uuid import UUID

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from cuaso.foundation.files.logic.scan import scan
from cuaso.kernel.errors import NotFound, Unavailable

FIRST_WAIT_SECONDS = 5
LONGEST_WAIT_SECONDS = 300


class WhileUnavailable(BaseRetryStrategy):
    """Try again for ever while something outside is down: 5 s, 10 s, 20 s ... five minutes."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, Unavailable):
            return None
        wait = min(FIRST_WAIT_SECONDS * 2 ** min(job.attempts, 10), LONGEST_WAIT_SECONDS)
        return RetryDecision(retry_in={"seconds": wait})


@app.task(name="files.scan", retry=WhileUnavailable())
def scan_file(file_id: str) -> None:
    """Scan one stored file. A file whose row was rolled back or removed needs no scan."""
    try:
        scan(UUID(file_id))
    except NotFound:
        return
