"""Remove what nobody names: content without a row, drafts of killed processes, old uploads."""

import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction

from cuaso.foundation.files.logic import blobs
from cuaso.foundation.files.logic.store import LOCK
from cuaso.foundation.files.models import StoredFile, Upload
from cuaso.kernel import clock

YOUNG = timedelta(days=1)


def gc() -> int:
    """Remove orphans that are older than a day; return how many files left the disk.

    Content that is being stored again at this moment stays: storing and removing share a lock.
    """
    removed = _expired_uploads()
    removed += sum(_remove(path) for path in _old(blobs.parts_folder().glob("*.draft")))
    removed += sum(_remove(path) for path in _old(blobs.parts_folder().glob("*.part")))
    for folder in sorted(blobs.root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
        removed += _orphans(folder)
    return removed


def _expired_uploads() -> int:
    expired = Upload.objects.filter(expires_at__lte=clock.now())
    ids = list(expired.values_list("pk", flat=True))
    removed = sum(_remove(blobs.part(upload_id)) for upload_id in ids)
    expired.filter(pk__in=ids).delete()
    return removed


def _orphans(folder: Path) -> int:
    old = {path.name: path for path in _old(folder.iterdir())}
    if not old:
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return 0
        rows = StoredFile.objects.filter(sha256__in=list(old))
        named = set(rows.values_list("sha256", flat=True))
        # Looked at again under the lock: whoever stored it meanwhile made it young.
        orphans = list(_old(path for name, path in old.items() if name not in named))
        return sum(_remove(path) for path in orphans)


def _old(paths: Iterable[Path]) -> list[Path]:
    """Return the paths untouched for a day, by the clock of the disk."""
    limit = time.time() - YOUNG.total_seconds()
    return [path for path in paths if path.exists() and path.stat().st_mtime < limit]


def _remove(path: Path) -> int:
    try:
        path.unlink()
    except FileNotFoundError:
        return 0
    return 1
