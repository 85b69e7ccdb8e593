"""The one place that knows how messages look on the wire.

No public text of the portal's own format was read, so every field name here is ours. Whoever
connects the real portal writes its format here and nowhere else.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, cast
from urllib.parse import quote

from cuaso.capabilities.exchange.api import peers
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Unavailable
from cuaso.services.national_portal.contracts import (
    Addition,
    Applicant,
    Attachment,
    Authorisation,
    FeePaid,
    Party,
    PartyKind,
    Receipt,
    Sealed,
    Submission,
    There,
    Withdrawal,
)
from cuaso.services.national_portal.logic.reading import Reader
from cuaso.services.national_portal.logic.surroundings import PEER
from cuaso.services.procedures.contracts import SyncFacts

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_INLINE: Final = 256 * 1024
MOST_PAPERS: Final = 40
DONG: Final = "VND"
FINISHED: Final = frozenset({9, 10})
ISSUED: Final = frozenset({"issued", "revoked"})
CLOSED: Final = frozenset({3, 7, 8})
SUPPLEMENT_ASKED: Final = 5


def read_submission(body: bytes) -> Submission:
    """Read a submitted dossier; raise Invalid with a problem for each path that is wrong."""
    reader = Reader(unpacked(body))
    person = reader.part("applicant")
    party = reader.optional_part("acts_for")
    asked = Submission(
        code=reader.word("code", most=60),
        procedure_code=reader.word("procedure_code", most=20),
        agency_code=reader.text("agency_code", most=30),
        applicant=Applicant(
            personal_number=person.word("personal_number", most=20),
            name=person.text("name", most=200, needed=True),
            birth_date=person.day("birth_date"),
            sex=person.one_of("sex", ("", "male", "female")),
            phone=person.text("phone", most=20),
            email=person.text("email", most=200),
            address=person.text("address", most=300),
        ),
        values=reader.answers("values"),
        attachments=_attachments(reader),
        party=_party(party) if party else None,
    )
    reader.refuse_if_wrong()
    return asked


def _party(reader: Reader) -> Party:
    kind = reader.one_of("kind", ("business", "ward", "authorised"))
    paper = reader.part("authorisation") if kind == "authorised" else None
    business = kind == "business"
    return Party(
        kind=cast("PartyKind", kind),
        name=reader.text("name", most=200, needed=True),
        tax_code=reader.word("tax_code", most=20) if business else "",
        personal_number="" if business else reader.word("personal_number", most=20),
        authorisation=_authorisation(paper) if paper else None,
    )


def _authorisation(reader: Reader) -> Authorisation:
    return Authorisation(
        number=reader.text("number", most=100, needed=True),
        holder=reader.word("holder", most=20),
        made_date=reader.day("date"),
        last_date=reader.day("until"),
    )


def read_addition(body: bytes) -> Addition:
    """Read an answer to a request for a supplement; raises as `read_submission` does."""
    reader = Reader(unpacked(body))
    asked = Addition(
        key=reader.word("request_id", most=60),
        note=reader.text("note", most=2000),
        values=reader.answers("values"),
        attachments=_attachments(reader),
    )
    reader.refuse_if_wrong()
    return asked


def read_withdrawal(body: bytes) -> Withdrawal:
    """Read a wish to withdraw; raises as `read_submission` does."""
    reader = Reader(unpacked(body))
    asked = Withdrawal(
        key=reader.word("request_id", most=60), reason=reader.text("reason", most=2000)
    )
    reader.refuse_if_wrong()
    return asked


def read_fee_paid(body: bytes) -> FeePaid:
    """Read a notice of money that the portal took; raises as `read_submission` does."""
    reader = Reader(unpacked(body))
    asked = FeePaid(
        transaction=reader.word("transaction", most=60),
        amount_vnd=reader.amount_vnd("amount_vnd"),
        paid_at=reader.moment("paid_at"),
    )
    if reader.text("currency", most=3) not in ("", DONG):
        reader.wrong("currency", "Chỉ nhận đồng Việt Nam (VND).")
    reader.refuse_if_wrong()
    return asked


def fee_digest(code: str, asked: FeePaid) -> str:
    """Return the hash of what a notice of money says."""
    told = {"code": code, "transaction": asked.transaction, "amount_vnd": asked.amount_vnd}
    return sha256_of({**told, "paid_at": asked.paid_at.isoformat()})


def fees_path(day: date, *, page: int) -> str:
    return f"/days/{day.isoformat()}/payments/{page}"


def read_fees(body: Mapping[str, Any]) -> tuple[tuple[tuple[str, FeePaid], ...], bool]:
    """Read one page of what the portal took on a day (code and money), and whether more follows."""
    items, more = body.get("items"), body.get("more")
    if not isinstance(items, list) or not isinstance(more, bool):
        raise senseless()
    return tuple(_fee(one) for one in items), more


def _fee(one: object) -> tuple[str, FeePaid]:
    reader = Reader(one if isinstance(one, dict) else {})
    found = FeePaid(
        transaction=reader.word("transaction", most=60),
        amount_vnd=reader.amount_vnd("amount_vnd"),
        paid_at=reader.moment("paid_at"),
    )
    code = reader.word("code", most=60)
    try:
        reader.refuse_if_wrong()
    except Invalid as error:
        raise senseless() from error
    return code, found


def _attachments(reader: Reader) -> tuple[Attachment, ...]:
    return tuple(_attachment(one) for one in reader.parts("attachments", most=MOST_PAPERS))


def _attachment(reader: Reader) -> Attachment:
    url, inline = reader.text("url", most=500), reader.text("content", most=2 * MOST_INLINE)
    if bool(url) == bool(inline):
        reader.wrong("url", "Phải có đúng một trong hai: “url” hoặc “content”.")
    content = b""
    try:
        content = base64.b64decode(inline, validate=True)
    except (binascii.Error, ValueError):
        reader.wrong("content", "Không phải base64.")
    if len(content) > MOST_INLINE:
        reader.wrong("content", "Tệp gửi kèm quá lớn; hãy gửi địa chỉ để tải về.")
    return Attachment(
        component=reader.word("component", most=60),
        name=reader.text("name", most=200, needed=True),
        media_type=reader.text("media_type", most=100, needed=True),
        sha256=reader.word("sha256", most=64).lower(),
        url=url,
        content=content,
    )


def digest(asked: Submission | Addition | Withdrawal) -> str:
    """Return the hash of what a message says; where its files lie is no part of it."""
    told: dict[str, Any] = {}
    if isinstance(asked, Submission):
        told = {
            "procedure": asked.procedure_code,
            "agency": asked.agency_code,
            "person": asked.applicant.personal_number,
        }
        if asked.party:
            other = asked.party
            told["acts_for"] = [other.kind, other.tax_code or other.personal_number]
    if isinstance(asked, Withdrawal):
        told = {"reason": asked.reason}
    else:
        told |= {
            "values": dict(asked.values),
            "papers": sorted((one.component, one.sha256) for one in asked.attachments),
            "note": asked.note if isinstance(asked, Addition) else "",
        }
    return sha256_of(told)


def sha256_of(told: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def receipt(given: Receipt) -> dict[str, object]:
    """Return the answer to a message."""
    return {
        "code": given.code,
        "tracking_code": given.tracking_code,
        "status": given.status,
        "at": given.at.isoformat(),
    }


def read_receipt(kept: Mapping[str, Any]) -> Receipt:
    """Read an answer that we kept."""
    return Receipt(
        code=kept["code"],
        tracking_code=kept["tracking_code"],
        status=kept["status"],
        at=datetime.fromisoformat(kept["at"]),
    )


def standing(
    facts: SyncFacts, *, status: int, agency_code: str, file_sha256: str
) -> dict[str, object]:
    """Return what the portal is told of a dossier at one status: nothing personal but reasons."""
    said: dict[str, object] = {
        "status": status,
        "tracking_code": facts.tracking_code,
        "dossier_code": facts.dossier_code,
        "procedure_code": facts.procedure_code,
        "agency_code": agency_code,
        "submitted_at": moment(facts.submitted_at),
        "due_at": moment(facts.due_at) if facts.due_at else "",
    }
    if status in CLOSED:
        said["reason"] = facts.reason
    if status == SUPPLEMENT_ASKED:
        said["supplement"] = {
            "items": list(facts.supplement_items),
            "reason": facts.supplement_reason,
        }
    if status in FINISHED:
        said["result"] = {
            "state": facts.result_state,
            "title": facts.result_title,
            "number": facts.result_number,
            "date": facts.result_date.isoformat() if facts.result_date else "",
            "sha256": file_sha256,
        }
    return said


def update(*, said: Mapping[str, object], version: int, at: datetime) -> dict[str, object]:
    """Return the body of `POST /dossiers/{code}/statuses`."""
    return {**said, "version": version, "at": moment(at)}


def moment(at: datetime) -> str:
    """Write a moment as Vietnam's clock shows it: the portal's days are days in Vietnam."""
    return at.astimezone(clock.VIETNAM).isoformat(timespec="seconds")


def result_file(*, name: str, sha256: str, content: bytes) -> dict[str, object]:
    """Return the body of `POST /dossiers/{code}/results`."""
    return {
        "name": name,
        "media_type": "application/pdf",
        "sha256": sha256,
        "content": base64.b64encode(content).decode(),
    }


def quoted(word: str) -> str:
    return quote(word, safe="")


def statuses_path(code: str) -> str:
    return f"/dossiers/{quoted(code)}/statuses"


def results_path(code: str) -> str:
    return f"/dossiers/{quoted(code)}/results"


def dossier_path(code: str) -> str:
    return f"/dossiers/{quoted(code)}"


def submission_path(code: str) -> str:
    return f"/dossiers/{quoted(code)}/submission"


def read_sealed(told: Mapping[str, Any]) -> Sealed:
    """Read a message that the portal hands out again, signed as if it were posted to our door."""
    words = [told.get(name) for name in ("path", "key_id", "timestamp", "signature", "body")]
    path, key_id, timestamp, made, body = [one if isinstance(one, str) else "" for one in words]
    try:
        content = base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise senseless() from error
    return Sealed(
        method="POST",
        path=path,
        body=content,
        key_id=key_id,
        timestamp=timestamp,
        signature=made,
    )


def day_path(day: date, *, page: int) -> str:
    return f"/days/{day.isoformat()}/{page}"


def read_page(body: Mapping[str, Any]) -> tuple[tuple[There, ...], bool]:
    """Read one page of the portal's list of a day, and whether another follows."""
    items, more = body.get("items"), body.get("more")
    if not isinstance(items, list) or not isinstance(more, bool):
        raise senseless()
    return tuple(read_there(one) for one in items), more


def read_there(one: object) -> There:
    """Read how one dossier stands at the portal; raise Unavailable for what means nothing."""
    told = one if isinstance(one, dict) else {}
    code, status, version = (told.get(name) for name in ("code", "status", "version"))
    if not (isinstance(code, str) and isinstance(status, int) and isinstance(version, int)):
        raise senseless()
    return There(code=code, status=status, version=version)


def senseless() -> Unavailable:
    """Return the error for an answer that means nothing: it is asked for again."""
    return peers.senseless(PEER)


def unpacked(body: bytes) -> dict[str, Any]:
    """Return the object that a message is; raise Invalid for anything else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise Invalid(
            code="national_portal.unreadable",
            what="Không đọc được thông điệp.",
            why="Nội dung không phải một đối tượng JSON mã hóa UTF-8.",
            mend="Hãy gửi lại theo đúng khuôn dạng liên thông.",
        )
    return told
