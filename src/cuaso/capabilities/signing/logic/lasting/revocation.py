"""What OCSP answers and revocation lists say of a certificate. Pure: bytes in, a finding out.

Sources: RFC 6960 (OCSP; 4.2.2.2 who may answer), RFC 5280 (section 5: lists; 5.2.5 their scope).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from cuaso.capabilities.signing.logic.weakness import weak_name

AnswerKind = Literal["ocsp", "crl"]
# What an outsider's bytes make the library raise.
ODD = (
    *(ValueError, TypeError, UnsupportedAlgorithm, x509.ExtensionNotFound),
    *(x509.DuplicateExtension, x509.UnsupportedGeneralNameType, x509.InvalidVersion),
)
# Nobody vouches for what was signed before such a revocation either, unless a stamp precedes it.
COMPROMISED = frozenset({"unspecified", "keyCompromise", "cACompromise", "aACompromise"})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer or list as an authority gave it, in DER."""

    kind: AnswerKind
    der: bytes
    this_update_at: datetime
    next_update_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one answer says of one certificate. `revoked_at` is None while it is good."""

    revoked_at: datetime | None
    reason: str
    as_of_at: datetime


def read(kind: AnswerKind, der: bytes) -> Answer:
    """Raises ValueError for what is neither a list nor a successful answer."""
    if kind == "crl":
        listed = _crl(der)
        return Answer(
            kind=kind,
            der=der,
            this_update_at=listed.last_update_utc,
            next_update_at=listed.next_update_utc,
        )
    one = next(iter(_ocsp(der).responses))
    return Answer(
        kind=kind, der=der, this_update_at=one.this_update_utc, next_update_at=one.next_update_utc
    )


def finding(
    answer: Answer, *, certificate: x509.Certificate, issuer: x509.Certificate
) -> Finding | None:
    """Return what the answer says, None where it says nothing of the certificate, is not signed by
    who may, or cannot be read. Over a weak digest only a revocation is believed: who forges that
    gains nothing.
    """
    try:
        of_kind = _in_list if answer.kind == "crl" else _in_answer
        found = of_kind(answer.der, certificate, issuer)
    except ODD:
        return None
    return None if found and found.revoked_at is None and weak_digest(answer) else found


def weak_digest(answer: Answer) -> str:
    """Return the weak digest that an answer or list is signed over, "" when it is none."""
    try:
        signed = _crl(answer.der) if answer.kind == "crl" else _ocsp(answer.der)
        return weak_name(signed.signature_hash_algorithm)
    except ODD:
        return ""


def why_nothing(answer: Answer) -> str:
    """Return why an answer in which nothing was found does not count."""
    name = weak_digest(answer)
    if name:
        return f"câu trả lời dùng thuật toán băm {name} không còn an toàn nên không được công nhận"
    return "câu trả lời không đúng người ký hoặc không về chứng thư này"


def list_holds(answer: Answer, *, issuer: x509.Certificate) -> bool:
    """Say whether a list is the issuer's own."""
    try:
        listed = _crl(answer.der)
        return listed.issuer == issuer.subject and _list_is_signed(answer.der, _public(issuer))
    except ODD:
        return False


@lru_cache(maxsize=256)
def _crl(der: bytes) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(der)


@lru_cache(maxsize=1024)
def _ocsp(der: bytes) -> ocsp.OCSPResponse:
    answer = ocsp.load_der_ocsp_response(der)
    if answer.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
        message = f"the responder refused: {answer.response_status.name}"
        raise ValueError(message)
    return answer


def _in_list(der: bytes, certificate: x509.Certificate, issuer: x509.Certificate) -> Finding | None:
    listed = _crl(der)
    if listed.issuer != issuer.subject or not _covers(listed, certificate):
        return None
    if not _list_is_signed(der, _public(issuer)):
        return None
    entry = listed.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is None:
        return Finding(revoked_at=None, reason="", as_of_at=listed.last_update_utc)
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
    except x509.ExtensionNotFound:
        reason = "unspecified"
    if reason == "removeFromCRL":
        return Finding(revoked_at=None, reason="", as_of_at=listed.last_update_utc)
    return Finding(
        revoked_at=entry.revocation_date_utc, reason=reason, as_of_at=listed.last_update_utc
    )


