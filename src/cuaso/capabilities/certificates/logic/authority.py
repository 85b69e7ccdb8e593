"""The province's authority for systems: its certificate, and a key that stays in its place."""

from datetime import datetime, timedelta
from typing import Any, Final, NoReturn, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.utils import Buffer
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import IntegrityError, transaction

from cuaso.capabilities.certificates.models import Authority
from cuaso.capabilities.signing import api as signing
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import unguessable
from cuaso.kernel.subjects import Subject

NAME: Final = "Cửa Số - Chứng thư giữa các hệ thống"
LIFE: Final = timedelta(days=3650)
_MINUTES: Final = timedelta(minutes=5)


class HeldKey(ec.EllipticCurvePrivateKey):
    """A private key as the library wants one; every signature is made where the key lies."""

    def __init__(
        self, *, provider: str, handle: str, public_key: ec.EllipticCurvePublicKey
    ) -> None:
        self._provider, self._handle, self._public = provider, handle, public_key

    def sign(self, data: Buffer, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        if not isinstance(signature_algorithm.algorithm, hashes.SHA256):
            raise TypeError("the authority signs with SHA-256")
        return signing.sign_by_house_key(
            provider=self._provider, label=self._handle, content=bytes(data)
        )

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._public

    @property
    def curve(self) -> ec.EllipticCurve:
        return ec.SECP256R1()

    @property
    def key_size(self) -> int:
        return 256

    def exchange(self, *words: object) -> NoReturn:
        del words
        raise TypeError("the authority's key signs and does nothing else")

    private_numbers = exchange

    def private_bytes(self, *words: object) -> NoReturn:
        del words
        raise TypeError("the authority's key never leaves its place")

    def __copy__(self) -> "HeldKey":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "HeldKey":
        del memo
        return self


def authority() -> Authority:
    """Return the authority, made on first use. Never inside a transaction."""
    row = Authority.objects.filter(ended_at=None).first()
    return row if row is not None else _found()


def certificate_of(row: Authority) -> x509.Certificate:
    return x509.load_pem_x509_certificate(row.certificate_pem.encode())


def key_of(row: Authority) -> HeldKey:
    public = cast("ec.EllipticCurvePublicKey", certificate_of(row).public_key())
    return HeldKey(provider=row.provider, handle=row.handle, public_key=public)


def list_address() -> str:
    return f"{settings.PUBLIC_URL}/chung-thu/thu-hoi.crl"


def status_address() -> str:
    return f"{settings.PUBLIC_URL}/chung-thu/ocsp"


def authority_address() -> str:
    return f"{settings.PUBLIC_URL}/chung-thu/goc.crt"


def _found() -> Authority:
    handle = f"he-thong.{unguessable(12).lower()}"
    provider, pem = signing.make_house_key(label=handle)
    public = cast("ec.EllipticCurvePublicKey", serialization.load_pem_public_key(pem.encode()))
    key = HeldKey(provider=provider, handle=handle, public_key=public)
    certificate = _certificate(key, begin=now().replace(microsecond=0) - _MINUTES)
    text = certificate.public_bytes(serialization.Encoding.PEM).decode()
    row = Authority(certificate_pem=text, provider=provider, handle=handle)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.record(
                actor=system("Chứng thư giữa các hệ thống"),
                act="certificates.authority_founded",
                subject=Subject(kind="certificates.authority", id=row.id),
                content={
                    "provider": provider,
                    "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(),
                },
            )
    except IntegrityError:  # another process was first: its authority is the authority
        return Authority.objects.get(ended_at=None)
    return row


def _certificate(key: HeldKey, *, begin: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(own, critical=False)
        .sign(key, hashes.SHA256())
    )
