"""Files by their owner: each owner has a row of their own, however many share the content."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import contracts
from cuaso.foundation.files.logic.info import as_file
from cuaso.foundation.files.models import StoredFile, Upload
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject


def owned(owner_id: UUID) -> tuple[contracts.StoredFile, ...]:
    """Return the files that the owner has sent, oldest first; what the house made is not theirs."""
    rows = StoredFile.objects.filter(owner_id=owner_id, made_by_house=False)
    return tuple(as_file(row) for row in rows.order_by("stored_at", "pk"))


def drop_made(*, actor: Actor, file_id: UUID, reason: str) -> None:
    """Take away one file that the house made; nothing happens when it is gone or is not such."""
    with transaction.atomic():
        rows = StoredFile.objects.select_for_update().filter(pk=file_id, made_by_house=True)
        for row in rows:
            audit.record(
                actor=actor,
                act="files.erased",
                subject=Subject(kind="files.file", id=row.pk),
                content={"sha256": row.sha256},
                reason=reason,
            )
            row.delete()


def drop_owned(*, actor: Actor, owner_id: UUID, keep: frozenset[UUID], reason: str) -> int:
    """Take the owner's rows away but those to keep; return how many.

    Content that another row still names stays on the disk; what nobody names any more is removed
    by `gc`.
    """
    with transaction.atomic():
        rows = StoredFile.objects.select_for_update().filter(owner_id=owner_id, made_by_house=False)
        gone = [row for row in rows if row.pk not in keep]
        for row in gone:
            audit.record(
                actor=actor,
                act="files.erased",
                subject=Subject(kind="files.file", id=row.pk),
                content={"sha256": row.sha256},
                reason=reason,
            )
        StoredFile.objects.filter(pk__in=[row.pk for row in gone]).delete()
        Upload.objects.filter(owner_id=owner_id).delete()
    return len(gone)
