from uuid import UUID

from django.db import transaction

from cuaso.kernel.actors import Actor, system
from cuaso.services.procedures.logic.course import deputies, steps
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier


@viewing.shown
def deliver(
    *, id: UUID, actor: Actor, version: int | None = None, to_name: str = ""
) -> viewing.Acted:
    """Hand the result over at the counter; `to_name` is who took it, the applicant when empty."""
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        _hand_over(dossier, actor=actor, to=to_name.strip() or dossier.applicant_name)
    return dossier, actor


def into_locker(dossier: Dossier) -> None:
    """Deliver an online dossier's result: it is already in the owner's locker."""
    _hand_over(
        dossier, actor=system("Cửa Số"), to=f"kho giấy tờ điện tử của {dossier.applicant_name}"
    )


def _hand_over(dossier: Dossier, *, actor: Actor, to: str) -> None:
    work = steps.waiting(dossier, "deliver", actor=actor)
    actor = deputies.acting(actor, work)
    dossier.status, dossier.delivery_state = Status.DELIVERED, "delivered"
    steps.advance(dossier, work, decision="delivered", actor=actor)
    notify.applicant(dossier, template="delivered")
    steps.finish_act(dossier, actor=actor, act="delivered", content={"to": to})
