"""A file in several sendings: begin, append at the offset, finish. It expires after a day."""

import fcntl
import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.db import transaction

from cuaso.foundation.files import contracts
from cuaso.foundation.files.logic import blobs, refusals
from cuaso.foundation.files.logic.examine import examine
from cuaso.foundation.files.logic.info import info
from cuaso.foundation.files.logic.names import claimed_types
from cuaso.foundation.files.logic.store import keep
from cuaso.foundation.files.models import Upload
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, TooMany

LIFE = timedelta(hours=24)
MOST_OPEN = 30


def begin(
    *,
    actor: Actor,
    name: str,
    declared_type: str,
    size: int,
    limit_bytes: int,
    allowed: frozenset[str],
    owner_id: UUID | None = None,
) -> contracts.Upload:
    """Open an upload of `size` bytes. Raises Invalid for a size or name that will not do,
    TooMany when the person has thirty uploads open.
    """
    if size > limit_bytes:
        raise refusals.too_large(limit_bytes)
    if size <= 0:
        raise refusals.unacceptable("empty", "Tệp không có nội dung.", mend="Hãy chọn tệp khác.")
    claimed_types(name, declared_type)
    now = clock.now()
    _check_open(actor)
    row = Upload.objects.create(
        name=name,
        declared_type=declared_type,
        allowed=sorted(allowed),
        size=size,
        person_id=actor.person_id,
        owner_id=owner_id,
        begun_at=now,
        expires_at=now + LIFE,
    )
    return as_upload(row)


def _check_open(actor: Actor) -> None:
    mine = Upload.objects.filter(
        person_id=actor.person_id, expires_at__gt=clock.now(), file_id__isnull=True
    )
    if actor.person_id and mine.count() >= MOST_OPEN:
        raise TooMany(
            code="files.too_many_uploads",
            what="Đang gửi dở quá nhiều tệp.",
            mend="Hãy gửi nốt các tệp dở, hoặc đợi đến ngày mai.",
        )


def upload(*, actor: Actor, upload_id: UUID) -> contracts.Upload:
    """Return how far an upload has come; raises NotFound once it has expired."""
    return as_upload(_find(actor, upload_id))


def append(
    *, actor: Actor, upload_id: UUID, offset: int, chunks: Iterable[bytes]
) -> contracts.Upload:
    """Write chunks at `offset`, which must be where the last sending ended.

    What arrived stays even when the sender breaks off in the middle. Raises Conflict with
    `data["expected"]` for another offset, Conflict while another sending is under way, Invalid
    past the announced size.
    """
    row = _find(actor, upload_id)
    path = blobs.part(upload_id)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, blobs.MODE), "r+b") as file:
            _lock(file)
            row.refresh_from_db()
            _check_offset(row, offset)
            _write(file, row, chunks)
    except OSError as error:
        raise refusals.disk_trouble(error) from error
    return as_upload(row)


def _lock(file: IO[bytes]) -> None:
    """Hold the part; the lock ends with the process, so whoever is killed blocks nobody."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Conflict(
            code="files.upload_busy",
            what="Tệp này đang được gửi từ nơi khác.",
            mend="Hãy đợi lần gửi kia xong rồi thử lại.",
        ) from error


def _check_offset(row: Upload, offset: int) -> None:
    if row.file_id is None and offset == row.received:
        return
    raise Conflict(
        code="files.wrong_offset",
        what="Phần gửi không nối tiếp phần đã nhận.",
        mend=f"Hãy gửi tiếp từ byte {row.received}.",
        data={"expected": row.received},
    )


def _write(file: IO[bytes], row: Upload, chunks: Iterable[bytes]) -> None:
    # Bytes past `received` are from a process that was killed before it could count them.
    file.truncate(row.received)
    file.seek(row.received)
    received = row.received
    try:
        for chunk in chunks:
            if received + len(chunk) > row.size:
                raise refusals.too_large(row.size)
            file.write(chunk)
            received += len(chunk)
    finally:
        file.flush()
        os.fsync(file.fileno())
        row.received = received
        row.save(update_fields=["received"])


def finish(*, actor: Actor, upload_id: UUID) -> contracts.StoredFile:
    """Make the stored file of a complete upload; a second call returns the same file.

    Raises Conflict with `data["expected"]` while bytes are missing, and what `store` raises
    for the content; the upload then stays until it expires.
    """
    path = blobs.part(upload_id)
    with transaction.atomic():
        row = _find(actor, upload_id, lock=True)
        if row.file_id:
            return info(row.file_id)
        if row.received != row.size:
            raise Conflict(
                code="files.upload_incomplete",
                what="Tệp chưa được gửi đủ.",
                mend=f"Hãy gửi tiếp từ byte {row.received}.",
                data={"expected": row.received},
            )
        stored = _take_in(actor, row, path)
        row.file_id = stored.id
        row.save(update_fields=["file_id"])
    path.unlink(missing_ok=True)
    return stored


def _take_in(actor: Actor, row: Upload, path: Path) -> contracts.StoredFile:
    """Copy the part in: a transaction that is rolled back must find it again."""
    media_type = examine(
        path, name=row.name, declared_type=row.declared_type, allowed=frozenset(row.allowed)
    )
    with path.open("rb") as file, blobs.drafting(_chunks(file), limit_bytes=row.size) as draft:
        return keep(
            actor=actor,
            draft=draft,
            name=row.name,
            media_type=media_type,
            owner_id=row.owner_id,
        )


def _chunks(file: IO[bytes]) -> Iterable[bytes]:
    while chunk := file.read(blobs.CHUNK):
        yield chunk


def _find(actor: Actor, upload_id: UUID, *, lock: bool = False) -> Upload:
    rows = Upload.objects.select_for_update() if lock else Upload.objects
    row = rows.filter(pk=upload_id, expires_at__gt=clock.now()).first()
    if row is None or row.person_id != actor.person_id:
        raise refusals.not_found()
    return row


def as_upload(row: Upload) -> contracts.Upload:
    return contracts.Upload(
        id=row.id,
        name=row.name,
        size=row.size,
        received=row.received,
        expires_at=row.expires_at,
        file_id=row.file_id,
    )
