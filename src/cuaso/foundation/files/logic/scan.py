from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import contracts
from cuaso.foundation.files.logic import blobs, clamav
from cuaso.foundation.files.logic.info import as_file, find
from cuaso.foundation.files.models import StoredFile
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Unavailable
from cuaso.kernel.subjects import Subject

SCANNER = system("Máy quét mã độc")
WAITING = ("pending", "unscanned")
TOPIC = "files.scanned"


def scan(file_id: UUID) -> contracts.StoredFile:
    """Scan a file that waits and write its state down; a file that is decided stays as it is.

    Publishes `files.scanned` {file_id, state, say}. Raises NotFound, Unavailable while the
    scanner is down or none is installed (the file then still waits).
    """
    row = find(file_id)
    if row.state not in WAITING:
        return as_file(row)
    if not clamav.configured():
        raise Unavailable(
            code="files.no_scanner",
            what="Chưa cài máy quét mã độc.",
            mend="Quản trị viên: hãy cài ClamAV và đặt biến CUASO_CLAMAV.",
        )
    state, say = clamav.scan_stream(blobs.read(row.sha256))
    return _write_down(row.pk, state, say)


@transaction.atomic
def _write_down(file_id: UUID, state: str, say: str) -> contracts.StoredFile:
    row = StoredFile.objects.select_for_update().get(pk=file_id)
    if row.state not in WAITING:
        return as_file(row)
    row.state, row.say, row.scanned_at = state, say, clock.now()
    row.save(update_fields=["state", "say", "scanned_at"])
    subject = Subject(kind="files.file", id=row.pk)
    seen = {"file_id": row.pk, "state": state, "say": say}
    audit.record(actor=SCANNER, act="files.scanned", subject=subject, content=seen)
    audit.publish(topic=TOPIC, subject=subject, payload=seen, key=f"files.scanned:{row.pk}")
    return as_file(row)


def scan_waiting(limit: int = 100) -> int:
    """Scan the oldest files that wait, also those from before a scanner was installed; return how
    many were decided. Stops at the first sign that the scanner is down.
    """
    if not clamav.configured():
        return 0
    waiting = StoredFile.objects.filter(state__in=WAITING).order_by("stored_at")
    done = 0
    for file_id in list(waiting.values_list("pk", flat=True)[:limit]):
        try:
            scan(file_id)
        except Unavailable as refusal:
            if refusal.code == "files.scanner_silent":
                break
        else:
            done += 1
    return done
