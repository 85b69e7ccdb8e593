"""Python's search for cycles, left alone while very many objects are made that stay."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: what is made has none that end before it does.

    Every search walks all that was made until then. It is the whole process that looks for none;
    blocks may stand in each other, and in other threads.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
