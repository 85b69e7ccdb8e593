"""Tell others what is revoked: the list (RFC 5280, 5) and answers about one (OCSP, RFC 6960)."""

from datetime import timedelta
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from django.db.models import F

from cuaso.capabilities.certificates.logic.authority import authority, certificate_of, key_of
from cuaso.capabilities.certificates.models import Authority, Certificate
from cuaso.kernel.clock import now
from cuaso.kernel.errors import Refusal

LIST_FRESH: Final = timedelta(hours=12)
LIST_LIFE: Final = timedelta(days=2)
ANSWER_LIFE: Final = timedelta(hours=1)
_MOST_BYTES: Final = 4_096
_LONGEST_NONCE: Final = 32
_ODD: Final = (UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


def authority_der() -> bytes:
    """Return the authority's own certificate."""
    return certificate_of(authority()).public_bytes(serialization.Encoding.DER)


def crl() -> bytes:
    """Return the list of revoked certificates (DER); remade after each revocation."""
    house = authority()
    if house.list_der is not None and _is_fresh(house):
        return bytes(house.list_der)
    return _listed(house)


def answer_ocsp(question: bytes) -> bytes:
    """Return the signed answer to one question (DER); unreadable ones get the standard's error."""
    refused = ocsp.OCSPResponseBuilder.build_unsuccessful
    try:
        asked = ocsp.load_der_ocsp_request(question[:_MOST_BYTES])
        return _answer(asked)
    except (ValueError, TypeError, NotImplementedError, *_ODD):
        made = refused(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    except Refusal:  # the token is out of reach: the asker may come again
        made = refused(ocsp.OCSPResponseStatus.TRY_LATER)
    return made.public_bytes(serialization.Encoding.DER)


def _is_fresh(house: Authority) -> bool:
    """A revocation while a list was being signed makes that list old, too."""
    made = house.list_made_at
    if made is None or now() - made > LIST_FRESH:
        return False
    return not Certificate.objects.filter(authority=house, revoked_at__gte=made).exists()


def _listed(house: Authority) -> bytes:
    begun = now()
    moment = begun.replace(microsecond=0)
    rows = Certificate.objects.filter(
        authority=house, revoked_at__isnull=False, valid_to_at__gt=moment - LIST_LIFE
    )
    number = house.list_number + 1
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(certificate_of(house).subject)
        .last_update(moment)
        .next_update(moment + LIST_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key_of(house).public_key()),
            critical=False,
        )
    )
    for row in rows.order_by("revoked_at"):
        builder = builder.add_revoked_certificate(_entry(row))
    made = builder.sign(key_of(house), hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    kept = Authority.objects.filter(id=house.id, list_number=house.list_number)
    kept.update(list_der=made, list_number=F("list_number") + 1, list_made_at=begun)
    return made


def _entry(row: Certificate) -> x509.RevokedCertificate:
    revoked = row.revoked_at or now()
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(int(row.serial, 16))
        .revocation_date(revoked.replace(microsecond=0))
    )
    if row.revoke_reason != "unspecified":  # RFC 5280 5.3.1: left out rather than said
        flag = x509.ReasonFlags(row.revoke_reason)
        builder = builder.add_extension(x509.CRLReason(flag), critical=False)
    return builder.build()


def _answer(asked: ocsp.OCSPRequest) -> bytes:
    house = authority()
    above, moment = certificate_of(house), now().replace(microsecond=0)
    row = Certificate.objects.filter(authority=house, serial=f"{asked.serial_number:x}").first()
    ours = row is not None and _is_ours(asked, row, above)
    if row is None or not ours:
        made = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED)
        return made.public_bytes(serialization.Encoding.DER)
    gone = row.revoked_at
    flag = x509.ReasonFlags(row.revoke_reason) if gone else None
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=x509.load_pem_x509_certificate(row.certificate_pem.encode()),
        issuer=above,
        algorithm=asked.hash_algorithm,
        cert_status=ocsp.OCSPCertStatus.REVOKED if gone else ocsp.OCSPCertStatus.GOOD,
        this_update=moment,
        next_update=moment + ANSWER_LIFE,
        revocation_time=gone.replace(microsecond=0) if gone else None,
        revocation_reason=flag,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, above)
    nonce = _nonce(asked)
    if nonce is not None:
        builder = builder.add_extension(nonce, critical=False)
    answer = builder.sign(key_of(house), hashes.SHA256())
    return answer.public_bytes(serialization.Encoding.DER)


def _is_ours(asked: ocsp.OCSPRequest, row: Certificate, above: x509.Certificate) -> bool:
    certificate = x509.load_pem_x509_certificate(row.certificate_pem.encode())
    ours = (
        ocsp.OCSPRequestBuilder().add_certificate(certificate, above, asked.hash_algorithm).build()
    )
    return (asked.issuer_key_hash, asked.issuer_name_hash) == (
        ours.issuer_key_hash,
        ours.issuer_name_hash,
    )


def _nonce(asked: ocsp.OCSPRequest) -> x509.OCSPNonce | None:
    try:
        found = asked.extensions.get_extension_for_class(x509.OCSPNonce).value
    except x509.ExtensionNotFound:
        return None
    return found if len(found.nonce) <= _LONGEST_NONCE else None
