from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.exchange import contracts, models
from cuaso.capabilities.exchange.contracts import Consent, Facts
from cuaso.capabilities.exchange.logic.source import BREAKER, Answer, ask, refuse_senseless
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.numbers import PersonalNumber
from cuaso.kernel.subjects import Subject

GROUPS = {
    "identity": ("name", "birth_date", "sex", "ethnic_group", "nationality"),
    "residence": ("residence", "place_code"),
    "family": ("marital_status", "spouse_number"),
}
ALL = "population"
NOT_FOUND = 404
OK = 200


def person_facts(
    *,
    personal_number: str,
    purpose: str,
    consent: Consent | None,
    actor: Actor,
    subject: Subject | None = None,
) -> Facts:
    """Ask the source for a person's facts, with evidence, ledger entry and a look to be seen.

    Call it outside a transaction: it waits for another system. `subject` is what it is for
    (a dossier), else the person. Raises Invalid without a purpose or for a malformed number,
    NotAllowed without a consent that covers it, NotFound when the source knows no such person,
    Unavailable when it does not answer.
    """
    number = PersonalNumber.parse(personal_number).text
    names = _allowed(purpose, consent)
    request_id = new_id()
    answer = ask("GET", f"/people/{number}", request_id=request_id)
    found = answer.status == OK
    facts = _facts(answer.body, number=number, names=names) if found else {}
    if not found and answer.status != NOT_FOUND:
        raise refuse_senseless()
    BREAKER.succeeded()
    evidence = _keep(
        number=number, request_id=request_id, answer=answer, purpose=purpose,
        consent=_given(consent), actor=actor, subject=subject, names=names,
    )  # fmt: skip
    if not found:
        _not_found()
    return Facts(personal_number=number, evidence=evidence, **facts)


def _allowed(purpose: str, consent: Consent | None) -> tuple[str, ...]:
    """Return the names of the facts that purpose and consent allow."""
    if not purpose.strip():
        raise Invalid(
            code="exchange.no_purpose",
            what="Chưa ghi mục đích khai thác dữ liệu dân cư.",
            mend="Hãy ghi rõ mục đích; người có dữ liệu sẽ đọc được.",
            problems=(Problem(field="purpose", say="Hãy ghi mục đích."),),
        )
    given = _given(consent)
    groups = GROUPS if ALL in given.scope else {g: GROUPS[g] for g in GROUPS if g in given.scope}
    if not groups or given.given_at > clock.now():
        raise _no_consent("Sự đồng ý không bao gồm dữ liệu dân cư.")
    return tuple(name for names in groups.values() for name in names)


def _given(consent: Consent | None) -> Consent:
    if consent is None:
        raise _no_consent("Chưa có sự đồng ý của người có dữ liệu.")
    return consent


def _no_consent(why: str) -> NotAllowed:
    return NotAllowed(
        code="exchange.no_consent",
        what="Không được lấy dữ liệu dân cư.",
        why=why,
        mend="Hãy hỏi ý người có dữ liệu, hoặc tự nhập thông tin.",
    )


def _not_found() -> NoReturn:
    raise NotFound(
        code="exchange.no_person",
        what="Nguồn dữ liệu dân cư không có người mang số định danh này.",
        mend="Hãy kiểm tra lại 12 chữ số.",
    )


def _facts(body: Mapping[str, Any], *, number: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the allowed facts as the contract types them; raise Unavailable for senseless ones."""
    texts = {name: body.get(name, "") for group in GROUPS.values() for name in group}
    try:
        born = date.fromisoformat(texts["birth_date"])
    except (ValueError, TypeError) as error:
        raise refuse_senseless() from error
    known = all(isinstance(value, str) for value in texts.values())
    same = body.get("personal_number") == number
    if not (known and same and texts["name"] and texts["sex"] in ("male", "female")):
        raise refuse_senseless()
    return {name: born if name == "birth_date" else texts[name] for name in names}


def _keep(
    *,
    number: str,
    request_id: UUID,
    answer: Answer,
    purpose: str,
    consent: Consent,
    actor: Actor,
    subject: Subject | None,
    names: tuple[str, ...],
) -> contracts.Evidence:
    known = directory.find_person(number)
    person_id = known.id if known else consent.person_id
    about = subject or Subject(kind="exchange.consent", id=consent.id)
    with transaction.atomic():
        row = models.Evidence.objects.create(
            source="population",
            request_id=request_id,
            asked_at=clock.now(),
            answer_sha256=answer.sha256,
            found=answer.status == OK,
            purpose=purpose,
            consent_id=consent.id,
            person_id=person_id,
            subject_kind=about.kind,
            subject_id=about.id,
        )
        audit.record(
            actor=actor,
            act="exchange.population_asked",
            subject=about,
            content={
                "evidence": row.id,
                "request": request_id,
                "sha256": answer.sha256,
                "purpose": purpose,
                "consent": consent.id,
                "facts": list(names),
            },
        )
        if person_id is not None:
            audit.log_look(
                actor=actor, person_id=person_id, subject=about, purpose=purpose,
                task="Dữ liệu dân cư",
            )  # fmt: skip
    return seen(row)


def seen(row: models.Evidence) -> contracts.Evidence:
    return contracts.Evidence(
        id=row.id,
        request_id=row.request_id,
        at=row.asked_at,
        sha256=row.answer_sha256,
        purpose=row.purpose,
        found=row.found,
    )
