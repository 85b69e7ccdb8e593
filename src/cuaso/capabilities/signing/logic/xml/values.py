"""What stands in an XML signature for later checks: certificates, answers, archive time stamps.

Pure. Source: ETSI EN 319 132-1, 5.4 (certificate and revocation values), 5.5.1 (validation data of
time stamps), 5.5.2 (archive time stamps, not distributed).
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from cuaso.capabilities.signing.logic.lasting.revocation import Answer, AnswerKind, read
from cuaso.capabilities.signing.logic.lasting.signed_parts import MOST_STORED, Store
from cuaso.capabilities.signing.logic.xml.reading import DS, XADES
from cuaso.capabilities.signing.logic.xml.shape import EXCLUSIVE

XADES_141: Final = "{http://uri.etsi.org/01903/v1.4.1#}"
ARCHIVE: Final = f"{XADES_141}ArchiveTimeStamp"
SIGNATURE_STAMP: Final = f"{XADES}SignatureTimeStamp"
DATA_OF_STAMP: Final = f"{XADES_141}TimeStampValidationData"
CERTIFICATES: Final = f"{XADES}CertificateValues"
REVOCATION: Final = f"{XADES}RevocationValues"
TOKEN: Final = f"{XADES}EncapsulatedTimeStamp"
_SIGNED: Final = (f"{DS}SignedInfo", f"{DS}SignatureValue", f"{DS}KeyInfo")


def properties_of(signature: etree._Element) -> list[etree._Element]:
    """Return the unsigned properties of a signature, in their order."""
    place = _place(signature)
    return [one for one in place if isinstance(one.tag, str)] if place is not None else []


def room_for(signature: etree._Element) -> etree._Element:
    """Return where further unsigned properties go. Only after what stands: earlier stamps are
    over that.
    """
    place = _place(signature)
    if place is None:
        message = "a signature without a time stamp is not made to last"
        raise ValueError(message)
    return place


def store_of(signature: etree._Element) -> Store:
    """Return the certificates and answers that the signature carries with it."""
    place = _place(signature)
    if place is None:
        return Store()
    kinds: tuple[tuple[AnswerKind, str], ...] = (
        ("crl", f"{XADES}EncapsulatedCRLValue"),
        ("ocsp", f"{XADES}EncapsulatedOCSPValue"),
    )
    return Store(
        certificates=tuple(
            Certificate.load(der) for der in _ders(place, f"{XADES}EncapsulatedX509Certificate")
        ),
        answers=tuple(
            answer for kind, name in kinds for answer in _readable(kind, _ders(place, name))
        ),
    )


def write_values(
    place: etree._Element,
    *,
    certificates: Iterable[x509.Certificate],
    answers: Sequence[Answer],
) -> None:
    """Put certificates and answers at the end of an element."""
    values = etree.SubElement(place, CERTIFICATES)
    for one in certificates:
        _write(values, "EncapsulatedX509Certificate", one.public_bytes(Encoding.DER))
    values = etree.SubElement(place, REVOCATION)
    for kind, group, name in (
        ("crl", "CRLValues", "EncapsulatedCRLValue"),
        ("ocsp", "OCSPValues", "EncapsulatedOCSPValue"),
    ):
        ders = [one.der for one in answers if one.kind == kind]
        if ders:
            listed = etree.SubElement(values, f"{XADES}{group}")
            for der in ders:
                _write(listed, name, der)


def write_data_of_stamp(
    place: etree._Element,
    *,
    certificates: Iterable[x509.Certificate],
    answers: Sequence[Answer],
) -> None:
    """Put what a time stamp's check needs at the end of an element."""
    data = etree.SubElement(place, DATA_OF_STAMP, nsmap={"xades141": XADES_141[1:-1]})
    write_values(data, certificates=certificates, answers=answers)


def write_archive_stamp(place: etree._Element, *, token: bytes, canonical: str) -> None:
    stamp = etree.SubElement(place, ARCHIVE, nsmap={"xades141": XADES_141[1:-1]})
    etree.SubElement(stamp, f"{DS}CanonicalizationMethod", Algorithm=canonical)
    _write(stamp, "EncapsulatedTimeStamp", token)


def archived_content(
    signature: etree._Element, *, references: bytes, before: etree._Element | None = None
) -> bytes:
    """Return what an archive time stamp is over: what the references gave, the signature's own
    parts, every unsigned property before the stamp (all for a new one), every other object.
    """
    exclusive = before is not None and _is_exclusive(before)
    parts = [references]
    parts += [
        _canonical(one, exclusive=exclusive)
        for name in _SIGNED
        if (one := signature.find(name)) is not None
    ]
    for one in properties_of(signature):
        if one is before:
            break
        parts.append(_canonical(one, exclusive=exclusive))
    parts += [
        _canonical(one, exclusive=exclusive)
        for one in signature.findall(f"{DS}Object")
        if one.find(f"{XADES}QualifyingProperties") is None
    ]
    return b"".join(parts)


def token_in(stamp: etree._Element) -> bytes:
    """Return the time stamp of a property in DER. Raises ValueError."""
    text = stamp.findtext(TOKEN)
    if not text:
        message = "a time stamp without a token"
        raise ValueError(message)
    return base64.b64decode(text)


def _place(signature: etree._Element) -> etree._Element | None:
    return signature.find(
        f"{DS}Object/{XADES}QualifyingProperties/{XADES}UnsignedProperties"
        f"/{XADES}UnsignedSignatureProperties"
    )


def _is_exclusive(stamp: etree._Element) -> bool:
    method = stamp.find(f"{DS}CanonicalizationMethod")
    return method is not None and method.get("Algorithm") == EXCLUSIVE


def _canonical(one: etree._Element, *, exclusive: bool) -> bytes:
    return etree.tostring(one, method="c14n", exclusive=exclusive, with_comments=False)


def _ders(place: etree._Element, name: str) -> Iterator[bytes]:
    for one in list(place.iter(name))[:MOST_STORED]:
        try:
            yield base64.b64decode(one.text or "", validate=False)
        except binascii.Error:
            continue


def _readable(kind: AnswerKind, ders: Iterable[bytes]) -> Iterator[Answer]:
    for der in ders:
        try:
            yield read(kind, der)
        except (ValueError, StopIteration):
            continue  # a stranger's answer that nobody can read says nothing


def _write(place: etree._Element, name: str, der: bytes) -> None:
    etree.SubElement(place, f"{XADES}{name}").text = base64.b64encode(der).decode()
