from datetime import datetime
from uuid import UUID

from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.services.national_portal.logic import wire
from cuaso.services.national_portal.models import Link, Update
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import SyncFacts


def note_moved(*, dossier_id: UUID, version: int, status: int, at: datetime) -> None:
    """Queue what the portal must know, in the transaction of the event's delivery.

    Nothing is queued when what there is to say was said last, nor while a corrected result is on
    its way: the issued one stands until then. What is queued is fixed: a later try says the same.
    """
    facts = procedures.sync_facts(dossier_id)
    if status in wire.FINISHED and facts.result_state not in wire.ISSUED:
        return
    link = _link(facts)
    file_id = facts.result_file_id if status in wire.FINISHED else None
    said = wire.standing(
        facts,
        status=status,
        agency_code=directory.agency(facts.agency_id).code,
        file_sha256=files.info(file_id).sha256 if file_id else "",
    )
    sha256 = wire.sha256_of(said)
    last = Update.objects.filter(link=link).order_by("-version").first()
    if last is not None and (last.said_sha256 == sha256 or last.version >= version):
        return
    Update.objects.create(
        link=link,
        version=version,
        status=status,
        said=wire.update(said=said, version=version, at=at),
        said_sha256=sha256,
        file_id=file_id,
        next_try_at=clock.now(),
        made_at=clock.now(),
    )
    if last is None or last.state != "failed":
        procedures.note_sync(id=dossier_id, state="waiting")


def _link(facts: SyncFacts) -> Link:
    """Return how the portal knows the dossier; one submitted here is told under our own code."""
    link, _ = Link.objects.get_or_create(
        dossier_id=facts.id,
        defaults={"code": facts.tracking_code, "origin": "here", "made_at": clock.now()},
    )
    return link
