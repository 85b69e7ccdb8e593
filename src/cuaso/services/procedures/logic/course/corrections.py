"""The way of a result that replaces an issued one: the flow has ended, so it goes beside it."""

from collections.abc import Mapping
from uuid import UUID

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.identifiers import new_id
from cuaso.services.procedures.models import Dossier, Work

CORRECT = "correct"
# Element -> the role that does it, and its title.
STEPS: Mapping[str, tuple[str, str]] = {
    CORRECT: ("handler", "Sửa lại bản đính chính"),
    "approve": ("leader", "Ký bản đính chính"),
    "seal": ("clerk", "Cấp số, đóng dấu bản đính chính"),
    "deliver": ("reception", "Trả bản đính chính"),
}
# Element and decision -> the element that follows; what is not here ends the way.
WAY: Mapping[tuple[str, str], str] = {
    (CORRECT, "propose"): "approve",
    ("approve", "approve"): "seal",
    ("approve", "return"): CORRECT,
    ("seal", "sealed"): "deliver",
}


def go_on(dossier: Dossier, work: Work, *, decision: str) -> None:
    """Open the step that follows one which was done."""
    element = WAY.get((work.element, decision))
    if element == "deliver" and not _to_hand_over(dossier):
        return
    if element is not None:
        open_step(dossier, element)


def open_step(dossier: Dossier, element: str) -> Work:
    """Open one step of a correction."""
    role, title = STEPS[element]
    return Work.objects.create(
        dossier=dossier,
        task_id=new_id(),
        element=element,
        title=title,
        role=role,
        agency_id=_agency(dossier, role),
        off_flow=True,
        submitted_at=dossier.submitted_at,
        since_at=clock.now(),
    )


def _to_hand_over(dossier: Dossier) -> bool:
    """Say whether somebody must hand the paper over: not online, nor where that waits anyway."""
    waits = dossier.works.filter(done_at=None, element="deliver").exists()
    return dossier.channel != "online" and not waits


def _agency(dossier: Dossier, role: str) -> UUID:
    if role == "reception":
        return dossier.received_agency_id or directory.one_stop_centre(dossier.agency_id).id
    if role in ("leader", "clerk"):
        return dossier.signing_agency_id or dossier.agency_id
    return dossier.agency_id
