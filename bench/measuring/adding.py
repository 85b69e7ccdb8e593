"""Load on a REST API that writes: a bounded number of connections, each adding without a pause."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from itertools import count

from bench.measuring.plain import Plain

Body = Mapping[str, object]


def times(
    url: str,
    path: str,
    make: Callable[[int], Body],
    *,
    headers: Mapping[str, str],
    seconds: float,
    at_once: int,
    first: int = 0,
) -> list[float]:
    """Post what `make` makes of a running number, from `first` on; return how long each took.

    Raises RuntimeError when an answer is neither 200 nor 201, or tells of a record refused among
    many.
    """
    numbers = count(first)
    until = time.perf_counter() + seconds
    hands = [Adding(url, path, make, numbers, dict(headers), until) for _ in range(at_once)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
        if one.trouble is not None:
            raise one.trouble
    return [each for one in hands for each in one.took]


class Adding(threading.Thread):
    """One connection that adds again and again; plain, so that the client costs little."""

    def __init__(  # noqa: PLR0917 what one connection needs
        self,
        url: str,
        path: str,
        make: Callable[[int], Body],
        numbers: "count[int]",
        headers: dict[str, str],
        until: float,
    ) -> None:
        super().__init__(daemon=True)
        self.took: list[float] = []
        self.trouble: Exception | None = None
        self._connection = Plain(url, {**headers, "Content-Type": "application/json"})
        self._path, self._make = path, make
        self._numbers, self._until = numbers, until

    def run(self) -> None:
        try:
            while (began := time.perf_counter()) < self._until:
                if self._add(json.dumps(self._make(next(self._numbers)))):
                    self.took.append(time.perf_counter() - began)
        except Exception as error:  # noqa: BLE001 raised again in the thread that waits
            self.trouble = error
        finally:
            self._connection.close()

    def _add(self, body: str) -> bool:
        """Add one; False where there is one of this number already."""
        status, said = self._connection.ask("POST", self._path, body.encode())
        if status == HTTPStatus.CONFLICT:
            return False
        if status not in {HTTPStatus.OK, HTTPStatus.CREATED} or b'"refused"' in said:
            told = said[:300].decode(errors="replace")
            message = f"{self._path} answered {status}: {told}"
            raise RuntimeError(message)
        return True
