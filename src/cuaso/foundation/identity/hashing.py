"""Argon2id at OWASP's parameters, with a bounded number of hashes at once."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher

from cuaso.kernel.errors import TooMany

WAIT_SECONDS = 1.0
# In one process; each holds `memory_cost` KiB for as long as it lasts.
AT_ONCE = max(2, os.cpu_count() or 2)

_slots = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _slot() -> Iterator[None]:
    """Hold one of the slots; refuse rather than let a queue grow."""
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise TooMany(
            code="identity.busy",
            what="Chưa kiểm tra được mật khẩu.",
            why="Đang có quá nhiều người đăng nhập cùng lúc.",
            mend="Hãy thử lại sau vài giây.",
        )
    try:
        yield
    finally:
        _slots.release()


class BoundedArgon2(Argon2PasswordHasher):
    """Argon2id with t=5, m=7 MiB, p=1.

    One of the equivalent settings of OWASP's Password Storage Cheat Sheet, and Keycloak's: about
    17 ms of one core a check, the least of the five, where Django's default takes 100 MiB and many
    times as long. The small memory keeps a burst of sign-ins from being a burst of memory.
    """

    time_cost = 5
    memory_cost = 7168
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _slot():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _slot():
            return super().verify(password, encoded)
