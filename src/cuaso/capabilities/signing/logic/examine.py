"""What a PDF's signatures are worth. Pure: bytes, roots and a moment in, a verdict out.

Knows no Django, so that it can run in a process of its own with limits.
"""

import asyncio
import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from cuaso.capabilities.signing.contracts import Verdict
from cuaso.capabilities.signing.logic import hex_strings
from cuaso.capabilities.signing.logic.judging import judge
from cuaso.capabilities.signing.logic.lasting.knowledge import judge_stamps, knowledge_of
from cuaso.capabilities.signing.logic.lasting.revocation import read
from cuaso.capabilities.signing.logic.wording import TAMPERED, UNREADABLE, summary, text

hex_strings.install()

MOST_SIGNATURES = 20
MOST_FIELDS = 50


@dataclass(frozen=True, kw_only=True)
class Question:
    """What an examination needs beside the PDF.

    `signature_roots` and `timestamp_roots` are PEM texts; `revoked` is fingerprint → ISO moment;
    `lists` are revocation lists in force, DER in base 64.
    """

    signature_roots: Sequence[str]
    timestamp_roots: Sequence[str]
    revoked: Mapping[str, str]
    at: datetime
    lists: Sequence[str] = ()


def examine(pdf: bytes, question: Question) -> Verdict:
    """Return the verdict; whatever the bytes are, it is a verdict and never an exception."""
    try:
        return asyncio.run(_examine(pdf, question))
    except Exception:  # noqa: BLE001 hostile bytes break a parser in any way
        return Verdict(
            ok=False, sentence="Tệp này không phải là văn bản PDF đọc được, hoặc đã bị hỏng."
        )


def broken(reader: PdfFileReader) -> str:
    """Return why a signature no longer holds, "" if all do; trust is not asked."""
    try:
        holding = [_holds(one) for one in reader.embedded_regular_signatures]
    except Exception:  # noqa: BLE001 as in examine
        return UNREADABLE
    if not holding:
        return UNREADABLE
    return "" if all(holding) else TAMPERED


def _holds(one: EmbeddedPdfSignature) -> bool:
    one.compute_integrity_info()  # type: ignore[no-untyped-call]
    sound = validate_sig_integrity(one.signer_info, one.signer_cert, "data", one.compute_digest())
    return all(sound) and bool(one.summarise_integrity_info()["docmdp_ok"])


async def _examine(pdf: bytes, question: Question) -> Verdict:
    if pdf.lstrip()[:5] != b"%PDF-":
        return Verdict(ok=False, sentence="Tệp này không phải là PDF.")
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    if reader.encrypted and reader.decrypt("").status == AuthStatus.FAILED:
        return Verdict(ok=False, sentence="Tệp PDF đặt mật khẩu nên không kiểm tra được chữ ký.")
    embedded = list(reader.embedded_regular_signatures)
    if not embedded:
        return Verdict(ok=False, sentence="Văn bản này không có chữ ký số.")
    if len(embedded) > MOST_SIGNATURES:
        return Verdict(ok=False, sentence="Văn bản có quá nhiều chữ ký nên không kiểm tra.")
    knowledge = knowledge_of(
        reader,
        signature_roots=question.signature_roots,
        timestamp_roots=question.timestamp_roots,
        answers=[read("crl", base64.b64decode(one)) for one in question.lists],
        revoked=question.revoked,
        now=question.at,
    )
    await judge_stamps(reader, knowledge)
    signatures = tuple([await judge(one, knowledge) for one in embedded])
    return Verdict(
        ok=all(one.ok for one in signatures),
        sentence=summary(signatures),
        signatures=signatures,
        fields=_texts(reader),
    )


def _texts(reader: PdfFileReader) -> dict[str, str]:
    """Return name → value of the text fields: the number and the date."""
    form = reader.root["/AcroForm"]
    found = [one.get_object() for one in list(form["/Fields"])[:MOST_FIELDS]]
    return {
        text(one["/T"]): one.get_and_apply("/V", text, default="")
        for one in found
        if "/FT" in one and one["/FT"] == "/Tx" and "/T" in one
    }
