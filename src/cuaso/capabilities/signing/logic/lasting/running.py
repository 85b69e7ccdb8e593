"""Run questions to authorities, and leave behind a name that is still being looked up."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

MOST_LOOKED_UP: Final = 32
T = TypeVar("T")


class _LookingUp(ThreadPoolExecutor):
    """Where names are looked up. Python cannot break off a look-up, and waits for it at the end of
    a loop: here it ends by itself, as long as the resolver takes.
    """

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 as above it
        super().shutdown(wait=False, cancel_futures=True)


def run(asking: Coroutine[Any, Any, T]) -> T:
    """Return what comes of it, as `asyncio.run`, however long a name takes to be looked up."""
    with asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(_LookingUp(MOST_LOOKED_UP))
        return runner.run(asking)
