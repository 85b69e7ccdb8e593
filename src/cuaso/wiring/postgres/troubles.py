"""What PostgreSQL complains about, in a sentence with the remedy."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cuaso.kernel.errors import Unavailable

# What a dead server leaves behind for a moment.
PASSING = ("lock file", "shared memory block", "is still in use", "could not access the server")


def may_pass(said: str) -> bool:
    """Tell whether waiting a little may help."""
    return any(sign in said for sign in PASSING)


def explain(*, said: str, folder: Path) -> Unavailable:
    """Return the refusal that fits what the programs printed."""
    if "No space left" in said:
        return disk_full(folder=folder, free=0)
    if "Permission denied" in said:
        return no_right(folder=folder)
    if "incompatible with server" in said or "was initialized by PostgreSQL" in said:
        return Unavailable(
            code="postgres.other_version",
            what="Cơ sở dữ liệu riêng do một phiên bản PostgreSQL khác tạo.",
            why=_tail(said),
            mend="Hãy dùng bản cũ để ./cuaso backup rồi ./cuaso restore sang bản mới.",
        )
    return Unavailable(
        code="postgres.will_not_start",
        what="Cơ sở dữ liệu riêng không khởi động được.",
        why=_tail(said),
        mend=f"Hãy đọc {folder / 'server.log'}; nếu dữ liệu hỏng, khôi phục bằng ./cuaso restore.",
    )


def disk_full(*, folder: Path, free: int) -> Unavailable:
    return Unavailable(
        code="postgres.disk_full",
        what=f"Ổ đĩa chứa {folder} đã gần đầy (còn {free // 1_000_000} MB).",
        why="Cơ sở dữ liệu cần ít nhất 300 MB trống để khởi động an toàn.",
        mend="Hãy dọn bớt ổ đĩa, hoặc đặt CUASO_VAR tới ổ đĩa còn chỗ, rồi chạy lại.",
    )


def no_right(*, folder: Path) -> Unavailable:
    return Unavailable(
        code="postgres.no_right",
        what=f"Không có quyền ghi vào {folder}.",
        why="Tài khoản đang chạy không sở hữu thư mục ấy.",
        mend="Hãy chạy bằng đúng tài khoản, hoặc đặt CUASO_VAR tới thư mục ghi được.",
    )


@contextmanager
def told(*, folder: Path) -> Iterator[None]:
    """Turn the operating system's errors about a folder into refusals."""
    try:
        yield
    except PermissionError as error:
        raise no_right(folder=Path(error.filename or folder)) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(folder=folder, free=0) from error
        if error.errno == errno.EROFS:
            raise no_right(folder=folder) from error
        raise


def _tail(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " · ".join(lines[-3:])[:500]
