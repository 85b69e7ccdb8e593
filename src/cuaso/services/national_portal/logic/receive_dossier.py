"""Take in a dossier that was submitted at the national portal, once."""

from collections.abc import Sequence

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotFound, Problem
from cuaso.services.national_portal.contracts import Party, Receipt, Sealed, Submission
from cuaso.services.national_portal.logic import (
    address,
    applicant,
    arrivals,
    papers,
    party,
    settle_fee,
    signature,
    surroundings,
    wire,
)
from cuaso.services.national_portal.logic.papers import Brought
from cuaso.services.national_portal.models import Arrival, Link
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DraftView

KIND = "dossier"
SAME_PERSON = "directory.number_taken"


def receive_dossier(sealed: Sealed) -> Receipt:
    """Take in a submission by the same acts as our own portal's; return its receipt.

    The same submission again, at once or later, gives one dossier and one answer. Raises
    NotAllowed for a forged or stale message, Invalid with a problem for each thing that is wrong
    (then nothing is kept), Conflict when the code came with other content, Unavailable when the
    portal does not give a file.
    """
    signature.check(sealed)
    asked = wire.read_submission(sealed.body)
    sha256 = wire.digest(asked)
    known = arrivals.known(KIND, asked.code, sha256=sha256)
    if known is not None:
        return known
    with papers.brought(asked.attachments) as brought:
        try:
            taken = _take(asked, brought, sha256=sha256, sealed=sealed)
        except Conflict as refusal:
            if refusal.code != SAME_PERSON:
                raise
            # Another submission entered the same person at this very moment; now they are known.
            taken = _take(asked, brought, sha256=sha256, sealed=sealed)
    return taken


def _take(asked: Submission, brought: Sequence[Brought], *, sha256: str, sealed: Sealed) -> Receipt:
    with transaction.atomic():
        row = arrivals.claim(KIND, asked.code, sha256=sha256, sealed=sealed)
        if row is not None:
            return _submit(asked, brought, row=row)
    known = arrivals.known(KIND, asked.code, sha256=sha256)
    if known is None:
        raise _unfit("code", "Mã hồ sơ đang được nhận ở một lượt gửi khác.")
    return known


def _submit(asked: Submission, brought: Sequence[Brought], *, row: Arrival) -> Receipt:
    person = applicant.ensure(asked.applicant)
    actor = party.acting(person, asked.party)
    addressed = _addressed(asked)
    draft = procedures.start_draft(code=asked.procedure_code, actor=actor)
    draft = procedures.save_draft(id=draft.id, values=addressed.values, actor=actor)
    _refuse_strange(addressed.values, draft)
    for index, (component, file_id) in enumerate(papers.keep(brought, actor=actor)):
        try:
            procedures.attach(id=draft.id, component=component, file_id=file_id, actor=actor)
        except NotFound as refusal:
            raise _unfit(f"attachments.{index}.component", refusal.what) from refusal
    done = procedures.submit(id=draft.id, key=asked.code, actor=actor, front="national")
    facts = procedures.sync_facts(done.dossier_id)
    address.check(facts.agency_id, addressed)
    link = Link.objects.create(
        dossier_id=done.dossier_id,
        code=asked.code,
        origin="national",
        person_id=person.id,
        capacity=actor.kind,
        party_id=actor.for_id,
        made_at=clock.now(),
    )
    settle_fee.settle_waiting(link)
    receipt = Receipt(
        code=asked.code, tracking_code=done.tracking_code, status=facts.status, at=done.at
    )
    arrivals.answer(row, receipt)
    audit.record(
        actor=surroundings.PORTAL,
        act="national_portal.received",
        subject=surroundings.subject(link),
        content={
            "code": asked.code,
            "agency_code": asked.agency_code,
            "sha256": row.sha256,
            "key": row.key_id,
            "papers": [one.stated.sha256 for one in brought],
            **_acts_for(asked.party),
        },
    )
    return receipt


def _acts_for(stated: Party | None) -> dict[str, object]:
    """Return what the ledger keeps of whom the applicant acts for, and by which paper."""
    if stated is None:
        return {}
    paper = stated.authorisation
    told: dict[str, object] = {"acts_for": stated.kind}
    return told | ({"authorisation": paper.number} if paper else {})


def _addressed(asked: Submission) -> address.Addressed:
    try:
        return address.addressed(asked)
    except NotFound as refusal:
        raise _unfit("procedure_code", refusal.what) from refusal


def _refuse_strange(values: address.Values, draft: DraftView) -> None:
    """Refuse an answer to a question that the form does not ask: dropping it would lose it."""
    strange = [path for path, given in values.items() if given and path not in draft.values]
    if strange:
        raise Invalid(
            code="national_portal.answers_unknown",
            what=f"Hồ sơ có {len(strange)} mục mà tờ khai không hỏi.",
            why="Tờ khai của thủ tục đã đổi, hoặc tên mục không đúng.",
            mend="Hãy lấy lại tờ khai hiện hành của thủ tục rồi gửi lại.",
            problems=tuple(
                Problem(field=f"values.{path}", say="Không có ô này trong tờ khai.")
                for path in strange
            ),
        )


def _unfit(field: str, say: str) -> Invalid:
    return Invalid(
        code="national_portal.unfit",
        what="Chưa nhận được hồ sơ.",
        why=say,
        mend="Hãy sửa mục được nêu rồi gửi lại.",
        problems=(Problem(field=field, say=say),),
    )
