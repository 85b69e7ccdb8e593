from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject
from cuaso.services.feedback.logic import link, telling
from cuaso.services.feedback.models import Rating
from cuaso.services.procedures import api as procedures

HOUSE = system("Cửa Số")


def ask_rating(*, dossier_id: UUID) -> None:
    """Ask the applicant of a delivered dossier how they were served; once a dossier.

    A dossier that is not delivered is not asked about: the event may be older than the state.
    """
    about = procedures.affair(dossier_id)
    if not about.delivered:
        return
    with transaction.atomic():
        asked, fresh = Rating.objects.get_or_create(
            dossier_id=about.id,
            defaults={
                "agency_id": about.agency_id,
                "procedure_code": about.procedure_code,
                "party_id": about.party_id,
                "late": about.late,
                "asked_at": clock.now(),
            },
        )
        if not fresh:
            return
        telling.applicant(
            about,
            template="rating_asked",
            link=link.address(about.id),
            key=f"rating_asked:{about.id}",
        )
        audit.record(
            actor=HOUSE,
            act="feedback.rating_asked",
            subject=Subject(kind="feedback.rating", id=asked.id),
            content={"dossier": about.id, "late": about.late},
        )
