"""What others do beside a test: acts on another connection, programs in processes of their own."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from cuaso.capabilities.registries.tests import conftest as given
from cuaso.kernel import clock

WAIT_SECONDS = 30


@contextmanager
def uncommitted(act: Callable[[], object]) -> Iterator[None]:
    """Do an act on another connection, and commit it only when the block ends."""
    written, may_commit = threading.Event(), threading.Event()

    def write() -> None:
        with clock.at(given.MOMENT), transaction.atomic():
            act()
            written.set()
            may_commit.wait(WAIT_SECONDS)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(WAIT_SECONDS), "the other connection has written nothing"
    try:
        yield
    finally:
        may_commit.set()
        thread.join(WAIT_SECONDS)


def told(ground: str, program: str, *words: str) -> Any:
    """Run a program of these tests in the database `ground`; return the JSON of its last line."""
    answer = subprocess.run(
        [sys.executable, "-m", f"cuaso.capabilities.registries.tests.{program}", *words],
        env={**os.environ, "DATABASE_URL": ground},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return json.loads(answer.stdout.splitlines()[-1])
