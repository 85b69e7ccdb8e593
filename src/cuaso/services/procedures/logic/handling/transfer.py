"""Send a dossier to the agency that is competent, and back; the due moment does not change."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.identifiers import new_id
from cuaso.services.procedures.act_models import Transfer
from cuaso.services.procedures.logic.course import standing, steps
from cuaso.services.procedures.logic.desk import refuse
from cuaso.services.procedures.logic.handling import consult
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.telling import notify
from cuaso.services.procedures.models import Dossier, Work

SETTLERS = frozenset({"handler", "leader"})


@viewing.shown
def transfer(
    *, id: UUID, agency_id: UUID, reason: str, actor: Actor, version: int | None = None
) -> viewing.Acted:
    """Send a dossier to another agency: its open steps and the competence move, the desk that
    received it stays.

    Refused: an agency where nobody handles, a dossier beyond its examination or whose clock
    stands, no reason. Reception may do it until the dossier is received.
    Source: decree 118/2025/NĐ-CP, article 14.
    """
    reason = refuse.require_reason(reason)
    with transaction.atomic():
        dossier = _locked(id=id, actor=actor, version=version)
        _require_fit(dossier, agency_id)
        Transfer.objects.create(
            dossier=dossier,
            from_agency_id=dossier.agency_id,
            to_agency_id=agency_id,
            reason=reason,
            moved_by=actor.name,
            moved_at=clock.now(),
        )
        _move(dossier, to=agency_id, reason=reason, act="transferred", actor=actor)
    return dossier, actor


@viewing.shown
def hand_back(*, id: UUID, reason: str, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Send a dossier back to the agency from which it came. Refused: it came from none."""
    reason = refuse.require_reason(reason)
    with transaction.atomic():
        dossier = _locked(id=id, actor=actor, version=version)
        came = standing.last_arrival(dossier)
        if came is None:
            raise Conflict(
                code="procedures.nothing_to_hand_back",
                what="Chưa chuyển trả được hồ sơ.",
                why="Hồ sơ này không do cơ quan khác chuyển đến.",
                mend="Nếu không đúng thẩm quyền, hãy chuyển đến cơ quan có thẩm quyền.",
            )
        came.handed_back_at, came.handed_back_by = clock.now(), actor.name
        came.hand_back_reason = reason
        came.save(update_fields=["handed_back_at", "handed_back_by", "hand_back_reason"])
        heir = directory.heirs().get(came.from_agency_id)
        back_to = heir.id if heir else came.from_agency_id
        _move(dossier, to=back_to, reason=reason, act="handed_back", actor=actor)
    return dossier, actor


def transferable(*, id: UUID, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """Return the agencies to which the actor may send the dossier."""
    with transaction.atomic():
        return consult.askable(_locked(id=id, actor=actor, version=None))


def _locked(*, id: UUID, actor: Actor, version: int | None) -> Dossier:
    act = "settle" if actor.roles & SETTLERS else "work"
    dossier = steps.locked(id=id, actor=actor, act=act, version=version)
    standing.require_open(dossier)
    standing.require_running(dossier)
    standing.require_at(dossier, standing.MOVES_AT)
    if act == "work":
        steps.waiting(dossier, "receive", actor=actor)
    return dossier


def _require_fit(dossier: Dossier, agency_id: UUID) -> None:
    if agency_id in {id for id, _ in consult.askable(dossier)}:
        return
    say = "Hãy chọn cơ quan trong danh sách."
    raise Invalid(
        code="procedures.agency_unfit",
        what="Chưa chuyển được hồ sơ.",
        why="Cơ quan được chọn không giải quyết được: là chính cơ quan đang giải quyết, "
        "hoặc chưa có cán bộ thẩm tra trên hệ thống.",
        mend=say,
        problems=(Problem(field="agency_id", say=say),),
    )


def _move(dossier: Dossier, *, to: UUID, reason: str, act: str, actor: Actor) -> None:
    was, dossier.agency_id = dossier.agency_id, to
    for work in dossier.works.filter(done_at=None):
        _pass_on(dossier, work, actor=actor)
    notify.applicant(dossier, template="transferred", reason=reason)
    steps.finish_act(
        dossier,
        actor=actor,
        act=act,
        content={
            "from": directory.agency(was).name,
            "to": directory.agency(to).name,
            "agency_id": str(to),
        },
        reason=reason,
    )


def _pass_on(dossier: Dossier, work: Work, *, actor: Actor) -> None:
    """Let a step wait at its new agency; what the former one had of it stays on record."""
    agency_id = steps.agency_for(dossier, work.role)
    if agency_id == work.agency_id:
        return
    Work.objects.create(
        dossier=dossier,
        task_id=new_id(),
        element=work.element,
        title=work.title,
        role=work.role,
        agency_id=work.agency_id,
        post_id=work.post_id,
        off_flow=True,
        submitted_at=dossier.submitted_at,
        since_at=work.since_at,
        due_at=work.due_at,
        done_at=clock.now(),
        done_by=actor.name,
        outcome="transferred",
    )
    work.agency_id, work.post_id, work.delegated_by_id = agency_id, None, None
    work.since_at = clock.now()
    work.save(update_fields=["agency_id", "post_id", "delegated_by_id", "since_at"])
