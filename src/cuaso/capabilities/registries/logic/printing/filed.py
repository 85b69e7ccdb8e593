"""A filed paper for whoever keeps it for its owner."""

from uuid import UUID

from cuaso.capabilities.registries.logic.printing.shapes import FiledPaper
from cuaso.capabilities.registries.models import Registry as RegistryRow
from cuaso.capabilities.registries.work_models import Paper
from cuaso.foundation.directory import api as directory


def filed_paper(*, id: UUID) -> FiledPaper | None:
    """Return a paper that was signed and filed, also one that has ended since; None for another."""
    paper = Paper.objects.filter(pk=id).first()
    if paper is None or paper.file_id is None or paper.issued_date is None:
        return None
    key = RegistryRow.objects.values_list("key", flat=True).get(pk=paper.registry_id)
    return FiledPaper(
        id=paper.id,
        registry=key,
        kind=paper.name,
        title=paper.title,
        number=paper.number,
        code=paper.code,
        owner_id=paper.owner_id,
        agency_id=paper.agency_id,
        agency_name=directory.agency(paper.agency_id).name,
        record_id=paper.record_id,
        issued_date=paper.issued_date,
        signer=paper.signer,
        file_id=paper.file_id,
        state=paper.state,
        ended_why=paper.ended_why,
    )
