"""When an agency ended, its dossiers go on at the one that took over, by themselves."""

from uuid import UUID

import structlog
from django.db import transaction

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.services.procedures.act_models import Transfer
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Consultation, Dossier, Work

HOUSE = system("Cửa Số")
MOST_A_TURN = 200

log = structlog.get_logger("cuaso.procedures")


def hand_to_heirs() -> int:
    """Hand what stands at agencies that have ended to the one agency that took each over; return
    how many dossiers went, open ones first.

    Each dossier is a transaction of its own: what fails is logged and stops no other. An agency
    that several took over is left: a person must say who goes on with what.
    """
    heirs = dict(directory.heirs())
    went = 0
    for id in _standing_at(set(heirs)):
        try:
            went += _hand_over(id, heirs)
        except Exception:
            log.exception("a dossier was not handed to the heir of its agency", dossier_id=str(id))
    return went


def _standing_at(ended: set[UUID]) -> list[UUID]:
    if not ended:
        return []
    waiting = Work.objects.filter(done_at=None, agency_id__in=ended)
    asked = Consultation.objects.filter(answered_at=None, agency_id__in=ended)
    found = {
        *waiting.values_list("dossier_id", flat=True)[:MOST_A_TURN],
        *asked.values_list("dossier_id", flat=True)[:MOST_A_TURN],
    }
    if len(found) < MOST_A_TURN:
        held = Dossier.objects.filter(agency_id__in=ended).order_by()
        found |= set(held.values_list("id", flat=True)[: MOST_A_TURN - len(found)])
    return sorted(found)


@transaction.atomic
def _hand_over(id: UUID, heirs: dict[UUID, Agency]) -> int:
    dossier = steps.locked(id=id, actor=HOUSE, act="work")
    came_from = directory.agency(dossier.agency_id)
    heir = heirs.get(dossier.agency_id)
    moved = _pass_on_works(dossier, heirs) + _pass_on_questions(dossier, heirs)
    if not moved and heir is None:
        return 0
    content: dict[str, object] = {"works": moved}
    reason = "Cơ quan được tổ chức lại."
    if heir is not None:
        reason = f"{came_from.name} được tổ chức lại; {heir.name} làm tiếp."
        _keep_move(dossier, heir, reason)
        content |= {"from": came_from.name, "to": heir.name, "agency_id": str(heir.id)}
    if dossier.signing_agency_id in heirs:
        dossier.signing_agency_id = heirs[dossier.signing_agency_id].id
    if heir is not None and dossier.finished_at is None:
        notify.applicant(dossier, template="transferred", reason=reason)
    steps.finish_act(dossier, actor=HOUSE, act="inherited", content=content, reason=reason)
    return 1


def _keep_move(dossier: Dossier, heir: Agency, reason: str) -> None:
    Transfer.objects.create(
        dossier=dossier,
        from_agency_id=dossier.agency_id,
        to_agency_id=heir.id,
        reason=reason,
        moved_by=HOUSE.name,
        moved_at=clock.now(),
        inherited=True,
    )
    dossier.agency_id = heir.id


def _pass_on_works(dossier: Dossier, heirs: dict[UUID, Agency]) -> int:
    """Let open steps wait at the heirs; what was done stays where it was done."""
    moved = 0
    for work in dossier.works.filter(done_at=None, agency_id__in=set(heirs)):
        heir = heirs[work.agency_id or dossier.agency_id]
        desk = directory.one_stop_centre(heir.id) if work.role == "reception" else heir
        work.agency_id = desk.id
        work.post_id, work.delegated_by_id = None, None
        work.save(update_fields=["agency_id", "post_id", "delegated_by_id"])
        moved += 1
    return moved


def _pass_on_questions(dossier: Dossier, heirs: dict[UUID, Agency]) -> int:
    asked = Consultation.objects.filter(dossier=dossier, answered_at=None, agency_id__in=set(heirs))
    for one in asked:
        one.agency_id = heirs[one.agency_id].id
        one.save(update_fields=["agency_id"])
    return len(asked)
