"""OCSP answers (RFC 6960) and revocation lists (RFC 5280)."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from cuaso_simulators.cipher_authority.book import Book, Holder

OCSP_HOURS = 12
CRL_DAYS = 7


def ocsp_answer(query: bytes, book: Book, *, now: datetime) -> bytes:
    """Return the answer of the delegated responder: good, revoked, or a refusal."""
    try:
        asked = ocsp.load_der_ocsp_request(query)
        certificate = book.known(asked.serial_number)
        algorithm = asked.hash_algorithm
    except ValueError:
        return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if certificate is None:
        return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    moment = now.replace(microsecond=0)
    revoked = book.revoked().get(certificate.serial_number)
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=certificate,
        issuer=book.issuing.certificate,
        algorithm=algorithm,
        cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
        this_update=moment,
        next_update=moment + timedelta(hours=OCSP_HOURS),
        revocation_time=revoked.at if revoked else None,
        revocation_reason=revoked.reason if revoked else None,
    )
    responder = book.responder
    answer = (
        builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
        .certificates([responder.certificate])
        .sign(responder.key, hashes.SHA256())
    )
    return answer.public_bytes(Encoding.DER)


def revocation_list(book: Book, signer: Holder, *, now: datetime) -> bytes:
    """Return the list of one of its two authorities; the root has revoked nobody."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(signer.certificate.subject)
        .last_update(now.replace(microsecond=0))
        .next_update(now.replace(microsecond=0) + timedelta(days=CRL_DAYS))
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key()),
            critical=False,
        )
    )
    listed = book.revoked() if signer is book.issuing else {}
    for serial, revoked in listed.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(revoked.at)
        entry = entry.add_extension(x509.CRLReason(revoked.reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)
