"""A certificate authority for demonstration: a root, an issuing authority, ECDSA P-256."""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cuaso.capabilities.signing.contracts import KeyKind
from cuaso.capabilities.signing.logic import surroundings
from cuaso.capabilities.signing.logic.keyfile import decrypt, encrypt, passphrase
from cuaso.kernel import clock

ROOT_NAME = "Cửa Số - Gốc trình diễn"
ISSUING_NAME = "Cửa Số - Cấp phát trình diễn"
BEGIN_AT = datetime(2020, 1, 1, tzinfo=UTC)  # before any demonstration dossier
END_AT = datetime(2045, 1, 1, tzinfo=UTC)
# RFC 5280, appendix A, and the library counts bytes: the whole name stands in the key's row.
LONGEST_NAME_BYTES = 64
LEAF_DAYS = 3 * 365


@dataclass(frozen=True, kw_only=True)
class Authority:
    """The demonstration authority: its certificates and its keys."""

    root: x509.Certificate
    root_key: ec.EllipticCurvePrivateKey
    issuing: x509.Certificate
    issuing_key: ec.EllipticCurvePrivateKey


def authority() -> Authority:
    """Return the demonstration authority, made on first use; one even when two processes race."""
    folder = surroundings.keys_folder() / "authority"
    if not folder.exists():
        _found(folder)
    return _load(folder, passphrase(surroundings.keys_folder()))


def demonstration_root() -> x509.Certificate | None:
    """Return the demonstration root if there is one already."""
    path = surroundings.keys_folder() / "authority" / "root.pem"
    return x509.load_pem_x509_certificate(path.read_bytes()) if path.exists() else None


def certify(
    *,
    public_key: ec.EllipticCurvePublicKey,
    kind: KeyKind,
    name: str,
    organisation: str,
    title: str,
) -> x509.Certificate:
    """Return a certificate for a person or an agency, valid for three years from now."""
    house = authority()
    subject = [(NameOID.COMMON_NAME, name)]
    if kind == "agency":  # an agency's certificate is told by organisation = common name
        subject.append((NameOID.ORGANIZATION_NAME, name))
        subject += [(NameOID.ORGANIZATIONAL_UNIT_NAME, organisation)] if organisation else []
    else:
        subject += [(NameOID.ORGANIZATION_NAME, organisation)] if organisation else []
        subject += [(NameOID.TITLE, title)] if title else []
    begin = clock.now().replace(microsecond=0) - timedelta(minutes=5)
    builder = _draft(
        subject=_name(*subject, (NameOID.COUNTRY_NAME, "VN")),
        issuer=house.issuing.subject,
        public_key=public_key,
        issuer_key=house.issuing_key.public_key(),
        begin=begin,
        end=begin + timedelta(days=LEAF_DAYS),
    )
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    builder = builder.add_extension(
        _usage("content_commitment", "digital_signature"), critical=True
    )
    return builder.sign(house.issuing_key, hashes.SHA256())


def _found(folder: Path) -> None:
    draft = folder.with_name(f".authority.{secrets.token_hex(4)}")
    draft.mkdir(mode=0o700)
    secret = passphrase(folder.parent)
    root_key = ec.generate_private_key(ec.SECP256R1())
    issuing_key = ec.generate_private_key(ec.SECP256R1())
    root = _authority_certificate(ROOT_NAME, root_key.public_key(), ROOT_NAME, root_key, 1)
    issuing = _authority_certificate(ISSUING_NAME, issuing_key.public_key(), ROOT_NAME, root_key, 0)
    for name, content in {
        "root.pem": root.public_bytes(Encoding.PEM),
        "issuing.pem": issuing.public_bytes(Encoding.PEM),
        "root.key.pem": encrypt(root_key, secret),
        "issuing.key.pem": encrypt(issuing_key, secret),
    }.items():
        (draft / name).write_bytes(content)
        (draft / name).chmod(0o600)
    try:
        os.rename(draft, folder)  # noqa: PTH104 fails over a full folder: the first one stays
    except OSError:
        for file in draft.iterdir():
            file.unlink()
        draft.rmdir()


@lru_cache(maxsize=4)
def _load(folder: Path, secret: bytes) -> Authority:
    return Authority(
        root=x509.load_pem_x509_certificate((folder / "root.pem").read_bytes()),
        root_key=decrypt((folder / "root.key.pem").read_bytes(), secret),
        issuing=x509.load_pem_x509_certificate((folder / "issuing.pem").read_bytes()),
        issuing_key=decrypt((folder / "issuing.key.pem").read_bytes(), secret),
    )


def _authority_certificate(
    name: str,
    public_key: ec.EllipticCurvePublicKey,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    path_length: int,
) -> x509.Certificate:
    builder = _draft(
        subject=_name((NameOID.COMMON_NAME, name), (NameOID.COUNTRY_NAME, "VN")),
        issuer=_name((NameOID.COMMON_NAME, issuer), (NameOID.COUNTRY_NAME, "VN")),
        public_key=public_key,
        issuer_key=key.public_key(),
        begin=BEGIN_AT,
        end=END_AT,
    )
    builder = builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=path_length), critical=True
    )
    builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
    return builder.sign(key, hashes.SHA256())


def _draft(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
    begin: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    own = x509.SubjectKeyIdentifier.from_public_key(public_key)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(own, critical=False)
        .add_extension(above, critical=False)
    )


def _name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, _cut(value)) for oid, value in parts])


def _cut(text: str) -> str:
    return text.encode()[:LONGEST_NAME_BYTES].decode(errors="ignore").rstrip()


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
