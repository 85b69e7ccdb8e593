"""Tell the applicant, in the act's own transaction."""

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.messages.contracts import Recipient
from cuaso.foundation.directory import api as directory
from cuaso.kernel.subjects import Subject
from cuaso.services.procedures import api as procedures


def applicant(
    about: procedures.Affair,
    *,
    template: str,
    link: str,
    key: str,
    reason: str = "",
    due_at_words: str = "",
    agency_name: str = "",
) -> None:
    """Queue one message about a dossier to who submitted it; the same `key` is queued once."""
    person = directory.person(about.person_id)
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
            "procedure_title": about.procedure_title,
            "tracking_code": about.tracking_code,
            "dossier_code": about.dossier_code or about.tracking_code,
            "due_at_words": due_at_words,
            "reason": reason,
            "link": link,
            "agency_name": agency_name or directory.agency(about.agency_id).name,
        },
        subject=Subject(kind="procedures.dossier", id=about.id),
        key=key,
    )
