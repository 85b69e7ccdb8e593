from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.conf import settings

from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Written
from cuaso.foundation.files import contracts
from cuaso.foundation.files.jobs import scan_file
from cuaso.foundation.files.logic import blobs, clamav, pdf_lock
from cuaso.foundation.files.logic.examine import examine
from cuaso.foundation.files.logic.info import as_file
from cuaso.foundation.files.logic.names import clean_name
from cuaso.foundation.files.models import StoredFile
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

KIND = "files.file"
LOCK = 0x66_69_6C_65  # "file": shared by whoever stores, alone for whoever sweeps
# Every paper is stored by this: Django would think about it longer than PostgreSQL.
_COLUMNS: Final = (
    *("id", "name", "media_type", "size", "sha256", "state", "say", "owner_id"),
    *("made_by_house", "stored_at"),
)
_ROW: Final = (
    f"insert into files_file ({', '.join(_COLUMNS)}) values ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608 our own column names
)
WAITS = "Tệp đang chờ quét mã độc, thường xong trong một phút."
UNSCANNED = "Tệp chưa được quét mã độc vì chưa cài máy quét. Chỉ mở khi tin nguồn gửi."
LOCKED = "Tệp PDF có mật khẩu nên không ai khác mở được. Hãy gửi lại bản không đặt mật khẩu."


def store(
    *,
    actor: Actor,
    name: str,
    declared_type: str,
    chunks: Iterable[bytes],
    limit_bytes: int,
    allowed: frozenset[str],
    owner_id: UUID | None = None,
) -> contracts.StoredFile:
    """Take a file in, streamed; its content decides its type. It is scanned after the commit.

    Raises Invalid (too large, empty, a program, not what it claims, not allowed) and Unavailable
    (disk); then no row, no content and no draft is left.
    """
    with blobs.drafting(chunks, limit_bytes=limit_bytes) as draft:
        media_type = examine(draft.path, name=name, declared_type=declared_type, allowed=allowed)
        return keep(actor=actor, draft=draft, name=name, media_type=media_type, owner_id=owner_id)


def store_bytes(
    *,
    actor: Actor,
    name: str,
    media_type: str,
    content: bytes,
    made_by_house: bool = True,
    owner_id: UUID | None = None,
) -> contracts.StoredFile:
    """Store what is in memory. What the house made itself is clean at once; anything else is
    examined and scanned as an upload is.
    """
    if not made_by_house:
        return store(
            actor=actor,
            name=name,
            declared_type=media_type,
            chunks=[content],
            limit_bytes=len(content),
            allowed=contracts.EVERY_TYPE,
            owner_id=owner_id,
        )
    with blobs.drafting([content], limit_bytes=len(content)) as draft, audit.joining():
        return _insert(
            actor=actor,
            draft=draft,
            name=clean_name(name, media_type),
            media_type=media_type,
            owner_id=owner_id,
            state="clean",
            say="",
            made_by_house=True,
        )


def keep(
    *, actor: Actor, draft: blobs.Draft, name: str, media_type: str, owner_id: UUID | None
) -> contracts.StoredFile:
    """Put an examined draft in its place and give it a row."""
    state, say = first_state(draft, media_type)
    with audit.joining():
        stored = _insert(
            actor=actor,
            draft=draft,
            name=clean_name(name, media_type),
            media_type=media_type,
            owner_id=owner_id,
            state=state,
            say=say,
            made_by_house=False,
        )
        if state == "pending":
            scan_file.defer(file_id=str(stored.id))
    return stored


def first_state(draft: blobs.Draft, media_type: str) -> tuple[contracts.State, str]:
    if media_type == contracts.PDF and pdf_lock.needs_password(draft.path):
        return "unscannable", LOCKED
    if clamav.configured() or settings.MODE == "production":
        return "pending", WAITS
    return "unscanned", UNSCANNED


def _insert(
    *,
    actor: Actor,
    draft: blobs.Draft,
    name: str,
    media_type: str,
    owner_id: UUID | None,
    state: contracts.State,
    say: str,
    made_by_house: bool,
) -> contracts.StoredFile:
    with audit.planned() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    blobs.settle(draft)
    row = StoredFile(
        name=name,
        media_type=media_type,
        size=draft.size,
        sha256=draft.sha256,
        state=state,
        say=say,
        owner_id=owner_id,
        made_by_house=made_by_house,
        stored_at=clock.now(),
    )
    audit.record(
        actor=actor,
        act="files.stored",
        subject=Subject(kind=KIND, id=row.id),
        content={
            "name": name,
            "media_type": media_type,
            "size": draft.size,
            "sha256": draft.sha256,
            "state": state,
            "owner_id": owner_id,
            "made_by_house": made_by_house,
        },
        beside=[Written(statement=_ROW, values=[getattr(row, column) for column in _COLUMNS])],
    )
    return as_file(row)
