"""The clerk gives number and date, puts the agency's seal, and the result is issued."""

from datetime import date
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.signing import api as signing
from cuaso.foundation.directory import api as directory
from cuaso.foundation.files import api as files
from cuaso.foundation.files.contracts import StoredFile
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.services.locker import api as locker
from cuaso.services.procedures.logic.course import deputies, steps
from cuaso.services.procedures.logic.deciding import attempts, correct_result, deliver
from cuaso.services.procedures.logic.matter import codes, declared, rows
from cuaso.services.procedures.logic.matter.status import Status
from cuaso.services.procedures.logic.seeing import viewing
from cuaso.services.procedures.logic.sheets import render
from cuaso.services.procedures.logic.telling import notify, write_records
from cuaso.services.procedures.models import Dossier, Result


@viewing.shown
def seal(*, id: UUID, actor: Actor, version: int | None = None) -> viewing.Acted:
    """Number, date, seal and issue a signed result; it lands in its owner's locker.

    The number is bound to the result before the token is asked: when sealing fails it stays bound
    and the next try uses it, so the book has neither gap nor double. What the result declares to
    be written with the seal is tried first: where a registry refuses it, no number is given and
    nothing is sealed.
    Source: decree 30/2020/NĐ-CP, annex I.
    """
    held = _claim(id=id, actor=actor, version=version)
    try:
        sealed = _seal(held, dossier_id=id)
        stored = files.store_bytes(
            actor=actor, name="ket-qua.pdf", media_type="application/pdf", content=sealed
        )
        dossier = _issue(held, stored, id=id, actor=actor)
    except Exception:
        attempts.release(held.result_id, held.attempt, back_to="signed")
        raise
    return dossier, actor


def _issue(held: attempts.Try, stored: StoredFile, *, id: UUID, actor: Actor) -> Dossier:
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work")
        result = attempts.take_back(dossier, held)
        work = steps.waiting(dossier, "seal", actor=actor)
        result.state, result.attempt = "issued", None
        result.final_file_id, result.issued_at = stored.id, clock.now()
        earlier = correct_result.make_room(dossier, result, actor=actor)
        result.locker_paper_id = _keep(dossier, result, actor=actor)
        rows.rewrite(result)
        actor = deputies.acting(actor, work)
        steps.advance(dossier, work, decision="sealed", actor=actor)
        if earlier is None:
            _finish(dossier, result, sha256=stored.sha256, actor=actor)
        else:
            correct_result.finish(dossier, result, earlier, actor=actor)
        write_records.seal_records(dossier)
    return dossier


def _finish(dossier: Dossier, result: Result, *, sha256: str, actor: Actor) -> None:
    dossier.status, dossier.finished_at = Status.DONE, clock.now()
    dossier.delivery_state = "ready"
    notify.applicant(dossier, template="result_ready")
    steps.finish_act(
        dossier, actor=actor, act="issued", content={"number": result.number, "sha256": sha256}
    )
    if dossier.channel == "online":
        deliver.into_locker(dossier)


def _claim(*, id: UUID, actor: Actor, version: int | None) -> attempts.Try:
    with transaction.atomic():
        dossier = steps.locked(id=id, actor=actor, act="work", version=version)
        steps.waiting(dossier, "seal", actor=actor)
        result = attempts.claim(dossier, state="signed", trying="sealing")
        if not result.number:
            _number(dossier, result, on=clock.today())
        write_records.rehearse(dossier)
    if result.signed_file_id is None or result.attempt is None:
        raise steps.unknown()
    return attempts.Try(result_id=result.id, attempt=result.attempt, file_id=result.signed_file_id)


def _number(dossier: Dossier, result: Result, *, on: date) -> None:
    book = declared.procedure(dossier.procedure).result.book
    issuer = steps.issuer(dossier)
    last = codes.book_number(agency_id=issuer, book=book, year=on.year)
    written = declared.procedure(dossier.procedure).result.number
    result.book = f"{issuer}/{book}/{on.year}"
    result.number = written.format(number=f"{last:02d}", year=on.year)
    result.number_date = on
    rows.update(result, "book", "number", "number_date")


def _seal(held: attempts.Try, *, dossier_id: UUID) -> bytes:
    dossier = rows.required(dossier_id)
    result = rows.result(dossier)
    if result is None:
        raise steps.unknown()
    agency = directory.agency(steps.issuer(dossier))
    day = result.number_date or clock.today()
    return signing.seal(
        pdf=files.read_clean(held.file_id),
        key=f"agency-{agency.id}",
        agency_name=agency.name,
        values={
            "number": result.number,
            "date": render.place_and_date(agency, on=day),
        },
        box=declared.boxes(dossier.procedure).get("seal"),
    )


def _keep(dossier: Dossier, result: Result, *, actor: Actor) -> UUID:
    agency = directory.agency(steps.issuer(dossier))
    declaration = declared.procedure(dossier.procedure)
    on = result.number_date or clock.today()
    if result.final_file_id is None:
        raise steps.unknown()
    paper = locker.keep(
        owner_id=dossier.party_id,
        kind=result.kind,
        title=f"{result.title} – {dossier.subject_name or dossier.applicant_name}",
        file_id=result.final_file_id,
        provenance=locker.Provenance(
            agency_id=agency.id,
            agency_name=agency.name,
            dossier_id=dossier.id,
            dossier_code=dossier.dossier_code or dossier.tracking_code,
            number=result.number,
            issued_date=on,
            signed_by=result.signer,
        ),
        verify_code=result.verify_code,
        valid_until=declared.valid_until(declaration, on=on),
        actor=actor,
    )
    return paper.id
