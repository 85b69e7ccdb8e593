"""After some failures in a row nobody waits for a source that is down."""

import threading
from datetime import datetime, timedelta

from cuaso.kernel import clock


class Breaker:
    """State of one process: a restart tries again at once, which does no harm."""

    def __init__(self, *, failures: int, rest: timedelta) -> None:
        self._limit = failures
        self._rest = rest
        self._lock = threading.Lock()
        self._failed = 0
        self._until: datetime | None = None

    def resting_until(self) -> datetime | None:
        """Return the moment before which nobody should ask; None when asking is open."""
        with self._lock:
            if self._until is None or clock.now() >= self._until:
                return None
            return self._until

    def succeeded(self) -> None:
        with self._lock:
            self._failed, self._until = 0, None

    def failed(self) -> None:
        """Count a failure; one after a rest is enough to rest again."""
        with self._lock:
            self._failed += 1
            if self._failed >= self._limit:
                self._until = clock.now() + self._rest
