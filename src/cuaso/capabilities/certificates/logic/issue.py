"""Certify the key of a system for its names."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from django.db import transaction

from cuaso.capabilities.certificates.contracts import CertificateCard
from cuaso.capabilities.certificates.logic import refusals
from cuaso.capabilities.certificates.logic.authority import (
    authority,
    authority_address,
    certificate_of,
    key_of,
    list_address,
    status_address,
)
from cuaso.capabilities.certificates.logic.cards import card
from cuaso.capabilities.certificates.logic.names import system_of
from cuaso.capabilities.certificates.logic.read_request import Wanted, read_pem
from cuaso.capabilities.certificates.models import AcmeAccount, Authority, Certificate
from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

LIFE: Final = timedelta(days=90)
_EARLY: Final = timedelta(minutes=5)
_LONGEST_COMMON: Final = 64


def issue(*, actor: Actor, request: str) -> CertificateCard:
    """Certify a PEM request that an administrator hands in; raise NotAllowed or Invalid."""
    if refusals.ROLE not in actor.roles:
        raise refusals.not_yours()
    return card(certify(actor=actor, wanted=read_pem(request), way="csr"))


def certify(
    *,
    actor: Actor,
    wanted: Wanted,
    way: str,
    account: AcmeAccount | None = None,
    beside: Callable[[Certificate], None] | None = None,
) -> Certificate:
    """Issue for names that one system may hold. Signs before the transaction that keeps it.

    `beside` runs in that transaction: what it raises undoes the certificate.
    """
    client_id = system_of(wanted.names)
    house = authority()
    made = _signed(house, wanted)
    row = Certificate(
        id=new_id(),
        authority=house,
        account=account,
        serial=f"{made.serial_number:x}",
        names=list(wanted.names),
        client_id=client_id,
        way=way,
        certificate_pem=made.public_bytes(serialization.Encoding.PEM).decode(),
        thumbprint=_thumbprint(made),
        valid_from_at=made.not_valid_before_utc,
        valid_to_at=made.not_valid_after_utc,
    )
    with transaction.atomic():
        row.save(force_insert=True)
        if beside is not None:
            beside(row)
        identity.admit_certificate(
            thumbprint=row.thumbprint, client_id=client_id, names=row.names, until=row.valid_to_at
        )
        audit.record(
            actor=actor,
            act="certificates.issued",
            subject=Subject(kind="certificates.certificate", id=row.id),
            content={
                "serial": row.serial,
                "names": row.names,
                "client": client_id,
                "way": way,
                "until": row.valid_to_at,
            },
        )
    return row


def _signed(house: Authority, wanted: Wanted) -> x509.Certificate:
    above, begin = certificate_of(house), now().replace(microsecond=0) - _EARLY
    short = [one for one in wanted.names if len(one) <= _LONGEST_COMMON][:1]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one) for one in short])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject)
        .public_key(wanted.public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(min(begin + LIFE, above.not_valid_after_utc))
    )
    for extension, critical in _extensions(above, wanted):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key_of(house), hashes.SHA256())


def _extensions(
    above: x509.Certificate, wanted: Wanted
) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    own = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    places = [
        (AuthorityInformationAccessOID.OCSP, status_address()),
        (AuthorityInformationAccessOID.CA_ISSUERS, authority_address()),
    ]
    access = [
        x509.AccessDescription(oid, x509.UniformResourceIdentifier(place)) for oid, place in places
    ]
    lists = x509.DistributionPoint(
        full_name=[x509.UniformResourceIdentifier(list_address())],
        relative_name=None,
        reasons=None,
        crl_issuer=None,
    )
    ends = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    names = [x509.DNSName(one) for one in wanted.names]
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (usage, True),
        (x509.ExtendedKeyUsage(ends), False),
        (x509.SubjectAlternativeName(names), False),
        (x509.SubjectKeyIdentifier.from_public_key(wanted.public_key), False),
        (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False),
        (x509.AuthorityInformationAccess(access), False),
        (x509.CRLDistributionPoints([lists]), False),
    )


def _thumbprint(made: x509.Certificate) -> str:
    """Return the SHA-256 as RFC 8705 writes it: base64url without padding."""
    return base64.urlsafe_b64encode(made.fingerprint(hashes.SHA256())).rstrip(b"=").decode()
