"""Sign and seal a paper of a record. No lock and no transaction is held while a token signs."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.logic.printing import assembling, deciding, papers
from cuaso.capabilities.registries.logic.printing.shapes import PaperLine
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built
from cuaso.capabilities.registries.work_models import Paper as PaperRow
from cuaso.capabilities.signing import api as signing
from cuaso.declarations.procedures import PlaceName
from cuaso.declarations.record_papers import Paper
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import Authority
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

# A try whose process died may be taken over after this long; a token call ends much sooner.
ABANDONED_AFTER: Final = timedelta(minutes=2)
PDF: Final = "application/pdf"
_BLANKS: Final[tuple[PlaceName, ...]] = ("number", "date")
_BACK: Final[Mapping[str, str]] = {"signing": "drawn", "sealing": "signed"}


def sign_paper(*, registry: str, id: UUID, paper_id: UUID, actor: Actor) -> PaperLine:
    """Sign a drawn paper with the key of the actor's post; without a seal it is filed by that.

    Raises NotAllowed for another post or one without authority at this minute, Conflict where the
    record was changed since it was drawn or another signs it now; on any refusal the paper stands
    as it was.
    """
    built = sets.built(registry)
    paper = _claim(built, id, paper_id, actor, trying="signing")
    one = _declared(built, paper)
    try:
        pdf = _signed(built, paper, one, actor)
        stored = files.store_bytes(actor=actor, name="giay-da-ky.pdf", media_type=PDF, content=pdf)
        return _keep(built, paper, one, actor, signed_file_id=stored.id)
    except Exception:
        _release(paper)
        raise


def seal_paper(*, registry: str, id: UUID, paper_id: UUID, actor: Actor) -> PaperLine:
    """Fill in number and date, put the agency's seal, and file the paper.

    Raises as `sign_paper` does. Source: decree 30/2020/NĐ-CP, annex I.
    """
    built = sets.built(registry)
    paper = _claim(built, id, paper_id, actor, trying="sealing")
    one = _declared(built, paper)
    try:
        pdf = _sealed(paper, one)
        stored = files.store_bytes(actor=actor, name="giay-to.pdf", media_type=PDF, content=pdf)
        return _keep(built, paper, one, actor, file_id=stored.id)
    except Exception:
        _release(paper)
        raise


def revoke_paper(
    *, registry: str, id: UUID, paper_id: UUID, reason: str, actor: Actor
) -> PaperLine:
    """Take back a filed paper: whoever verifies it, and its owner, learn that it has no force."""
    if not reason.strip():
        raise Invalid(
            code="registries.reason_missing",
            what="Chưa thu hồi được giấy.",
            mend="Hãy ghi lý do thu hồi.",
            problems=(Problem(field="reason", say="Ông/bà chưa ghi lý do."),),
        )
    built = sets.built(registry)
    row = papers.seen(built, id, actor)
    with transaction.atomic():
        paper = _locked(id, paper_id)
        one = _declared(built, paper)
        if not deciding.signs(one, paper, actor):
            raise _not_yours(one, "thu hồi")
        held = _authority(built, one, paper, actor)
        if paper.state != PaperRow.State.FILED:
            raise _moved_on(paper)
        _end(paper, PaperRow.State.REVOKED, reason.strip())
        _write_down(
            built,
            paper,
            "registries.paper_revoked",
            actor=actor,
            reason=reason.strip(),
            held=held,
        )
    return deciding.line(built, row, paper, actor)


def _claim(built: Built, id: UUID, paper_id: UUID, actor: Actor, *, trying: str) -> PaperRow:
    row = papers.seen(built, id, actor)
    with transaction.atomic():
        paper = _locked(id, paper_id)
        one = _declared(built, paper)
        _take_over(paper, trying)
        if trying == "signing":
            if not deciding.signs(one, paper, actor):
                raise _not_yours(one, "ký")
            may = deciding.may_sign(one, row, paper, actor)
        else:
            if one.seal not in actor.roles or actor.agency_id != paper.agency_id:
                raise _not_yours(one, "đóng dấu")
            may = deciding.may_seal(one, paper, actor)
        if not may:
            raise _moved_on(paper)
        if trying == "signing":
            _authority(built, one, paper, actor)
        paper.state, paper.attempt, paper.attempt_at = trying, new_id(), clock.now()
        paper.save(update_fields=["state", "attempt", "attempt_at"])
    return paper


def _take_over(paper: PaperRow, trying: str) -> None:
    """Give back what a try that died had claimed."""
    dead = paper.attempt_at is not None and paper.attempt_at < clock.now() - ABANDONED_AFTER
    if paper.state == trying and dead:
        paper.state = _BACK[trying]


def _locked(id: UUID, paper_id: UUID) -> PaperRow:
    paper = PaperRow.objects.select_for_update().filter(pk=paper_id, record_id=id).first()
    if paper is None:
        raise deciding.no_paper()
    return paper


def _declared(built: Built, paper: PaperRow) -> Paper:
    one = deciding.declared_of(built, paper)
    if one is None:
        raise deciding.no_paper()
    return one


def _signed(built: Built, paper: PaperRow, one: Paper, actor: Actor) -> bytes:
    post = directory.post(actor.post_id) if actor.post_id else None
    title = post.title if post else ""
    paper.data = {**paper.data, "signer": assembling.signer(one, title=title, name=actor.name)}
    boxes: dict[str, signing.Box] = {
        str(name): signing.Box.read(dict(box)) for name, box in one.places.items()
    }
    blanks: dict[str, signing.Box] = {
        name: boxes[name] for name in _BLANKS if one.seal and name in boxes
    }
    return signing.sign_person(
        pdf=papers.rendered(paper, one),
        key=f"post-{actor.post_id}",
        name=actor.name,
        title=title,
        box=boxes["signature"],
        fields=blanks,
        seal_box=boxes.get("seal"),
        reason=f"{one.title} – {built.declared.title}",
    )


def _sealed(paper: PaperRow, one: Paper) -> bytes:
    agency = directory.agency(paper.agency_id)
    place = directory.place(agency.place_code).name
    said = {"number": paper.number, "date": place_and_date(place, on=clock.today())}
    seal = one.places.get("seal")
    return signing.seal(
        pdf=files.read_clean(paper.signed_file_id) if paper.signed_file_id else b"",
        key=f"agency-{agency.id}",
        agency_name=agency.name,
        values={name: said[name] for name in _BLANKS if name in one.places},
        box=signing.Box.read(dict(seal)) if seal else None,
    )


def place_and_date(place: str, *, on: date) -> str:
    """Return the line of place and date; single-digit days and the months 1 and 2 get a zero.

    Source: decree 30/2020/NĐ-CP, annex I.
    """
    month = f"{on.month:02d}" if on.month in (1, 2) else str(on.month)
    return f"{place}, ngày {on:%d} tháng {month} năm {on:%Y}"


def _keep(
    built: Built,
    claimed: PaperRow,
    one: Paper,
    actor: Actor,
    *,
    signed_file_id: UUID | None = None,
    file_id: UUID | None = None,
) -> PaperLine:
    row = papers.seen(built, claimed.record_id, actor)
    with transaction.atomic():
        paper = (
            PaperRow.objects.select_for_update()
            .filter(pk=claimed.pk, attempt=claimed.attempt)
            .first()
        )
        if paper is None:
            raise _moved_on(claimed)
        paper.attempt = None
        if signed_file_id is not None:
            held = _authority(built, one, paper, actor)
            paper.data = claimed.data
            paper.signed_file_id, paper.signed_at = signed_file_id, clock.now()
            paper.signer, paper.state = actor.name, PaperRow.State.SIGNED
            _write_down(built, paper, "registries.paper_signed", actor=actor, held=held)
        if file_id is not None or not one.seal:
            _file(built, paper, file_id or paper.signed_file_id, actor)
        paper.save()
    return deciding.line(built, row, paper, actor)


def _file(built: Built, paper: PaperRow, file_id: UUID | None, actor: Actor) -> None:
    """File a paper at its record; the one that stood in force before is replaced by it."""
    before = PaperRow.objects.select_for_update().filter(
        registry_id=paper.registry_id,
        record_id=paper.record_id,
        name=paper.name,
        state=PaperRow.State.FILED,
    )
    for earlier in before:
        _end(
            earlier,
            PaperRow.State.REPLACED,
            f"Đã được thay bằng giấy lập ngày {clock.today():%d/%m/%Y}.",
        )
        _write_down(built, earlier, "registries.paper_replaced", actor=actor)
    paper.file_id, paper.filed_at = file_id, clock.now()
    paper.issued_date, paper.state = clock.today(), PaperRow.State.FILED
    paper.save()
    _write_down(built, paper, "registries.paper_filed", actor=actor)


def _end(paper: PaperRow, state: str, why: str) -> None:
    paper.state, paper.ended_at, paper.ended_why = state, clock.now(), why
    paper.save(update_fields=["state", "ended_at", "ended_why"])


def _authority(built: Built, one: Paper, paper: PaperRow, actor: Actor) -> Authority:
    """The declared role signs by itself; a post with mandates signs by them alone. Their matter is
    the registry's key.
    """
    return access.require_authority(
        post_id=actor.post_id,
        agency_id=paper.agency_id,
        matter=built.key,
        role=one.signer.role if one.signer else "",
    )


def _write_down(
    built: Built,
    paper: PaperRow,
    act: str,
    *,
    actor: Actor,
    reason: str = "",
    held: Authority | None = None,
) -> None:
    about = Subject(kind="registries.paper", id=paper.id)
    content: dict[str, object] = {
        "registry": built.key,
        "record": str(paper.record_id),
        "paper": paper.name,
        "number": paper.number,
    }
    proof = access.as_content(held) if held else {}
    audit.record(actor=actor, act=act, subject=about, content=content | proof, reason=reason)
    audit.publish(topic=act, subject=about, payload=content)


def _release(paper: PaperRow) -> None:
    """Give a claimed paper back unchanged after a try that failed."""
    PaperRow.objects.filter(pk=paper.pk, attempt=paper.attempt).update(
        state=_BACK[paper.state], attempt=None, attempt_at=None
    )


def _not_yours(one: Paper, act: str) -> NotAllowed:
    return NotAllowed(
        code="registries.paper_not_yours",
        what=f"Ông/bà không được {act} “{one.title}”.",
        why="Việc này dành cho vị trí công tác mà sổ khai báo, ở cơ quan ban hành giấy.",
        mend="Hãy chuyển cho người có thẩm quyền.",
    )


def _moved_on(paper: PaperRow) -> Conflict:
    return Conflict(
        code="registries.paper_moved_on",
        what=f"Chưa làm được việc này với “{paper.title}”.",
        why="Giấy đang được ký ở nơi khác, đã ký xong, hoặc bản ghi đã sửa sau khi in.",
        mend="Hãy tải lại trang; nếu bản ghi đã sửa, hãy in lại giấy rồi ký.",
    )
