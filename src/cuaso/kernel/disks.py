"""Whether something failed since a disk is full, whoever noticed it, and what is said then."""

import errno
from typing import Final

from cuaso.kernel.errors import Unavailable

_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
# PostgreSQL's own name for it: disk_full.
_SQLSTATE: Final = "53100"


def is_full(error: BaseException | None) -> bool:
    """Say whether an error, or what it came from, is that of a full disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if getattr(error, "sqlstate", "") == _SQLSTATE:
            return True
        error = error.__cause__ or error.__context__
    return False


def full() -> Unavailable:
    """Return the refusal of an act for which there was no room."""
    return Unavailable(
        code="house.disk_full",
        what="Máy chủ chưa ghi được việc này.",
        why="Ổ đĩa của máy chủ đã hết chỗ.",
        mend="Hãy báo quản trị viên dọn ổ đĩa rồi làm lại. Chưa có gì bị mất hay ghi một nửa.",
    )
