"""Tell the applicant, in the act's own transaction; sending happens later, by itself."""

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.messages.contracts import Recipient
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.services.procedures.logic import steps
from cuaso.services.procedures.logic.address import public_url
from cuaso.services.procedures.models import Dossier


def applicant(dossier: Dossier, *, template: str, reason: str = "", occasion: str = "") -> None:
    """Queue one message about the dossier; the same event of the same version is queued once.

    `occasion` names what happens without a new version of the dossier.
    """
    person = directory.person(dossier.person_id)
    agency = directory.agency(dossier.agency_id)
    messages.send(
        template=template,
        to=Recipient(
            person_id=person.id,
            name=person.name,
            email=person.email,
            phone=person.phone,
            language="vi",
        ),
        context={
            "applicant_name": person.name,
            "procedure_title": dossier.procedure.title,
            "tracking_code": dossier.tracking_code,
            "dossier_code": dossier.dossier_code or "",
            "due_at_words": due_words(dossier),
            "reason": reason,
            "link": public_url(f"/ho-so/{dossier.tracking_code}/"),
            "agency_name": agency.name,
        },
        subject=steps.subject(dossier),
        key=f"{template}:{dossier.id}:{occasion or dossier.version}",
    )


def due_words(dossier: Dossier) -> str:
    """Return the due moment as people say it, empty when there is none."""
    if dossier.due_at is None:
        return ""
    local = dossier.due_at.astimezone(clock.VIETNAM)
    return f"{local:%H} giờ {local:%M} ngày {local:%d/%m/%Y}"
