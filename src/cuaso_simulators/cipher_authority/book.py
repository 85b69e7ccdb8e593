"""What the authority keeps in its folder: keys, certificates, who is revoked."""

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from cuaso_simulators.cipher_authority.certificates import draft, name, published

BEGIN_AT = datetime(2020, 1, 1, tzinfo=UTC)
END_AT = datetime(2050, 1, 1, tzinfo=UTC)
PEM = serialization.Encoding.PEM
ROOT = name((NameOID.COMMON_NAME, "Cơ yếu giả lập - Gốc"))
ISSUING = name((NameOID.COMMON_NAME, "Cơ yếu giả lập - Chứng thư công vụ"))


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, kw_only=True)
class Revoked:
    at: datetime
    reason: x509.ReasonFlags


class Book:
    """One authority, published under `url`. Safe for the threads of one server."""

    def __init__(self, *, folder: Path, url: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._url = folder, url
        self._lock = threading.Lock()
        self.root = self._held("root") or self._authority("root", ROOT, above=None)
        self.issuing = self._held("issuing") or self._authority("issuing", ISSUING, above=self.root)
        self.responder = self._held("responder") or self._responder()
        self.stamper = self._held("stamper") or self.new_stamper(
            days=(END_AT - BEGIN_AT).days, now=BEGIN_AT
        )
        (folder / "trust").mkdir(exist_ok=True)
        (folder / "trust" / "root.pem").write_bytes(self.root.certificate.public_bytes(PEM))

    def issue(
        self, csr: x509.CertificateSigningRequest, *, subject: x509.Name, days: int, now: datetime
    ) -> x509.Certificate:
        """Certify the key of a request that proves it. Raises ValueError when it does not."""
        public_key = csr.public_key()
        if not csr.is_signature_valid or not isinstance(public_key, ec.EllipticCurvePublicKey):
            message = "the request does not prove an ECDSA key"
            raise ValueError(message)
        return self._leaf(subject, public_key, days=days, now=now)

    def new_stamper(self, *, days: int, now: datetime) -> Holder:
        """Take a new key and certificate for time stamps from now on."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._leaf(
            name((NameOID.COMMON_NAME, "Cơ yếu giả lập - Dấu thời gian")),
            key.public_key(),
            days=days,
            now=now,
            only=ExtendedKeyUsageOID.TIME_STAMPING,
        )
        self.stamper = self._keep("stamper", Holder(certificate=certificate, key=key))
        return self.stamper

    def known(self, serial: int) -> x509.Certificate | None:
        path = self._folder / "issued" / f"{serial:x}.pem"
        return x509.load_pem_x509_certificate(path.read_bytes()) if path.exists() else None

    def revoke(self, serial: int, *, reason: str, at: datetime) -> None:
        """Raises KeyError for a serial that it never gave."""
        if self.known(serial) is None:
            raise KeyError(f"{serial:x}")
        with self._lock:
            listed = self._listed()
            listed[f"{serial:x}"] = {"at": at.isoformat(), "reason": reason}
            (self._folder / "revoked.json").write_text(json.dumps(listed))

    def revoked(self) -> dict[int, Revoked]:
        return {
            int(serial, 16): Revoked(
                at=datetime.fromisoformat(one["at"]), reason=x509.ReasonFlags(one["reason"])
            )
            for serial, one in self._listed().items()
        }

    def _listed(self) -> dict[str, dict[str, str]]:
        path = self._folder / "revoked.json"
        found: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
        return found

    def _authority(self, file: str, subject: x509.Name, *, above: Holder | None) -> Holder:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = draft(
            subject=subject,
            issuer=above.certificate.subject if above else subject,
            public_key=key.public_key(),
            issuer_key=(above.key if above else key).public_key(),
            begin=BEGIN_AT,
            end=END_AT,
            authority=True,
        )
        if above:
            builder = published(builder, crl=f"{self._url}/root.crl")
        certificate = builder.sign(above.key if above else key, hashes.SHA256())
        return self._keep(file, Holder(certificate=certificate, key=key))

    def _responder(self) -> Holder:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = draft(
            subject=name((NameOID.COMMON_NAME, "Cơ yếu giả lập - OCSP")),
            issuer=self.issuing.certificate.subject,
            public_key=key.public_key(),
            issuer_key=self.issuing.key.public_key(),
            begin=BEGIN_AT,
            end=END_AT,
            authority=False,
        )
        only = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
        builder = builder.add_extension(only, critical=False)
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        certificate = builder.sign(self.issuing.key, hashes.SHA256())
        return self._keep("responder", Holder(certificate=certificate, key=key))

    def _leaf(
        self,
        subject: x509.Name,
        public_key: ec.EllipticCurvePublicKey,
        *,
        days: int,
        now: datetime,
        only: x509.ObjectIdentifier | None = None,
    ) -> x509.Certificate:
        begin = now.replace(microsecond=0) - timedelta(minutes=5)
        builder = draft(
            subject=subject,
            issuer=self.issuing.certificate.subject,
            public_key=public_key,
            issuer_key=self.issuing.key.public_key(),
            begin=begin,
            end=begin + timedelta(days=days),
            authority=False,
        )
        if only is not None:  # RFC 3161, 2.3
            builder = builder.add_extension(x509.ExtendedKeyUsage([only]), critical=True)
        builder = published(builder, crl=f"{self._url}/issuing.crl", ocsp=f"{self._url}/ocsp")
        certificate = builder.sign(self.issuing.key, hashes.SHA256())
        issued = self._folder / "issued"
        issued.mkdir(exist_ok=True)
        (issued / f"{certificate.serial_number:x}.pem").write_bytes(certificate.public_bytes(PEM))
        return certificate

    def _keep(self, file: str, holder: Holder) -> Holder:
        secret = holder.key.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (self._folder / f"{file}.pem").write_bytes(holder.certificate.public_bytes(PEM) + secret)
        (self._folder / f"{file}.pem").chmod(0o600)
        return holder

    def _held(self, file: str) -> Holder | None:
        path = self._folder / f"{file}.pem"
        if not path.exists():
            return None
        content = path.read_bytes()
        key = serialization.load_pem_private_key(content, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise SystemExit(f"Tệp khóa {path} không đúng loại. Hãy xóa thư mục đó rồi chạy lại.")
        return Holder(certificate=x509.load_pem_x509_certificate(content), key=key)
