"""What a PDF's signatures are worth. Pure: bytes, roots and a moment in, a verdict out.

Knows no Django, so that it can run in a process of its own with limits.
"""

import asyncio
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_signature
from pyhanko.sign.validation.generic_cms import collect_timing_info, validate_sig_integrity
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from cuaso.capabilities.signing.contracts import KeyKind, SignatureVerdict, Verdict
from cuaso.capabilities.signing.logic import hex_strings
from cuaso.capabilities.signing.logic.certificates import certificates
from cuaso.kernel import clock

hex_strings.install()

MOST_SIGNATURES = 20
MOST_FIELDS = 50
LONGEST_TEXT = 300

UNTOUCHED = "Sau chữ ký này văn bản không thay đổi."
AS_PERMITTED = "Sau chữ ký này chỉ có phần được phép: điền số, ngày và ký số của cơ quan."
UNREADABLE = "Chữ ký này không đọc được nên không có giá trị."
TAMPERED = "Sau chữ ký này văn bản đã bị sửa ngoài phần được phép."


class Who(TypedDict):
    """What a certificate says of its holder."""

    kind: KeyKind
    signer: str
    title: str
    organisation: str
    issuer: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """What an examination needs beside the PDF.

    `signature_roots` and `timestamp_roots` are PEM texts; `revoked` is fingerprint → ISO moment.
    """

    signature_roots: Sequence[str]
    timestamp_roots: Sequence[str]
    revoked: Mapping[str, str]
    at: datetime


def examine(pdf: bytes, question: Question) -> Verdict:
    """Return the verdict; whatever the bytes are, it is a verdict and never an exception."""
    try:
        return asyncio.run(_examine(pdf, question))
    except Exception:  # noqa: BLE001 hostile bytes break a parser in any way
        return Verdict(
            ok=False, sentence="Tệp này không phải là văn bản PDF đọc được, hoặc đã bị hỏng."
        )


def broken(reader: PdfFileReader) -> str:
    """Return why the first signature no longer holds, "" if it does; trust is not asked."""
    try:
        first = reader.embedded_regular_signatures[0]
        first.compute_integrity_info()
        sound = validate_sig_integrity(
            first.signer_info, first.signer_cert, "data", first.compute_digest()
        )
    except Exception:  # noqa: BLE001 as in examine
        return UNREADABLE
    return "" if all(sound) and first.summarise_integrity_info()["docmdp_ok"] else TAMPERED


async def _examine(pdf: bytes, question: Question) -> Verdict:
    if pdf.lstrip()[:5] != b"%PDF-":
        return Verdict(ok=False, sentence="Tệp này không phải là PDF.")
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    if reader.encrypted:
        return Verdict(ok=False, sentence="Tệp PDF đặt mật khẩu nên không kiểm tra được chữ ký.")
    embedded = list(reader.embedded_regular_signatures)
    if not embedded:
        return Verdict(ok=False, sentence="Văn bản này không có chữ ký số.")
    if len(embedded) > MOST_SIGNATURES:
        return Verdict(ok=False, sentence="Văn bản có quá nhiều chữ ký nên không kiểm tra.")
    signatures = tuple([await _signature(one, question) for one in embedded])
    return Verdict(
        ok=all(one.ok for one in signatures),
        sentence=_sum(signatures),
        signatures=signatures,
        fields=_texts(reader),
    )


def _sum(signatures: tuple[SignatureVerdict, ...]) -> str:
    if all(one.ok for one in signatures):
        return f"Văn bản có {len(signatures)} chữ ký số, tất cả đều hợp lệ."
    wrong = sum(not one.ok for one in signatures)
    if not all(one.intact for one in signatures):
        return "Văn bản hoặc chữ ký đã bị thay đổi sau khi ký. Không nên tin văn bản này."
    return f"Văn bản có {len(signatures)} chữ ký số, trong đó {wrong} chữ ký chưa đủ tin cậy."


async def _signature(embedded: EmbeddedPdfSignature, question: Question) -> SignatureVerdict:
    try:
        return await _judge(embedded, question)
    except Exception:  # noqa: BLE001 as in examine
        return SignatureVerdict(
            field=_text(getattr(embedded, "field_name", "")),
            kind="person",
            signer="",
            title="",
            organisation="",
            issuer="",
            fingerprint="",
            signed_at=None,
            stamped=False,
            intact=False,
            trusted=False,
            revoked=False,
            changed_after="",
            ok=False,
            sentence=UNREADABLE,
        )


