"""Content on disk: one file for each SHA-256, two folders deep, never changed once there.

Content is written beside its place, synced and then renamed: whoever is killed in the middle
leaves a draft that `sweep` removes, never half a file under a hash.
"""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from cuaso.foundation.files.logic import refusals
from cuaso.kernel.errors import Unavailable
from cuaso.kernel.identifiers import new_id

CHUNK = 1 << 20
MODE = 0o640


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Content that is whole and on disk, but not yet in its place."""

    path: Path
    sha256: str
    size: int


def root() -> Path:
    return Path(settings.CUASO_FILES)


def place(sha256: str) -> Path:
    return root() / sha256[:2] / sha256[2:4] / sha256


def part(upload_id: UUID) -> Path:
    """Return where the bytes of an upload wait."""
    return parts_folder() / f"{upload_id}.part"


def parts_folder() -> Path:
    return root() / "parts"


@contextmanager
def drafting(chunks: Iterable[bytes], *, limit_bytes: int) -> Iterator[Draft]:
    """Write the chunks to a draft; when the block ends it is in its place or gone.

    Raises Invalid as soon as the limit is passed, Unavailable when the disk refuses.
    """
    path = parts_folder() / f"{new_id()}.draft"
    try:
        try:
            draft = _write(path, chunks, limit_bytes)
        except OSError as error:
            raise refusals.disk_trouble(error) from error
        yield draft
    finally:
        path.unlink(missing_ok=True)


def _write(path: Path, chunks: Iterable[bytes], limit_bytes: int) -> Draft:
    parts_folder().mkdir(parents=True, exist_ok=True, mode=0o750)
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE)
    with os.fdopen(handle, "wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > limit_bytes:
                raise refusals.too_large(limit_bytes)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Draft(path=path, sha256=digest.hexdigest(), size=size)


def measure(path: Path) -> Draft:
    """Return the draft that a finished part is."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Draft(path=path, sha256=digest.hexdigest(), size=size)


def settle(draft: Draft) -> None:
    """Put a draft in its place; content that is there already stays and is made young again."""
    target = place(draft.sha256)
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        if target.exists():
            now = time.time()
            os.utime(target, (now, now))
            draft.path.unlink()
            return
        draft.path.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise refusals.disk_trouble(error) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(sha256: str) -> Iterator[bytes]:
    """Yield the content in chunks; raise Unavailable when it is gone or no longer has its hash."""
    digest = hashlib.sha256()
    try:
        with place(sha256).open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                yield chunk
    except FileNotFoundError as error:
        raise _damaged("Nội dung của tệp không còn trên máy chủ.") from error
    except OSError as error:
        raise _damaged("Máy chủ không đọc được nội dung của tệp.") from error
    if digest.hexdigest() != sha256:
        raise _damaged("Nội dung của tệp trên máy chủ đã bị thay đổi.")


def _damaged(what: str) -> Unavailable:
    return Unavailable(
        code="files.damaged",
        what=what,
        mend="Hãy báo quản trị viên để lấy lại tệp từ bản sao lưu.",
    )
