"""Move an application along its life: decided, built, run, retired."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.planning.contracts import DECISIONS, MOVES, State
from cuaso.services.planning.logic.applications import unknown
from cuaso.services.planning.logic.register_application import SUBJECT
from cuaso.services.planning.models import Application
from cuaso.services.planning.policies import APPLICATIONS


def move_application(*, id: UUID, to: State, note: str, version: int, actor: Actor) -> None:
    """Move an application to a state that may follow; `note` says why or by which paper.

    Refused: an unknown one (NotFound), a state that does not follow or an application that
    somebody moved meanwhile (Conflict), no note (Invalid), who may not, and who decides their own
    registration (NotAllowed).
    """
    with transaction.atomic():
        row = Application.objects.select_for_update().filter(id=id).first()
        if row is None:
            raise unknown()
        act = "decide" if to in DECISIONS else "move"
        access.require(actor=actor, act=act, record=row, policy=APPLICATIONS)
        _refuse(row, to, note=note, version=version, actor=actor)
        before, row.state = row.state, to
        row.version += 1
        row.save(update_fields=["state", "version"])
        about = Subject(kind=SUBJECT, id=row.id)
        content = {"title": row.title, "before": before, "state": to}
        audit.record(
            actor=actor,
            act="planning.application_moved",
            subject=about,
            content=content,
            reason=note.strip(),
        )
        audit.publish(topic="planning.application_moved", subject=about, payload=content)


def _refuse(row: Application, to: State, *, note: str, version: int, actor: Actor) -> None:
    if row.version != version or to not in MOVES[row.state]:
        raise Conflict(
            code="planning.moved_meanwhile",
            what="Ứng dụng không chuyển được sang trạng thái này.",
            why="Trạng thái đã đổi, hoặc trạng thái mới không đi sau trạng thái hiện tại.",
            mend="Hãy tải lại trang để xem trạng thái mới nhất.",
        )
    own = row.registered_by is not None and row.registered_by == actor.person_id
    if to in DECISIONS and own:
        raise NotAllowed(
            code="planning.own_registration",
            what="Ông/bà chưa quyết định được đăng ký này.",
            why="Người đăng ký không tự quyết định đăng ký của mình.",
            mend="Hãy để người khác có quyền quyết định.",
        )
    if not note.strip():
        raise Invalid(
            code="planning.note_missing",
            what="Chưa chuyển được trạng thái.",
            mend="Hãy sửa mục được chỉ ra.",
            problems=(Problem(field="note", say="Hãy ghi lý do hoặc số văn bản."),),
        )
