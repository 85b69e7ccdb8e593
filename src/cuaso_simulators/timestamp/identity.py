"""The authority's own root, certificate and key, made once in its folder; its revocation list."""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BEGIN_AT = datetime(2020, 1, 1, tzinfo=UTC)
END_AT = datetime(2045, 1, 1, tzinfo=UTC)
CRL_DAYS = 7
PEM = serialization.Encoding.PEM


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What the authority signs with. Without the root's key it publishes no list."""

    root: x509.Certificate
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    root_key: ec.EllipticCurvePrivateKey | None = None


def identity(folder: Path, *, url: str) -> Identity:
    """Return the identity of a folder, made on first use; the first of two processes wins.

    `url` is where its revocation list is published: it stands in the certificate.
    """
    own = folder / "identity"
    if not own.exists():
        _make(own, url)
    root = x509.load_pem_x509_certificate((own / "root.pem").read_bytes())
    trust = folder / "trust"
    trust.mkdir(exist_ok=True)
    (trust / "root.pem").write_bytes(root.public_bytes(PEM))
    certificate = x509.load_pem_x509_certificate((own / "certificate.pem").read_bytes())
    key = _key(own / "key.pem")
    root_key = _key(own / "root.key.pem") if (own / "root.key.pem").exists() else None
    if root_key is not None and _published(certificate) != f"{url}/root.crl":  # another port now
        certificate = _stamper(certificate.subject, key.public_key(), root.subject, root_key, url)
        (own / "certificate.pem").write_bytes(certificate.public_bytes(PEM))
    return Identity(root=root, certificate=certificate, key=key, root_key=root_key)


def revocation_list(identity: Identity, *, now: datetime) -> bytes | None:
    """Return the root's list in DER: nobody is revoked. None for a folder of the time before."""
    if identity.root_key is None:
        return None
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(identity.root.subject)
        .last_update(now.replace(microsecond=0))
        .next_update(now.replace(microsecond=0) + timedelta(days=CRL_DAYS))
    )
    signed = builder.sign(identity.root_key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def _published(certificate: x509.Certificate) -> str:
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    return str((points[0].full_name or [])[0].value)


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SystemExit(f"Tệp khóa {path} không đúng loại. Hãy xóa thư mục đó rồi chạy lại.")
    return key


def _make(own: Path, url: str) -> None:
    draft = own.with_name(f".identity.{secrets.token_hex(4)}")
    draft.mkdir(parents=True, mode=0o700)
    root_key = ec.generate_private_key(ec.SECP256R1())
    key = ec.generate_private_key(ec.SECP256R1())
    root_name, name = (
        _name("Cửa Số - Gốc dấu thời gian trình diễn"),
        _name("Dấu thời gian trình diễn"),
    )
    root = _authority(root_name, root_key)
    certificate = _stamper(name, key.public_key(), root_name, root_key, url)
    (draft / "root.pem").write_bytes(root.public_bytes(PEM))
    (draft / "certificate.pem").write_bytes(certificate.public_bytes(PEM))
    for name_of, one in {"key.pem": key, "root.key.pem": root_key}.items():
        secret = one.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (draft / name_of).write_bytes(secret)
        (draft / name_of).chmod(0o600)
    try:
        os.rename(draft, own)  # noqa: PTH104 fails over a full folder: the first one stays
    except OSError:
        for file in draft.iterdir():
            file.unlink()
        draft.rmdir()


def _authority(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    builder = _draft(name, key.public_key(), name, key.public_key())
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True).sign(
        key, hashes.SHA256()
    )


def _stamper(
    name: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    root_name: x509.Name,
    root_key: ec.EllipticCurvePrivateKey,
    url: str,
) -> x509.Certificate:
    builder = _draft(name, public_key, root_name, root_key.public_key())
    place = x509.DistributionPoint(
        [x509.UniformResourceIdentifier(f"{url}/root.crl")], None, None, None
    )
    builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    only_stamps = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    builder = builder.add_extension(only_stamps, critical=True)  # RFC 3161, 2.3
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    usage = _usage("digital_signature", "content_commitment")
    return builder.add_extension(usage, critical=True).sign(root_key, hashes.SHA256())


def _draft(
    name: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN_AT)
        .not_valid_after(END_AT)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(above, critical=False)
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*wanted: str) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in wanted for name in names})
