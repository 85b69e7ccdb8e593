"""Open a dossier or one of its documents; looking without a task needs a purpose and is logged."""

from collections.abc import Iterator
from uuid import UUID

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed
from cuaso.services.locker.contracts import Content
from cuaso.services.procedures.act_models import ReplacedResult
from cuaso.services.procedures.contracts import DossierView
from cuaso.services.procedures.logic.course import steps
from cuaso.services.procedures.logic.matter import declared, rows
from cuaso.services.procedures.logic.seeing import papers, viewing
from cuaso.services.procedures.logic.sheets import sheets
from cuaso.services.procedures.models import Dossier, Result
from cuaso.services.procedures.policies import DOSSIERS


def dossier(*, id: UUID | str, actor: Actor, purpose: str = "") -> DossierView:
    """Return a dossier by id or tracking code.

    Raises NotFound when the actor may not know of it; NotAllowed (`procedures.purpose_needed`)
    when an official has no task in it and gives no purpose.
    """
    return viewing.dossier(opened(id=id, actor=actor, purpose=purpose), actor=actor)


def opened(*, id: UUID | str, actor: Actor, purpose: str = "") -> Dossier:
    """Return the row after rights were checked and a look by an official was logged."""
    row = rows.dossier(id) if isinstance(id, UUID) else rows.dossier_by_code(id.strip().upper())
    if row is None:
        raise steps.unknown()
    rows.know([row])
    decision = access.decide(actor=actor, act="view", record=row, policy=DOSSIERS)
    if not decision.allowed:
        raise steps.unknown()
    if decision.needs_purpose and not purpose.strip():
        raise NotAllowed(
            code="procedures.purpose_needed",
            what="Ông/bà không có việc trong hồ sơ này.",
            why=decision.sentence,
            mend="Nếu cần xem, hãy ghi mục đích. Lần xem được ghi lại và người dân thấy được.",
        )
    if actor.kind == "official":
        _log(row, actor=actor, purpose=purpose.strip(), with_task=not decision.needs_purpose)
    return row


def _log(row: Dossier, *, actor: Actor, purpose: str, with_task: bool) -> None:
    # One statement stands or falls by itself.
    audit.log_look(
        actor=actor,
        person_id=row.party_id,
        subject=steps.subject(row),
        purpose=purpose or f"Giải quyết hồ sơ: {row.procedure.title}",
        task=(row.dossier_code or row.tracking_code) if with_task else "",
    )


def paper_content(*, dossier_id: UUID, paper_id: UUID, actor: Actor, purpose: str = "") -> Content:
    """Return one paper of a dossier; the file store refuses what is not clean."""
    row = opened(id=dossier_id, actor=actor, purpose=purpose)
    paper = papers.one_of_dossier(row, paper_id=paper_id)
    return _content(paper.file_id)


def result_content(*, dossier_id: UUID, actor: Actor, purpose: str = "") -> Content:
    """Return the issued result; while a correction of it is under way, the one in force."""
    row = opened(id=dossier_id, actor=actor, purpose=purpose)
    result = Result.objects.filter(dossier=row).first()
    in_force = ReplacedResult.objects.filter(dossier=row, replaced_at=None).first()
    if result is not None and result.final_file_id is not None:
        return _content(result.final_file_id)
    if in_force is not None:
        return _content(in_force.final_file_id)
    raise _no_result()


def result_values(*, id: UUID, actor: Actor) -> dict[str, str | list[str]]:
    """Return the result's values as text to type again, by flat path: for who may settle."""
    row = rows.dossier(id)
    if row is None:
        raise steps.unknown()
    access.require(actor=actor, act="settle", record=row, policy=DOSSIERS)
    result = Result.objects.filter(dossier=row).first()
    if result is None:
        raise _no_result()
    return declared.editable(row.procedure, result.values)


def earlier_result_content(
    *, dossier_id: UUID, replaced_id: UUID, actor: Actor, purpose: str = ""
) -> Content:
    """Return an issued result that a later one corrected, or is about to."""
    row = opened(id=dossier_id, actor=actor, purpose=purpose)
    found = ReplacedResult.objects.filter(dossier=row, id=replaced_id).first()
    if found is None:
        raise _no_result()
    return _content(found.final_file_id)


def draft_result_content(*, dossier_id: UUID, actor: Actor, purpose: str = "") -> Content:
    """Return the result as far as it has come: to officials at any step, to the applicant while
    the draft waits for their word, and once it is issued.
    """
    row = opened(id=dossier_id, actor=actor, purpose=purpose)
    result = Result.objects.filter(dossier=row).first()
    if result is None or not (actor.kind == "official" or _shown_to_owner(row, result)):
        raise _no_result()
    return _content(result.final_file_id or result.signed_file_id or result.draft_file_id)


def _shown_to_owner(row: Dossier, result: Result) -> bool:
    asked = row.works.filter(element="confirm_draft", done_at=None).exists()
    return result.state == "issued" or (result.state == "draft" and asked)


def form_content(*, dossier_id: UUID, form: str, actor: Actor, purpose: str = "") -> Content:
    """Return a legal form of the dossier as PDF, one of `sheets.FORMS`.

    The form's number is that of the regime of the submission, names are those of the day of the
    act. Raises Conflict while the act was not done.
    """
    row = opened(id=dossier_id, actor=actor, purpose=purpose)
    return Content(
        name=f"{form}-{row.dossier_code or row.tracking_code}.pdf",
        media_type="application/pdf",
        chunks=_once(sheets.legal_form(row, form=form, actor=actor)),
    )


def _once(content: bytes) -> Iterator[bytes]:
    yield content


def _content(file_id: UUID) -> Content:
    stored = files.info(file_id)
    return Content(name=stored.name, media_type=stored.media_type, chunks=files.open_clean(file_id))


def _no_result() -> Conflict:
    return Conflict(
        code="procedures.no_result",
        what="Hồ sơ chưa có kết quả.",
        mend="Hãy xem ngày hẹn trả ở đầu trang hồ sơ.",
    )
