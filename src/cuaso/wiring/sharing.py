"""The web processes of a house share their clients evenly.

All of them accept connections from one socket, and whoever is quicker takes one. Clients keep
connections open, so of eight clients six may stay with one process while the other has time.
"""

import fcntl
import math
import os
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from mmap import mmap
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Over how long a time "how many are inside" is told.
MEMORY_SECONDS: Final = 0.05
# By how many requests a process may be busier than another.
UNEVEN: Final = 0.8
BUSY: Final = 2
PLACES: Final = 64
_NUMBER: Final = struct.Struct("d")


class Sharing:
    """Answers as `application` does. A process that is busier than another asks a client with an
    answer to come over a new connection, which any process may take.

    shares: a file in which the processes tell each other how busy they are; None where there is
    only one.
    """

    def __init__(self, application: "WSGIApplication", *, shares: Path | None) -> None:
        self._application = application
        self._load = Load(Shares(shares) if shares else None)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        start = start_response
        if environ.get("SERVER_PROTOCOL") == "HTTP/1.1":
            start = _parting(start_response, self._load.is_uneven)
        with self._load.counted():
            return self._application(environ, start)


def _parting(start_response: "StartResponse", asked: Callable[[], bool]) -> "StartResponse":
    """Return what begins an answer, the last of its connection where it is `asked` (RFC 9112, 9.6).

    WSGI leaves this header to the server (PEP 3333); ours takes it from here.
    """

    def start(
        status: str, headers: list[tuple[str, str]], exc_info: "OptExcInfo | None" = None, /
    ) -> Callable[[bytes], object]:
        told = [*headers, ("Connection", "close")] if asked() else headers
        return start_response(status, told, exc_info)

    return start


class Load:
    """How many requests are inside this process, over the last moments."""

    def __init__(self, shares: "Shares | None") -> None:
        self._shares = shares
        self._lock = threading.Lock()
        self._inside = 0
        self._mean = 0.0
        self._at = self._parted_at = monotonic()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count a request for as long as the block lasts."""
        self._move(1)
        try:
            yield
        finally:
            self._move(-1)

    def is_uneven(self) -> bool:
        """Say whether a client had better go to another process: not one after the other, so that
        what the last one changed is seen first.
        """
        if self._shares is None or self._inside < BUSY:
            return False
        now = self._move(0)
        if now - self._parted_at < MEMORY_SECONDS:
            return False
        if not self._shares.has_less(self._mean - UNEVEN):
            return False
        self._parted_at = now
        return True

    def _move(self, by: int) -> float:
        with self._lock:
            now = monotonic()
            newer = 1 - math.exp((self._at - now) / MEMORY_SECONDS)
            self._mean += (self._inside - self._mean) * newer
            self._at = now
            self._inside += by
            if self._shares is not None:
                self._shares.tell(self._mean)
        return now


class Shares:
    """One number of each web process, in a file that all of them map.

    A place in it is held by a lock on its bytes, which ends with the process; `inf` is a place that
    nobody holds.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not os.fstat(self._file).st_size:
            os.pwrite(self._file, _NUMBER.pack(math.inf) * PLACES, 0)
        self._numbers = mmap(self._file, PLACES * _NUMBER.size)
        self._own = next((place for place in range(PLACES) if self._locked(place)), None)
        self.tell(0.0)

    def tell(self, number: float) -> None:
        """Tell the others. A process for which there is no place is silent."""
        if self._own is not None:
            self._write(self._own, number)

    def has_less(self, number: float) -> bool:
        """Say whether another process that runs tells this number or less."""
        return any(
            self._read(place) <= number and self._is_held(place)
            for place in range(PLACES)
            if place != self._own
        )

    def _is_held(self, place: int) -> bool:
        if not self._locked(place):
            return True
        self._write(place, math.inf)
        fcntl.lockf(self._file, fcntl.LOCK_UN, *self._bytes(place))
        return False

    def _locked(self, place: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, *self._bytes(place))
        except OSError:
            return False
        return True

    def _write(self, place: int, number: float) -> None:
        _NUMBER.pack_into(self._numbers, place * _NUMBER.size, number)

    def _read(self, place: int) -> float:
        return float(_NUMBER.unpack_from(self._numbers, place * _NUMBER.size)[0])

    @staticmethod
    def _bytes(place: int) -> tuple[int, int]:
        return _NUMBER.size, place * _NUMBER.size