async def _judge(embedded: EmbeddedPdfSignature, question: Question) -> SignatureVerdict:
    stamp = await _stamp(embedded, question)
    status = await async_validate_pdf_signature(
        embedded,
        signer_validation_context=_context(question.signature_roots, at=stamp or question.at),
        ts_validation_context=_context(question.timestamp_roots, at=question.at),
    )
    certificate = embedded.signer_cert
    fingerprint = hashlib.sha256(certificate.dump()).hexdigest()
    signed_at = stamp or _claimed(embedded)
    changed = _changes(status)
    intact = bool(status.intact and status.valid) and changed != TAMPERED
    revoked = _revoked(fingerprint, signed_at or question.at, question.revoked)
    trusted = bool(status.trusted)
    facts = _who(certificate)
    ok = intact and trusted and not revoked and stamp is not None
    return SignatureVerdict(
        field=_text(embedded.field_name),
        **facts,
        fingerprint=fingerprint,
        signed_at=signed_at,
        stamped=stamp is not None,
        intact=intact,
        trusted=trusted,
        revoked=revoked,
        changed_after=changed,
        ok=ok,
        sentence=_say(
            facts,
            signed_at=signed_at,
            stamp=stamp,
            intact=intact,
            trusted=trusted,
            revoked=revoked,
            changed=changed,
        ),
    )


async def _stamp(embedded: EmbeddedPdfSignature, question: Question) -> datetime | None:
    """Return the moment of a time stamp that holds and is trusted."""
    timing = await collect_timing_info(
        embedded.signer_info,
        _context(question.timestamp_roots, at=question.at),
        raw_digest=embedded.compute_digest,
    )
    status = timing.get("timestamp_validity")
    if status is None or not (status.intact and status.valid and status.trusted):
        return None
    moment: datetime = status.timestamp
    return moment


def _context(roots: Sequence[str], *, at: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=[one for text in roots for one in certificates(text)],
        allow_fetching=False,
        moment=at,
    )


def _claimed(embedded: EmbeddedPdfSignature) -> datetime | None:
    moment = embedded.self_reported_timestamp
    return moment if isinstance(moment, datetime) and moment.tzinfo else None


def _changes(status: PdfSignatureStatus) -> str:
    if status.modification_level == ModificationLevel.NONE:
        return UNTOUCHED
    permitted = status.modification_level is not None and status.docmdp_ok
    return AS_PERMITTED if permitted else TAMPERED


def _revoked(fingerprint: str, moment: datetime, revoked: Mapping[str, str]) -> bool:
    since = revoked.get(fingerprint)
    return since is not None and datetime.fromisoformat(since) <= moment


def _who(certificate: Certificate) -> Who:
    subject, issuer = certificate.subject.native, certificate.issuer.native
    name = _text(subject.get("common_name", ""))
    organisation = _text(subject.get("organization_name", ""))
    # An agency's certificate names the agency twice.
    kind: KeyKind = "agency" if name and organisation == name else "person"
    return {
        "kind": kind,
        "signer": name,
        "title": _text(subject.get("title", "")),
        "organisation": organisation,
        "issuer": _text(issuer.get("common_name", "")),
    }


def _say(
    facts: Who,
    *,
    signed_at: datetime | None,
    stamp: datetime | None,
    intact: bool,
    trusted: bool,
    revoked: bool,
    changed: str,
) -> str:
    parts = [f"{_signer(facts)} {_when(signed_at, stamp)}."]
    if not intact:
        parts.append("Văn bản hoặc chữ ký đã bị thay đổi sau khi ký.")
    else:
        parts.append("Chữ ký còn nguyên vẹn.")
    if revoked:
        parts.append("Chứng thư số đã bị thu hồi trước khi ký.")
    elif trusted:
        parts.append("Chứng thư số do nơi đáng tin cậy cấp.")
    else:
        parts.append("Chưa xác định được nơi cấp chứng thư số là đáng tin cậy.")
    if stamp is None:
        parts.append("Không có dấu thời gian đáng tin cậy.")
    return " ".join([*parts, changed])


def _signer(facts: Who) -> str:
    if facts["kind"] == "agency":
        return f"Cơ quan {facts['signer']}"
    named = [facts["signer"] or "Người ký không rõ tên", facts["title"], facts["organisation"]]
    return ", ".join(part for part in named if part)


def _when(signed_at: datetime | None, stamp: datetime | None) -> str:
    if signed_at is None:
        return "ký, không ghi thời gian"
    moment = signed_at.astimezone(clock.VIETNAM).strftime("%H:%M:%S ngày %d/%m/%Y")
    return f"ký lúc {moment}" + ("" if stamp else " theo lời khai của máy ký")


def _texts(reader: PdfFileReader) -> dict[str, str]:
    """Return name → value of the text fields: the number and the date."""
    form = reader.root["/AcroForm"]
    found = [one.get_object() for one in list(form["/Fields"])[:MOST_FIELDS]]
    return {
        _text(one["/T"]): one.get_and_apply("/V", _text, default="")
        for one in found
        if "/FT" in one and one["/FT"] == "/Tx" and "/T" in one
    }


def _text(value: object) -> str:
    return "".join(letter for letter in str(value)[:LONGEST_TEXT] if letter.isprintable())
