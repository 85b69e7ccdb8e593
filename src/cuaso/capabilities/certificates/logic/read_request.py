"""Read a certificate request (PKCS#10, RFC 2986): proven by its own key, and for names only."""

from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from cuaso.capabilities.certificates.logic.refusals import request_wrong

_LONGEST: Final = 16_384
_MOST_NAMES: Final = 10
_FEWEST_BITS: Final = 2048
_CURVES: Final = (ec.SECP256R1, ec.SECP384R1)
_UNREADABLE: Final = (
    *(ValueError, UnsupportedAlgorithm),
    *(x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
)
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


@dataclass(frozen=True, kw_only=True)
class Wanted:
    names: tuple[str, ...]
    public_key: PublicKey


def read_pem(text: str) -> Wanted:
    """Return what a PEM request asks for; raise Invalid that says what is wrong."""
    try:
        request = x509.load_pem_x509_csr(text.strip().encode()[:_LONGEST])
    except ValueError as problem:
        raise request_wrong("Không đọc được yêu cầu: cần tệp PEM CERTIFICATE REQUEST.") from problem
    return _read(request)


def read_der(content: bytes) -> Wanted:
    """Return what a DER request asks for; raise Invalid that says what is wrong."""
    try:
        request = x509.load_der_x509_csr(content[:_LONGEST])
    except ValueError as problem:
        raise request_wrong("Không đọc được yêu cầu cấp chứng thư.") from problem
    return _read(request)


def _read(request: x509.CertificateSigningRequest) -> Wanted:
    try:
        good, key, names = request.is_signature_valid, request.public_key(), _names(request)
    except _UNREADABLE as problem:
        raise request_wrong("Yêu cầu cấp chứng thư có phần không đọc được.") from problem
    if not good:
        raise request_wrong("Yêu cầu không được ký bằng chính khóa của nó.")
    if any("\0" in one for one in names):
        raise request_wrong("Yêu cầu có phần không đọc được trong tên miền.")
    if not 0 < len(names) <= _MOST_NAMES:
        raise request_wrong("Yêu cầu cần từ một đến mười tên miền.")
    return Wanted(names=names, public_key=_checked(key))


def _checked(key: object) -> PublicKey:
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _FEWEST_BITS:
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES):
        return key
    raise request_wrong("Khóa phải là RSA từ 2.048 bit, hoặc ECDSA P-256, P-384.")


def _names(request: x509.CertificateSigningRequest) -> tuple[str, ...]:
    """DNS names alone: whoever asks for an address or a mailbox is refused, not cut short."""
    common = [str(one.value) for one in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    try:
        found = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return tuple(dict.fromkeys(one.lower() for one in common))
    if len(found.get_values_for_type(x509.DNSName)) != len(list(found)):
        raise request_wrong("Yêu cầu chỉ được nêu tên miền.")
    told = [*common, *found.get_values_for_type(x509.DNSName)]
    return tuple(dict.fromkeys(one.lower() for one in told))
