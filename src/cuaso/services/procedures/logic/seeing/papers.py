"""Papers of a draft or a dossier: files, and locker papers used again without upload."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final
from uuid import UUID

from cuaso.foundation.audit import api as audit
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import StoredFile
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import api as locker
from cuaso.services.procedures.contracts import PaperView
from cuaso.services.procedures.logic.matter import declared, rows
from cuaso.services.procedures.models import Dossier, Draft, Paper, ProcedureVersion

# Bounds of the house, so that no dossier grows beyond what an officer can look through.
MOST_OF_ONE = 10
# What an agency asks for that the procedure does not list.
OTHER: Final = "other"
MOST = 40
_IN_ORDER: Final = "order by added_at, id"
SPOILT = {
    "infected": "Tệp “{name}” có mã độc. Hãy bỏ tệp này và gửi một tệp khác.",
    "unscannable": "Tệp “{name}” không đọc được, thường vì có mật khẩu. Hãy gửi tệp khác.",
}


def add_to_draft(
    draft: Draft, *, component: str, file_id: UUID, actor: Actor, fresh: StoredFile | None = None
) -> Paper:
    """Put a file that the actor stored under one component of a draft; `fresh` is that file where
    this very act has stored it.

    Raises NotFound for a strange component or another's file, Invalid for a spoilt file or one
    too many.
    """
    _check(fresh or files.info(file_id), component=component, actor=actor)
    _refuse_too_many(_of_draft(draft), component)
    return _added(
        draft=draft,
        component=component,
        title=_title(draft.procedure, component),
        file_id=file_id,
        source_say="Người nộp tải lên",
        added_at=clock.now(),
    )


def add_to_dossier(
    dossier: Dossier, *, component: str, file_id: UUID, actor: Actor, say: str
) -> Paper:
    """Put a file that the actor stored under one component of a dossier, or under `OTHER`; `say` is
    its source.

    Raises as `add_to_draft` does.
    """
    _check(files.info(file_id), component=component, actor=actor)
    _refuse_too_many(_of_dossier(dossier), component)
    return _added(
        dossier=dossier,
        component=component,
        title=_asked_title(dossier, component),
        file_id=file_id,
        source_say=say,
        added_at=clock.now(),
    )


def add_from_locker(draft: Draft, *, component: str, paper_id: UUID, actor: Actor) -> Paper:
    """Use a paper of the actor's locker: no upload, and its provenance comes along."""
    kept = locker.paper(id=paper_id, actor=actor)
    kind = declared.component(draft.procedure, component).kind
    _refuse_too_many(_of_draft(draft), component)
    if kept.id not in {one.id for one in locker.reusable(actor=actor, kind=kind)}:
        raise Invalid(
            code="procedures.paper_unfit",
            what="Giấy tờ này không dùng được cho mục đã chọn.",
            why="Loại giấy tờ không khớp, hoặc giấy tờ đã hết hạn hay bị thu hồi.",
            mend="Hãy chọn giấy tờ khác trong kho, hoặc tải tệp lên.",
            problems=(Problem(field=f"papers.{component}", say="Hãy chọn giấy tờ khác."),),
        )
    return _added(
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
    return _views(_of_draft(draft))


def of_dossier(dossier: Dossier) -> tuple[PaperView, ...]:
    """Return a dossier's papers in the order in which they were added."""
    return _views(_of_dossier(dossier))


def _of_draft(draft: Draft) -> list[Paper]:
    return rows.read(Paper, f"where draft_id = %s {_IN_ORDER}", [draft.id])


def _of_dossier(dossier: Dossier) -> list[Paper]:
    return rows.read(Paper, f"where dossier_id = %s {_IN_ORDER}", [dossier.id])


def _added(**columns: object) -> Paper:
    paper = Paper(**columns)
    rows.insert(paper)
    return paper


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


def named_files(ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these files a dossier names, whosever it is."""
    rows = Paper.objects.filter(file_id__in=ids, dossier__isnull=False)
    return frozenset(rows.values_list("file_id", flat=True))


def spoilt(given: Iterable[PaperView]) -> tuple[Problem, ...]:
    """Return a problem for each paper that nobody will be able to open."""
    return tuple(
        Problem(field=f"papers.{paper.component}", say=SPOILT[paper.state].format(name=paper.name))
        for paper in given
        if paper.state in SPOILT
    )


def _views(listed: Sequence[Paper]) -> tuple[PaperView, ...]:
    known = files.infos(tuple(row.file_id for row in listed)) if listed else {}
    return tuple(_view(row, known[row.file_id]) for row in listed if row.file_id in known)


def _view(row: Paper, stored: StoredFile) -> PaperView:
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


def _check(stored: StoredFile, *, component: str, actor: Actor) -> None:
    if not _is_own(stored, actor):
        raise NotFound(
            code="procedures.file_unknown",
            what="Không tìm thấy tệp này trong các tệp đã tải lên.",
            mend="Hãy tải tệp lên lại.",
        )
    if stored.state in SPOILT:
        say = SPOILT[stored.state].format(name=stored.name)
        raise Invalid(
            code="procedures.file_spoilt",
            what="Chưa thêm được tệp.",
            why=stored.say,
            mend="Hãy gửi tệp khác.",
            problems=(Problem(field=f"papers.{component}", say=say),),
        )


def _is_own(stored: StoredFile, actor: Actor) -> bool:
    if stored.owner_id is not None:
        return stored.owner_id in (actor.person_id, actor.party_id)
    # Uploads name no owner: the ledger says who stored them.
    entries = audit.history(Subject(kind="files.file", id=stored.id))
    return bool(entries and actor.person_id) and entries[0].person_id == actor.person_id


def _refuse_too_many(there: Sequence[Paper], component: str) -> None:
    filled = [paper.component for paper in there]
    if len(filled) < MOST and filled.count(component) < MOST_OF_ONE:
        return
    raise Invalid(
        code="procedures.too_many_papers",
        what="Hồ sơ đã có quá nhiều tệp.",
        why=f"Mỗi mục nhận nhiều nhất {MOST_OF_ONE} tệp, cả hồ sơ nhiều nhất {MOST} tệp.",
        mend="Hãy gộp các trang của một giấy tờ vào một tệp PDF, hoặc bỏ bớt tệp thừa.",
        problems=(Problem(field=f"papers.{component}", say="Hãy bỏ bớt tệp ở mục này."),),
    )


def _asked_title(dossier: Dossier, component: str) -> str:
    other = component == OTHER and OTHER not in declared.procedure(dossier.procedure).components
    return "Giấy tờ khác theo yêu cầu" if other else _title(dossier.procedure, component)


def _title(procedure: ProcedureVersion, component: str) -> str:
    return declared.component(procedure, component).title
