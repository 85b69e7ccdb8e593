"""Who signed and stamped a PDF: certificates and moments, as they stand in it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from asn1crypto.cms import SignedData
from asn1crypto.x509 import Certificate
from cryptography import x509
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from cuaso.capabilities.signing.logic.lasting.revocation import Answer, AnswerKind, read

MOST_STORED = 400  # certificates, answers and lists in one paper


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """A certificate that signed something, and when (None: nobody vouches for it).

    `stamps` says that it is a time-stamp authority's.
    """

    certificate: x509.Certificate
    at: datetime | None
    stamps: bool


@dataclass(frozen=True, kw_only=True)
class Store:
    """The document security store: what stands in the PDF for later checks."""

    certificates: tuple[Certificate, ...] = ()
    answers: tuple[Answer, ...] = ()


def bearers(reader: PdfFileReader) -> tuple[list[Bearer], list[x509.Certificate]]:
    """Return all who signed or stamped, and every certificate in the containers."""
    found: list[Bearer] = []
    pool: list[x509.Certificate] = []
    for signature in reader.embedded_regular_signatures:
        stamp = stamper_of(signature)
        signer = certificate(signature.signer_cert)
        found.append(Bearer(certificate=signer, at=stamp[1] if stamp else None, stamps=False))
        pool += [certificate(one) for one in signature.other_embedded_certs]
        if stamp:
            found.append(Bearer(certificate=stamp[0], at=stamp[1], stamps=True))
            pool += stamp[2]
    for signature in reader.embedded_timestamp_signatures:
        signer = certificate(signature.signer_cert)
        found.append(Bearer(certificate=signer, at=_told(signature.signed_data), stamps=True))
        pool += [certificate(one) for one in signature.other_embedded_certs]
    return found, pool


def stamper_of(
    signature: EmbeddedPdfSignature,
) -> tuple[x509.Certificate, datetime, list[x509.Certificate]] | None:
    """Return who stamped a signature, when, and the certificates beside; None without a stamp."""
    token = token_of(signature)
    if token is None:
        return None
    told = extract_certificate_info(token)
    return (
        certificate(told.signer_cert),
        _told(token),
        [certificate(one) for one in told.other_certs],
    )


def token_of(signature: EmbeddedPdfSignature) -> SignedData | None:
    """Return the time stamp in a signature's container."""
    return next(extract_tst_data_iter(signature.signer_info, signed=False), None)


def store(reader: PdfFileReader) -> Store:
    """Return what stands in the document security store; empty without one.

    Source: ISO 32000-2, 12.8.4.3; ETSI EN 319 142-1, 5.4.
    """
    kept = reader.root.get_and_apply("/DSS", lambda one: one, default=None)
    if kept is None:
        return Store()
    certificates = [
        Certificate.load(der) for der in _streams(kept, "/Certs", DecodePurpose.CERTIFICATE)
    ]
    answers: list[Answer] = []
    kinds: tuple[tuple[AnswerKind, str, DecodePurpose], ...] = (
        ("ocsp", "/OCSPs", DecodePurpose.OCSP_RESPONSE),
        ("crl", "/CRLs", DecodePurpose.CRL),
    )
    for kind, name, purpose in kinds:
        answers += _readable(kind, _streams(kept, name, purpose))
    return Store(certificates=tuple(certificates), answers=tuple(answers))


def certificate(one: Certificate) -> x509.Certificate:
    """Return pyHanko's certificate in the other library's words."""
    return _loaded(one.dump())


def _readable(kind: AnswerKind, ders: Iterable[bytes]) -> list[Answer]:
    found = []
    for der in ders:
        try:
            found.append(read(kind, der))
        except (ValueError, StopIteration):
            continue  # a stranger's answer that nobody can read says nothing
    return found


def _streams(kept: object, name: str, purpose: DecodePurpose) -> list[bytes]:
    listed = kept.get_and_apply(name, list, default=[])  # type: ignore[attr-defined]
    return [one.get_object().read_data(purpose) for one in listed[:MOST_STORED]]


def _told(token: object) -> datetime:
    info = token["encap_content_info"]["content"].parsed  # type: ignore[index]
    moment: datetime = info["gen_time"].native
    return moment


@lru_cache(maxsize=2048)
def _loaded(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)
