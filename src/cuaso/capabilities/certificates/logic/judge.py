"""What is known of a certificate that somebody shows at a door: ours by our own books, others' by
what their issuers answer.
"""

import os
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.capabilities.certificates.models import Authority, Certificate
from cuaso.capabilities.signing import api as signing
from cuaso.foundation.identity.contracts import CertificateStanding
from cuaso.kernel.clock import now


def judge(*, pem: str, ahead: bool = False, anew: bool = False) -> CertificateStanding:
    """Return what its issuer says of a certificate: good, revoked, or unknown and why.

    Of others' certificates the answer is kept until it says itself that it is old; `ahead` fetches
    what will soon be, `anew` asks whatever is kept. CUASO_CLIENT_AUTHORITIES lists the PEM files of
    the authorities that the front end asks certificates of.
    """
    try:
        shown = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return CertificateStanding(state="unknown", why="Chứng thư không đọc được.")
    if _is_ours(shown):
        return _by_our_books(shown)
    word = signing.issuer_says(pem=pem, authorities=_authorities(), ahead=ahead, anew=anew)
    return CertificateStanding(
        state=word.state, revoked_at=word.revoked_at, as_of_at=word.as_of_at, why=word.why
    )


def _is_ours(shown: x509.Certificate) -> bool:
    for text in Authority.objects.values_list("certificate_pem", flat=True):
        above = x509.load_pem_x509_certificate(text.encode())
        if above.subject != shown.issuer:
            continue
        try:
            shown.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return True
    return False


def _by_our_books(shown: x509.Certificate) -> CertificateStanding:
    row = Certificate.objects.filter(serial=f"{shown.serial_number:x}").first()
    if row is None or row.certificate_pem.encode() != shown.public_bytes(Encoding.PEM):
        return CertificateStanding(state="unknown", why="Chứng thư không có trong sổ đã cấp.")
    if row.revoked_at is not None:
        return CertificateStanding(state="revoked", revoked_at=row.revoked_at, as_of_at=now())
    return CertificateStanding(state="good", as_of_at=now())


def _authorities() -> list[str]:
    listed = os.environ.get("CUASO_CLIENT_AUTHORITIES", "")
    return [Path(one).read_text(encoding="ascii") for one in listed.split(os.pathsep) if one]
