"""Papers of a draft or a dossier: files, and locker papers used again without upload."""

from uuid import UUID

from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.services.locker import api as locker
from cuaso.services.procedures.contracts import PaperView
from cuaso.services.procedures.logic import declared
from cuaso.services.procedures.models import Dossier, Draft, Paper, ProcedureVersion


def add_to_draft(draft: Draft, *, component: str, file_id: UUID) -> Paper:
    """Put a stored file under one component of a draft."""
    return Paper.objects.create(
        draft=draft,
        component=component,
        title=_title(draft.procedure, component),
        file_id=file_id,
        source_say="Người nộp tải lên",
        added_at=clock.now(),
    )


def add_to_dossier(dossier: Dossier, *, component: str, file_id: UUID) -> Paper:
    """Put a stored file under one component of a dossier, as a supplement."""
    return Paper.objects.create(
        dossier=dossier,
        component=component,
        title=_title(dossier.procedure, component),
        file_id=file_id,
        source_say="Người nộp bổ sung",
        added_at=clock.now(),
    )


def add_from_locker(draft: Draft, *, component: str, paper_id: UUID, actor: Actor) -> Paper:
    """Use a paper of the actor's locker: no upload, and its provenance comes along."""
    kept = locker.paper(id=paper_id, actor=actor)
    kind = declared.component(draft.procedure, component).kind
    if kept.kind != kind or kept.revoked_at is not None:
        raise Invalid(
            code="procedures.paper_unfit",
            what="Giấy tờ này không dùng được cho mục đã chọn.",
            why="Loại giấy tờ không khớp, hoặc giấy tờ đã bị thu hồi.",
            mend="Hãy chọn giấy tờ khác trong kho, hoặc tải tệp lên.",
            problems=(Problem(field=f"papers.{component}", say="Hãy chọn giấy tờ khác."),),
        )
    return Paper.objects.create(
        draft=draft,
        component=component,
        title=_title(draft.procedure, component),
        file_id=kept.file_id,
        locker_paper_id=kept.id,
        source_say=f"Lấy từ kho giấy tờ: {kept.title}, "
        f"{kept.agency_name} cấp {kept.issued_date:%d/%m/%Y}",
        added_at=clock.now(),
    )


def of_draft(draft: Draft) -> tuple[PaperView, ...]:
    """Return a draft's papers in the order in which they were added."""
    return tuple(view(row) for row in Paper.objects.filter(draft=draft).order_by("added_at"))


def of_dossier(dossier: Dossier) -> tuple[PaperView, ...]:
    """Return a dossier's papers in the order in which they were added."""
    return tuple(view(row) for row in Paper.objects.filter(dossier=dossier).order_by("added_at"))


def one_of_dossier(dossier: Dossier, *, paper_id: UUID) -> Paper:
    """Return one paper of the dossier, else raise NotFound."""
    row = Paper.objects.filter(dossier=dossier, id=paper_id).first()
    if row is None:
        raise NotFound(
            code="procedures.paper_unknown",
            what="Không tìm thấy giấy tờ này trong hồ sơ.",
            mend="Hãy tải lại trang hồ sơ.",
        )
    return row


def view(row: Paper) -> PaperView:
    """Return a paper with what the file store knows of it."""
    stored = files.info(row.file_id)
    return PaperView(
        id=row.id,
        component=row.component,
        title=row.title,
        file_id=row.file_id,
        name=stored.name,
        media_type=stored.media_type,
        size=stored.size,
        state=stored.state,
        source_say=row.source_say,
    )


def _title(procedure: ProcedureVersion, component: str) -> str:
    return declared.component(procedure, component).title
