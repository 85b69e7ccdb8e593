"""What the locker does when something happened elsewhere: papers find their owners."""

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import FiledPaper
from cuaso.foundation.audit.contracts import Event
from cuaso.kernel.actors import system
from cuaso.services.locker.contracts import Provenance
from cuaso.services.locker.logic.end import end
from cuaso.services.locker.logic.keep import keep
from cuaso.services.locker.logic.replace import replace
from cuaso.services.locker.models import Paper

HOUSE = system("Cửa Số")
LONGEST = 60


def on_record_paper_filed(event: Event) -> None:
    """A paper of a registry's record was signed and filed: its owner, when there is one, has it."""
    paper = registries.filed_paper(id=event.subject.id)
    if paper is None or paper.owner_id is None:
        return
    keep(
        owner_id=paper.owner_id,
        kind=paper.kind,
        title=paper.title,
        file_id=paper.file_id,
        provenance=Provenance(
            agency_id=paper.agency_id,
            agency_name=paper.agency_name,
            dossier_id=paper.id,
            dossier_code=paper.number[:LONGEST],
            number=paper.number[:LONGEST],
            issued_date=paper.issued_date,
            signed_by=paper.signer,
        ),
        verify_code=paper.code,
        valid_until=None,
        actor=HOUSE,
    )
    _catch_up(paper)


def on_record_paper_ended(event: Event) -> None:
    """A filed paper was replaced or taken back: its owner keeps it, marked."""
    paper = registries.filed_paper(id=event.subject.id)
    if paper is not None and Paper.objects.filter(verify_code=paper.code).exists():
        _catch_up(paper)


def _catch_up(paper: FiledPaper) -> None:
    """Mark what is no longer in force; the order in which the events come does not matter."""
    if paper.state == "replaced":
        replace(verify_code=paper.code, by_number=paper.number, actor=HOUSE)
    elif paper.state == "revoked":
        end(verify_code=paper.code, reason=paper.ended_why, actor=HOUSE)
