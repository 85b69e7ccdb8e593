"""Draw a paper of one record, and print it again the same."""

from typing import Any
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.logic.printing import assembling, deciding
from cuaso.capabilities.registries.logic.printing.shapes import (
    PaperOffer,
    PrintedPaper,
    RecordPapers,
)
from cuaso.capabilities.registries.logic.seeing import records, rights, steps
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.work_models import Paper as PaperRow
from cuaso.capabilities.reports import api as reports
from cuaso.declarations.record_papers import Paper
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound
from cuaso.kernel.identifiers import unguessable
from cuaso.kernel.subjects import Subject

CODE_LENGTH = 12


def draw_paper(
    *, registry: str, id: UUID, name: str, actor: Actor, revision: int | None = None
) -> PrintedPaper:
    """Draw a declared paper of a record as it is now; the drawing is written to the ledger.

    Of the same revision and version the same paper comes again, with its code. Raises NotFound,
    NotAllowed for who may not draw it or reads its fields only in part, Conflict where the
    record does not meet the paper's condition or was changed since `revision`.
    """
    built = sets.built(registry)
    row = seen(built, id, actor)
    one = _declared(built, name)
    _require(built, row, one, actor, revision=revision)
    kept = PaperRow.objects.filter(
        registry_id=built.id,
        record_id=id,
        name=name,
        version=built.version,
        revision=row.row_revision,
    )
    paper = kept.exclude(state__in=[PaperRow.State.REVOKED, PaperRow.State.REPLACED]).first()
    if paper is None:
        paper = _entered(built, row, one, name, actor)
    return _printed(built, paper, one)


def _entered(built: Built, row: Row, one: Paper, name: str, actor: Actor) -> PaperRow:
    code, number = unguessable(CODE_LENGTH), assembling.number_of(built, row, one)
    agency_id = assembling.issuer_of(built, row, one)
    now = clock.now()
    data: dict[str, Any] = {
        **assembling.of_record(built, row, one),
        **assembling.around(one, agency_id=agency_id, number=number, code=code),
        "signer": assembling.usual_signer(one, agency_id),
        "made_on": clock.legal_date(now).isoformat(),
        "qr": assembling.address(built, row, actor, number=number, code=code),
    }
    with transaction.atomic():
        paper = PaperRow.objects.create(
            registry_id=built.id,
            record_id=row.row_id,
            revision=row.row_revision,
            version=built.version,
            name=name,
            title=one.title,
            number=number,
            code=code,
            data=data,
            agency_id=agency_id,
            owner_id=owner_of(built, row, one),
            made_at=now,
            made_by=actor.name,
        )
        audit.record(
            actor=actor,
            act="registries.paper_drawn",
            subject=Subject(kind="registries.record", id=row.row_id),
            content={"registry": built.key, "paper": name, "number": number, "id": paper.id},
        )
    return paper


def print_again(*, registry: str, id: UUID, paper_id: UUID, actor: Actor) -> PrintedPaper:
    """Return a paper that was drawn: the signed file, else the same bytes as when it was drawn.

    Its template is that of the version under which it was drawn. Raises NotFound, and NotAllowed
    for who reads one of its fields only in part.
    """
    row = seen(sets.built(registry), id, actor)
    paper = PaperRow.objects.filter(pk=paper_id, record_id=row.row_id).first()
    if paper is None:
        raise deciding.no_paper()
    built = sets.built(registry, version=paper.version)
    one = _declared(built, paper.name)
    assembling.refuse_masked(built, one, actor)
    return _printed(built, paper, one)


def _printed(built: Built, paper: PaperRow, one: Paper) -> PrintedPaper:
    stored = paper.file_id or paper.signed_file_id
    pdf = files.read_clean(stored) if stored else rendered(paper, one)
    stem = built.key.partition("/")[2].replace("_", "-")
    return PrintedPaper(id=paper.id, name=f"{paper.name}-{stem}-{paper.code}.pdf".lower(), pdf=pdf)


def rendered(paper: PaperRow, one: Paper) -> bytes:
    """Return the PDF of what the paper's row keeps, without marks: always the same bytes."""
    return reports.render(
        template=assembling.template_of(one),
        data=paper.data,
        qr=paper.data["qr"],
        made_at=paper.made_at,
    )


