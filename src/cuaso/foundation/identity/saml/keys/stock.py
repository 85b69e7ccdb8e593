"""The keys that sign our messages: the present one, and those that partners should know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.db import connection, transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity import secrecy
from cuaso.foundation.identity.saml.addresses import entity_id
from cuaso.foundation.identity.saml.models import AssertionKey
from cuaso.foundation.identity.saml.terms import KEY_EVERY, KEY_LEAD, KEY_LIFE, LEEWAY
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject

_BITS: Final = 2048
_LONGEST_NAME: Final = 64
# "saml" in ASCII: one process makes the first key while the others wait.
_LOCK: Final = 0x73616D6C


def signing_key() -> tuple[rsa.RSAPrivateKey, str]:
    """Return the key that signs now and its certificate in PEM."""
    rows = _rows()
    row = [one for one in rows if one.begins_at <= now()][-1]
    return _opened(row), row.certificate_pem


def published_certificates() -> tuple[str, ...]:
    """Return the certificates of our metadata, the one in use first."""
    rows = _rows()
    begun = [one for one in rows if one.begins_at <= now()]
    coming = [one for one in rows if one.begins_at > now()]
    return tuple(one.certificate_pem for one in [begun[-1], *coming])


def renew_due() -> int:
    """Publish the next key when the present one is near its end; return how many."""
    with transaction.atomic():
        _hold()
        rows = list(AssertionKey.objects.order_by("begins_at"))
        if not rows or rows[-1].begins_at + KEY_EVERY - KEY_LEAD > now():
            return 0
        made = make_key(begins_at=now() + KEY_LEAD)
        audit.record(
            actor=system("Xoay khóa ký"),
            act="identity.assertion_key_published",
            subject=Subject(kind="identity.assertion_key", id=made.id),
            content={"begins_at": made.begins_at},
        )
    return 1


def make_key(*, begins_at: datetime) -> AssertionKey:
    """Make a key with a certificate of its own; inside the caller's transaction."""
    key = generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, entity_id()[:_LONGEST_NAME])])
    until = begins_at + KEY_LIFE
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now().replace(microsecond=0) - LEEWAY)
        .not_valid_after(until.replace(microsecond=0))
        .sign(key, hashes.SHA256())
    )
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return AssertionKey.objects.create(
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        sealed=secrecy.encrypt(text.decode()),
        begins_at=begins_at,
        until=until,
    )


def generate() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS)


def _rows() -> Sequence[AssertionKey]:
    rows = list(AssertionKey.objects.filter(until__gt=now()).order_by("begins_at"))
    if any(one.begins_at <= now() for one in rows):
        return rows
    with transaction.atomic():
        _hold()
        if not AssertionKey.objects.filter(until__gt=now(), begins_at__lte=now()).exists():
            make_key(begins_at=now())
    return list(AssertionKey.objects.filter(until__gt=now()).order_by("begins_at"))


def _hold() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def _opened(row: AssertionKey) -> rsa.RSAPrivateKey:
    key = serialization.load_pem_private_key(secrecy.decrypt(row.sealed).encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("an assertion key is an RSA key")
    return key