def _covers(listed: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Say whether a list in parts is about such a certificate; a list of changes never suffices."""
    known = {
        x509.IssuingDistributionPoint.oid,
        x509.CRLNumber.oid,
        x509.AuthorityKeyIdentifier.oid,
    }
    if any(one.critical and one.oid not in known for one in listed.extensions):
        return False
    try:
        scope = listed.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return True
    try:
        authority = bool(
            certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        )
    except x509.ExtensionNotFound:
        authority = False
    narrow = scope.only_some_reasons or scope.indirect_crl or scope.only_contains_attribute_certs
    other = (scope.only_contains_user_certs and authority) or (
        scope.only_contains_ca_certs and not authority
    )
    return not narrow and not other


@lru_cache(maxsize=256)
def _list_is_signed(der: bytes, public: bytes) -> bool:
    key = _loaded(public)
    return isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey) and _crl(
        der
    ).is_signature_valid(key)


def _in_answer(
    der: bytes, certificate: x509.Certificate, issuer: x509.Certificate
) -> Finding | None:
    answer = _ocsp(der)
    for one in answer.responses:
        about = one.serial_number == certificate.serial_number and (
            one.issuer_key_hash == _key_hash(issuer, one.hash_algorithm)
        )
        if not about or not _answer_is_signed(der, issuer.public_bytes(Encoding.DER)):
            continue
        if one.certificate_status == ocsp.OCSPCertStatus.GOOD:
            return Finding(revoked_at=None, reason="", as_of_at=one.this_update_utc)
        if one.certificate_status == ocsp.OCSPCertStatus.REVOKED:
            reason = one.revocation_reason.value if one.revocation_reason else "unspecified"
            return Finding(
                revoked_at=one.revocation_time_utc, reason=reason, as_of_at=one.this_update_utc
            )
    return None


@lru_cache(maxsize=1024)
def _answer_is_signed(der: bytes, issuer_der: bytes) -> bool:
    """Say whether the issuer signed, or whom the issuer certified for answering (4.2.2.2)."""
    answer, issuer = _ocsp(der), x509.load_der_x509_certificate(issuer_der)
    delegated = [one for one in answer.certificates if _may_answer(one, issuer, answer)]
    algorithm = answer.signature_hash_algorithm
    return algorithm is not None and any(
        _signed(one, answer.signature, answer.tbs_response_bytes, algorithm)
        for one in (issuer, *delegated)
    )


def _may_answer(one: x509.Certificate, issuer: x509.Certificate, answer: ocsp.OCSPResponse) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
        usages = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (InvalidSignature, *ODD):
        return False
    in_time = one.not_valid_before_utc <= answer.produced_at_utc <= one.not_valid_after_utc
    return in_time and ExtendedKeyUsageOID.OCSP_SIGNING in usages


def _signed(
    signer: x509.Certificate, signature: bytes, content: bytes, algorithm: hashes.HashAlgorithm
) -> bool:
    key = signer.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, content, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, content, padding.PKCS1v15(), algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _key_hash(issuer: x509.Certificate, algorithm: hashes.HashAlgorithm) -> bytes:
    key = issuer.public_key()
    elliptic = isinstance(key, ec.EllipticCurvePublicKey)
    content = key.public_bytes(
        Encoding.X962 if elliptic else Encoding.DER,
        PublicFormat.UncompressedPoint if elliptic else PublicFormat.PKCS1,
    )
    return hashlib.new(algorithm.name, content).digest()


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@lru_cache(maxsize=256)
def _loaded(public: bytes) -> object:
    return load_der_public_key(public)
