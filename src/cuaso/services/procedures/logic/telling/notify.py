"""Tell the applicant, in the act's own transaction; sending happens later, by itself."""

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.messages.contracts import Recipient
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.kernel import clock
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter.address import public_url
from cuaso.services.procedures.logic.telling import co_applicants
from cuaso.services.procedures.models import Dossier

COPY = "{to} (đồng gửi ông/bà {copy}, người cùng nộp hồ sơ)"


def applicant(dossier: Dossier, *, template: str, reason: str = "", occasion: str = "") -> None:
    """Queue one message about the dossier; the same event of the same version is queued once.

    Who applies together reads a copy that says to whom the message went. `occasion` names what
    happens without a new version of the dossier.
    """
    person = directory.person(dossier.person_id)
    agency = directory.agency(dossier.agency_id)
    context = {
        "applicant_name": person.name,
        "procedure_title": dossier.procedure.title,
        "tracking_code": dossier.tracking_code,
        "dossier_code": dossier.dossier_code or "",
        "due_at_words": due_words(dossier),
        "reason": reason,
        "link": public_url(f"/ho-so/{dossier.tracking_code}/"),
        "agency_name": agency.name,
    }
    key = f"{template}:{dossier.id}:{occasion or dossier.version}"
    messages.send(
        template=template,
        to=_recipient(person),
        context=context,
        subject=steps.subject(dossier),
        key=key,
    )
    for row_id, other in co_applicants.people(dossier):
        messages.send(
            template=template,
            to=_recipient(other),
            context={**context, "applicant_name": COPY.format(to=person.name, copy=other.name)},
            # Of their own, so that the dossier's page shows each letter once.
            subject=Subject(kind="procedures.co_applicant", id=row_id),
            key=f"{key}:{other.id}",
        )


def _recipient(person: Person) -> Recipient:
    return Recipient(
        person_id=person.id,
        name=person.name,
        email=person.email,
        phone=person.phone,
        language="vi",
    )


def due_words(dossier: Dossier) -> str:
    """Return the due moment as people say it, empty when there is none."""
    if dossier.due_at is None:
        return ""
    local = dossier.due_at.astimezone(clock.VIETNAM)
    return f"{local:%H} giờ {local:%M} ngày {local:%d/%m/%Y}"
