"""The turns that Python's threads take: only one of them runs at a time."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SHORT_SECONDS: Final = 0.0001
_lock = threading.Lock()
# How long turns were before each block that has not ended.
_before: list[float] = []


@contextmanager
def short_turns() -> Iterator[None]:
    """Let a thread that computes hand over soon to one that waits for its turn.

    Whoever feeds a socket beside it has little to do, but must do it before the other end has
    nothing left. It holds for the whole process; blocks may stand in each other, and overlap in
    threads.
    """
    with _lock:
        _before.append(sys.getswitchinterval())
        sys.setswitchinterval(SHORT_SECONDS)
    try:
        yield
    finally:
        with _lock:
            # Whichever ends, the longest is what was usual.
            usual = max(_before)
            _before.remove(min(_before))
            sys.setswitchinterval(SHORT_SECONDS if _before else usual)
