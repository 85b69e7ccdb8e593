"""What is known of a certificate that somebody shows at a door: ours by our own books, others' by
what their issuers answer.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.capabilities.certificates.models import Authority, Certificate
from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.signing.contracts import IssuerWord
from cuaso.foundation.identity.contracts import CertificateStanding
from cuaso.kernel.clock import now


def judge(
    *, pems: Sequence[str], ahead: bool = False, anew: bool = False
) -> list[CertificateStanding]:
    """Return what the issuer of each certificate says of it: good, revoked, or unknown and why.

    Of others' certificates the answer is kept until it says itself that it is old; `ahead` fetches
    what will soon be, `anew` asks whatever is kept. CUASO_CLIENT_AUTHORITIES lists the PEM files of
    the authorities that the front end asks certificates of.
    """
    ours = _authorities_of_ours()
    found = {pem: _by_ourselves(pem, ours) for pem in pems}
    others = [pem for pem, standing in found.items() if standing is None]
    said = signing.issuers_say(pems=others, authorities=_authorities(), ahead=ahead, anew=anew)
    words = dict(zip(others, said, strict=True))
    return [found[pem] or _standing(words[pem]) for pem in pems]


def _standing(word: IssuerWord) -> CertificateStanding:
    return CertificateStanding(
        state=word.state, revoked_at=word.revoked_at, as_of_at=word.as_of_at, why=word.why
    )


def _by_ourselves(pem: str, ours: Sequence[x509.Certificate]) -> CertificateStanding | None:
    """Return what can be said without asking anybody, None of others' certificates."""
    try:
        shown = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return CertificateStanding(state="unknown", why="Chứng thư không đọc được.")
    return _by_our_books(shown) if any(_is_under(shown, above) for above in ours) else None


def _authorities_of_ours() -> list[x509.Certificate]:
    rows = Authority.objects.values_list("certificate_pem", flat=True)
    return [x509.load_pem_x509_certificate(text.encode()) for text in rows]


def _is_under(shown: x509.Certificate, above: x509.Certificate) -> bool:
    if above.subject != shown.issuer:
        return False
    try:
        shown.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


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
