from collections.abc import Collection, Iterator
from typing import Final, cast
from uuid import UUID

from django.conf import settings
from django.db import connection

from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import contracts
from cuaso.foundation.files.logic import blobs, refusals
from cuaso.foundation.files.models import StoredFile
from cuaso.kernel.errors import Conflict

# Asked for every paper: Django would think about it longer than PostgreSQL.
_NAMES: Final = tuple(str(one.attname) for one in StoredFile._meta.concrete_fields)  # noqa: SLF001 Django documents _meta as public
_BY_IDS: Final = f"select {', '.join(_NAMES)} from files_file where id = any(%s)"  # noqa: S608 our own column names


def info(file_id: UUID) -> contracts.StoredFile:
    """Return what is known of a file; raises NotFound."""
    return as_file(find(file_id))


def infos(file_ids: tuple[UUID, ...]) -> dict[UUID, contracts.StoredFile]:
    """Return what is known of several files, by id; unknown ids are left out."""
    return {row.pk: as_file(row) for row in _rows(list(file_ids))}


def alike(contents: Collection[tuple[str, str]]) -> tuple[contracts.StoredFile, ...]:
    """Return the files that open, of these names and SHA-256, oldest first, whoever has sent them:
    that they are there is told to nobody who may not read them.
    """
    rows = StoredFile.objects.filter(sha256__in={sha256 for _name, sha256 in contents})
    found = (as_file(row) for row in rows.order_by("stored_at", "pk"))
    return tuple(one for one in found if one.opens and (one.name, one.sha256) in contents)


def references(sha256: str) -> int:
    """Return how many files share this content."""
    return StoredFile.objects.filter(sha256=sha256).count()


def open_clean(file_id: UUID) -> Iterator[bytes]:
    """Return the content in chunks. Raises at once, before the first chunk: NotFound, Conflict
    unless the file is clean (or unscanned outside production). Raises Unavailable, maybe at the
    end, when the content is lost or damaged.
    """
    row = find(file_id)
    _check_opens(row)
    return blobs.read(row.sha256)


def read_clean(file_id: UUID) -> bytes:
    """Return the whole content; raises as `open_clean` does."""
    return b"".join(open_clean(file_id))


def _check_opens(row: StoredFile) -> None:
    if row.state == "clean" or (row.state == "unscanned" and settings.MODE != "production"):
        return
    raise Conflict(
        code=f"files.{row.state}",
        what=f"Chưa mở được tệp “{row.name}”."
        if row.state == "pending"
        else f"Tệp “{row.name}” không mở được.",
        why=row.say,
        data={"state": row.state},
    )


def find(file_id: UUID) -> StoredFile:
    for row in _rows([file_id]):
        return row
    raise refusals.not_found()


def _rows(file_ids: list[UUID]) -> list[StoredFile]:
    if not file_ids:
        return []
    with audit.planned() as cursor:
        cursor.execute(_BY_IDS, [file_ids])
        found = cursor.fetchall()
    return [StoredFile.from_db(connection.alias, _NAMES, values) for values in found]


def as_file(row: StoredFile) -> contracts.StoredFile:
    return contracts.StoredFile(
        id=row.id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        state=cast("contracts.State", row.state),
        say=row.say,
        owner_id=row.owner_id,
        stored_at=row.stored_at,
    )
