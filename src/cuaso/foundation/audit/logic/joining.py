"""An act that is part of another: it fails with the whole, and costs no savepoint."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def joining() -> Iterator[None]:
    """Be part of the transaction of the act that calls, or a transaction where there is none.

    What fails inside fails the whole act: who calls may not catch it and go on, unless around a
    savepoint of their own.
    """
    blocks = connection.atomic_blocks
    # As Django does for `durable`: the transaction around a test is nobody's act.
    part = bool(blocks) and not blocks[-1]._from_testcase  # type: ignore[attr-defined]  # noqa: SLF001 no public door
    with transaction.atomic(savepoint=not part):
        yield
