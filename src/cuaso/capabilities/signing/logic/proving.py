"""Whether a signature is of the key that a certificate names."""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def signed_by(certificate: x509.Certificate, *, signature: bytes, content: bytes) -> bool:
    """Say whether a signature over content (ECDSA with SHA-256) is of a certificate's key."""
    public_key = certificate.public_key()
    if not isinstance(public_key, ec.EllipticCurvePublicKey):
        return False
    try:
        public_key.verify(signature, content, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