def papers_of(*, registry: str, id: UUID, actor: Actor, language: str = "vi") -> RecordPapers:
    """Return what the actor may draw of a record now and is not there yet, and what was drawn of
    it, newest first.
    """
    built = sets.built(registry)
    every = PaperRow.objects.filter(record_id=id, registry_id=built.id)
    if not built.declared.papers and not every.exists():
        return RecordPapers()
    row = seen(built, id, actor)
    drawn = list(every.order_by("-made_at"))
    there = {one.name for one in drawn if _is_of(built, row, one)}
    offers = tuple(
        PaperOffer(
            name=name, title=one.title_en if language == "en" and one.title_en else one.title
        )
        for name, one in built.declared.papers.items()
        if row.row_gone is None
        and name not in there
        and may_draw(built, row, one, actor)
        and _fits(built, row, one)
    )
    lines = tuple(deciding.line(built, row, paper, actor) for paper in drawn)
    return RecordPapers(offers=offers, lines=lines)


def _is_of(built: Built, row: Row, paper: PaperRow) -> bool:
    """Say whether a paper is what would be drawn of a record now."""
    same = (paper.revision, paper.version) == (row.row_revision, built.version)
    return same and paper.ended_at is None


def seen(built: Built, id: UUID, actor: Actor) -> Row:
    """Return a record that the actor may see; raise NotFound."""
    row = records.find(built, id)
    if row is None or not rights.decide(built, row, actor=actor, act="view").allowed:
        raise NotFound(
            code="registries.no_record",
            what=f"Không có bản ghi này trong sổ “{built.declared.title}”.",
            mend="Hãy tìm lại trong danh sách.",
        )
    return row


def _declared(built: Built, name: str) -> Paper:
    one = built.declared.papers.get(name)
    if one is None:
        raise NotFound(
            code="registries.no_paper_kind",
            what=f"Sổ “{built.declared.title}” không có mẫu giấy “{name}”.",
            mend="Hãy chọn một giấy trong trang của bản ghi.",
        )
    return one


def may_draw(built: Built, row: Row, one: Paper, actor: Actor) -> bool:
    """Say whether the actor's roles and right over the record allow drawing the paper."""
    if one.roles:
        return bool(set(one.roles) & actor.roles)
    return rights.decide(built, row, actor=actor, act="export").allowed


def _fits(built: Built, row: Row, one: Paper) -> bool:
    return steps.true_of(built, row, one.when)


def _require(built: Built, row: Row, one: Paper, actor: Actor, *, revision: int | None) -> None:
    if not may_draw(built, row, one, actor):
        raise NotAllowed(
            code="registries.paper_not_yours",
            what=f"Ông/bà không được in “{one.title}”.",
            why="Giấy này dành cho vai trò khác, hoặc cho người được xuất dữ liệu của sổ.",
            mend="Hãy chuyển cho người có thẩm quyền.",
        )
    assembling.refuse_masked(built, one, actor)
    if revision is not None and row.row_revision != revision:
        raise Conflict(
            code="registries.changed_meanwhile",
            what="Bản ghi này vừa được người khác sửa.",
            mend="Hãy tải lại trang, xem lại rồi in.",
            data={"revision": row.row_revision, "seen": revision},
        )
    if row.row_gone is not None or not _fits(built, row, one):
        raise Conflict(
            code="registries.paper_not_ready",
            what=f"Chưa in được “{one.title}”.",
            why="Bản ghi chưa đạt điều kiện mà sổ khai báo cho giấy này.",
            mend="Hãy bổ sung thông tin hoặc chuyển trạng thái của bản ghi rồi in.",
        )


def owner_of(built: Built, row: Row, one: Paper) -> UUID | None:
    """Return who owns the paper: the person of its field, or of the record that the field names."""
    number = _personal_number(built, row, one.person) if one.person else ""
    found = directory.find_person(number) if number else None
    return found.id if found else None


def _personal_number(built: Built, row: Row, field: str) -> str:
    target = built.declared.fields[field].to
    if not target:
        return str(getattr(row, built.person_column(field).name) or "")
    key = target if "/" in target else f"{built.key.partition('/')[0]}/{target}"
    other = sets.built(key)
    named = built.column(field).read(row)
    held = records.find(other, UUID(named.id)) if named else None
    if held is None:
        return ""
    personal = (one for one in other.columns if one.one and one.one.number == "personal")
    column = next(personal, None)
    return str(getattr(held, column.name) or "") if column else ""
