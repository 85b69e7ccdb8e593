"""The refusals of this engine, in the words that a citizen reads."""

from cuaso.kernel import disks
from cuaso.kernel.errors import Invalid, NotFound, Problem, Unavailable


def unacceptable(code: str, what: str, *, why: str = "", mend: str = "") -> Invalid:
    """Return the refusal of a file whose content or name will not do."""
    say = " ".join(part for part in (what, mend) if part)
    return Invalid(
        code=f"files.{code}",
        what=what,
        why=why,
        mend=mend,
        problems=(Problem(field="file", say=say),),
    )


def too_large(limit_bytes: int) -> Invalid:
    return unacceptable(
        "too_large",
        f"Tệp lớn hơn mức cho phép ({size_words(limit_bytes)}).",
        mend="Hãy giảm độ phân giải, tách thành nhiều tệp hoặc chọn tệp nhỏ hơn.",
    )


def not_found() -> NotFound:
    return NotFound(
        code="files.not_found",
        what="Không có tệp này.",
        why="Tệp không tồn tại, hoặc ngoài phạm vi được xem.",
    )


def disk_trouble(error: OSError) -> Unavailable:
    if disks.is_full(error):
        full = disks.full()
        return Unavailable(
            code="files.disk", what="Máy chủ chưa ghi được tệp.", why=full.why, mend=full.mend
        )
    return Unavailable(
        code="files.disk",
        what="Máy chủ chưa ghi được tệp.",
        why=f"Nơi chứa tệp báo lỗi: {error.strerror or error}.",
        mend="Hãy thử lại sau ít phút; nếu vẫn lỗi, hãy báo quản trị viên. Chưa có gì bị mất.",
    )


def size_words(size: int) -> str:
    """Return a size as people say it: 5 MB, 1,5 MB, 300 KB."""
    for unit, factor in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= factor:
            number = f"{size / factor:.1f}".removesuffix(".0")
            return f"{number.replace('.', ',')} {unit}"
    return f"{size} byte"
