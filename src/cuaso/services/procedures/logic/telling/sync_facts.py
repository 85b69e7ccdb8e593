from uuid import UUID

from cuaso.services.procedures.contracts import SyncFacts
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import rows
from cuaso.services.procedures.models import SupplementRequest


def sync_facts(id: UUID) -> SyncFacts:
    """Return where a dossier stands, for the house's own synchronisation; raise NotFound.

    Holds no form value and no name, so it asks no right; it is not for showing to people.
    """
    row = rows.dossier(id)
    if row is None:
        raise steps.unknown()
    result = rows.result(row)
    asked = (
        SupplementRequest.objects.filter(dossier=row, answered_at=None)
        .order_by("-asked_at")
        .first()
    )
    return SyncFacts(
        id=row.id,
        tracking_code=row.tracking_code,
        dossier_code=row.dossier_code or "",
        procedure_code=row.procedure.code,
        status=row.status,
        version=row.version,
        agency_id=row.agency_id,
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        finished_at=row.finished_at,
        reason=row.closed_reason,
        supplement_items=tuple(asked.items) if asked else (),
        supplement_reason=asked.reason if asked else "",
        result_state=result.state if result else "",
        result_title=result.title if result else "",
        result_number=result.number if result else "",
        result_date=result.number_date if result else None,
        result_file_id=result.final_file_id if result else None,
        sync_state=row.sync_state,
    )
