"""Load on the house's pages: a bounded number of connections, each asking again and again."""

import threading
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import cycle, islice

import httpx

from bench.measuring.plain import Plain
from cuaso.wiring.running_house import RunningHouse


def times(
    house: RunningHouse,
    paths: Sequence[str],
    *,
    seconds: float,
    at_once: int,
    person: httpx.Client | None = None,
) -> list[float]:
    """Ask for the paths in turn over `at_once` connections, which begin apart; return
    how long each answer took.

    Raises RuntimeError when an answer is not 200.
    """
    cookies = person.cookies.items() if person else ()
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies)}
    until = time.perf_counter() + seconds
    asked = [
        Asking(
            house.url,
            _from(paths, number * max(1, len(paths) // at_once)),
            headers=headers,
            until=until,
        )
        for number in range(at_once)
    ]
    for one in asked:
        one.start()
    for one in asked:
        one.join()
        if one.trouble is not None:
            raise one.trouble
    return [each for one in asked for each in one.took]


def _from(paths: Sequence[str], begin: int) -> list[str]:
    return list(islice(cycle(paths), begin, begin + len(paths)))


class Asking(threading.Thread):
    """One connection that asks again and again; plain, so that the client costs little."""

    def __init__(
        self, url: str, paths: Sequence[str], *, headers: Mapping[str, str], until: float
    ) -> None:
        super().__init__(daemon=True)
        self.took: list[float] = []
        self.trouble: Exception | None = None
        self._connection = Plain(url, headers)
        self._paths, self._until = cycle(paths), until

    def run(self) -> None:
        try:
            while (began := time.perf_counter()) < self._until:
                self._ask(next(self._paths))
                self.took.append(time.perf_counter() - began)
        except Exception as error:  # noqa: BLE001 raised again in the thread that waits
            self.trouble = error
        finally:
            self._connection.close()

    def _ask(self, path: str) -> None:
        status, _ = self._connection.ask("GET", path)
        if status != HTTPStatus.OK:
            message = f"{path} answered {status}"
            raise RuntimeError(message)
