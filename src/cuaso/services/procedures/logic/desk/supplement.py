"""Ask once for all that is missing; take the applicant's answer."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.workflow import api as workflow
from cuaso.kernel import clock, text
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.services.procedures.logic.applying import submit
from cuaso.services.procedures.logic.course import deputies, steps, timing
from cuaso.services.procedures.logic.desk import correcting
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.logic.matter.declared import Posted
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.seeing import papers, viewing
from cuaso.services.procedures.logic.telling import co_applicants, notify
from cuaso.services.procedures.models import Dossier, SupplementRequest

SHORTEST_REASON = 5


@viewing.shown
def ask_supplement(
    *, id: UUID, items: Sequence[str], reason: str, actor: Actor, version: int | None = None
) -> viewing.Acted:
    """Ask the applicant for a complete list of what is missing, with the reason.

    Refused: an empty list or reason, and whatever a request of the same side of reception left
    out: asked again is only what its answer lacks. The clock of a received dossier stands until
    the answer.
    Source: circular 01/2018/TT-VPCP, form 02; circular 03/2025/TT-VPCP, form 02.
    """
    listed = _listed(items, reason)
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        work = steps.waiting(dossier, "receive", "examine", actor=actor)
        actor = deputies.acting(actor, work)
        _require_asked_before(dossier, listed)
        SupplementRequest.objects.create(
            dossier=dossier,
            items=listed,
            reason=reason.strip(),
            asked_by=actor.name,
            asked_at=clock.now(),
        )
        dossier.status = Status.SUPPLEMENT_ASKED
        timing.pause(dossier, at=clock.now())
        steps.advance(dossier, work, decision="supplement", actor=actor)
        notify.applicant(dossier, template="supplement_asked", reason="; ".join(listed))
        steps.finish_act(
            dossier,
            actor=actor,
            act="supplement_asked",
            content={"items": listed},
            reason=reason.strip(),
        )
    return dossier, actor


def _require_asked_before(dossier: Dossier, items: Sequence[str]) -> None:
    """Raise Invalid for what an earlier request ought to have listed."""
    asked = SupplementRequest.objects.filter(dossier=dossier).order_by("-asked_at", "-id").first()
    if asked is None or not asked.binds(dossier):
        return
    known = {text.fold(item) for item in asked.items}
    late = [item for item in items if text.fold(item) not in known]
    if late:
        raise Invalid(
            code="procedures.supplement_asked_already",
            what="Chưa gửi yêu cầu bổ sung.",
            why=f"Hồ sơ đã được yêu cầu bổ sung ngày {clock.legal_date(asked.asked_at):%d/%m/%Y}, "
            "một lần với danh sách đầy đủ; lần này chỉ yêu cầu lại được điều người nộp chưa đáp "
            "ứng.",
            mend="Hãy bỏ các mục mới, hoặc giải quyết hồ sơ theo những gì đã có.",
            problems=tuple(
                Problem(field="items", say=f"“{item}” không có trong yêu cầu trước.")
                for item in late
            ),
        )


def _listed(items: Sequence[str], reason: str) -> list[str]:
    listed = [item.strip() for item in items if item.strip()]
    problems = []
    if not listed:
        problems.append(
            Problem(field="items", say="Hãy ghi từng giấy tờ hoặc nội dung cần bổ sung.")
        )
    if len(reason.strip()) < SHORTEST_REASON:
        problems.append(
            Problem(field="reason", say="Hãy ghi lý do cần bổ sung, để người nộp hiểu.")
        )
    if problems:
        raise Invalid(
            code="procedures.supplement_incomplete",
            what="Chưa gửi yêu cầu bổ sung.",
            why="Yêu cầu chỉ gửi một lần, nên phải nêu đủ danh sách và lý do.",
            mend="Hãy điền các mục được chỉ ra.",
            problems=tuple(problems),
        )
    return listed


@viewing.shown
def supplement(
    *,
    id: UUID,
    note: str,
    files: Sequence[tuple[str, UUID]],
    values: Posted,
    actor: Actor,
) -> viewing.Acted:
    """Take the applicant's answer to a request: papers, corrected values, a note.

    `values` are texts by flat path, as a form posts them. Refused: no open request, an answer
    with nothing in it, a wrong value (Invalid, a problem for each path), another's file.
    """
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="own")
        request = (
            SupplementRequest.objects.filter(dossier=dossier, answered_at=None)
            .order_by("-asked_at")
            .first()
        )
        if request is None or dossier.flow_instance_id is None:
            raise _nothing_asked()
        if not (files or values or note.strip()):
            raise _nothing_given()
        for component, file_id in files:
            papers.add_to_dossier(
                dossier,
                component=component,
                file_id=file_id,
                actor=actor,
                say="Người nộp bổ sung",
            )
        before = dossier.values
        _correct(dossier, values)
        request.answered_at, request.note = clock.now(), note.strip()
        request.save(update_fields=["answered_at", "note"])
        timing.resume(dossier, at=clock.now())
        dossier.status = Status.IN_PROCESS if dossier.received_at else Status.SUBMITTED
        instance = workflow.signal(
            instance_id=dossier.flow_instance_id,
            message="supplement_provided",
            data={"decision": ""},
            actor=actor,
        )
        steps.sync(dossier, instance)
        steps.set_due(dossier)
        steps.finish_act(
            dossier,
            actor=actor,
            act="supplemented",
            content={
                "files": [str(file_id) for _, file_id in files],
                "changed": sorted(values),
                "corrected": correcting.changes(dossier, before=before) if values else [],
                "note": note.strip(),
                **(co_applicants.kept_of(dossier) if values else {}),
            },
            searched=submit.searched(dossier),
        )
    return dossier, actor


def _correct(dossier: Dossier, values: Posted) -> None:
    """Put corrected answers in; what was corrected no longer comes from where it came."""
    if not values:
        return
    cleaned = declared.clean_corrections(
        dossier.procedure, dossier.values, values, channel=dossier.channel
    )
    dossier.values = cleaned.stored
    dossier.sources = {
        path: origin for path, origin in dossier.sources.items() if path not in values
    }
    dossier.subject_id = declared.subject_id(dossier.procedure, cleaned)
    dossier.subject_name = declared.subject_name(dossier.procedure, cleaned)
    dossier.title = declared.dossier_title(
        dossier.procedure, dossier.subject_name or dossier.applicant_name
    )
    co_applicants.settle(dossier, cleaned)


def _nothing_asked() -> Conflict:
    return Conflict(
        code="procedures.nothing_asked",
        what="Hồ sơ này không chờ bổ sung.",
        why="Yêu cầu bổ sung đã được trả lời, hoặc chưa có yêu cầu nào.",
        mend="Hãy xem tình trạng mới của hồ sơ.",
    )


def _nothing_given() -> Invalid:
    return Invalid(
        code="procedures.nothing_given",
        what="Chưa gửi bổ sung.",
        why="Chưa thêm giấy tờ, chưa sửa nội dung và cũng chưa ghi lời nhắn.",
        mend="Hãy thêm ít nhất một mục theo danh sách cơ quan yêu cầu.",
        problems=(
            Problem(field="note", say="Hãy thêm giấy tờ, sửa nội dung đã khai hoặc ghi lời nhắn."),
        ),
    )
