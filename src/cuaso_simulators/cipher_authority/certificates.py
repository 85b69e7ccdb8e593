"""How its certificates look: who may do what, and where revocation is published."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID, ObjectIdentifier

Attributes = tuple[tuple[ObjectIdentifier, str], ...]


def draft(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
    begin: datetime,
    end: datetime,
    authority: bool,
) -> x509.CertificateBuilder:
    """Return a builder with names, period, identifiers and whether it is an authority."""
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(
            usage("key_cert_sign", "crl_sign")
            if authority
            else usage("digital_signature", "content_commitment"),
            critical=True,
        )
    )


def published(
    builder: x509.CertificateBuilder, *, crl: str, ocsp: str = ""
) -> x509.CertificateBuilder:
    """Write where revocation is published."""
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
    builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    if not ocsp:
        return builder
    access = x509.AccessDescription(
        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(ocsp)
    )
    return builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)


def name(*parts: tuple[ObjectIdentifier, str]) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(oid, value) for oid, value in (*parts, (NameOID.COUNTRY_NAME, "VN"))]
    )


def usage(*wanted: str) -> x509.KeyUsage:
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
    return x509.KeyUsage(**{one: one in wanted for one in names})
