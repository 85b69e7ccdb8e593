"""The demonstration authority's revocation lists: signed when asked for, kept nowhere."""

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.capabilities.signing.logic import surroundings
from cuaso.capabilities.signing.logic.authority import authority, demonstration_root
from cuaso.capabilities.signing.models import SigningKey
from cuaso.kernel import clock

LIST_DAYS = 7


def own_list(issuer: x509.Certificate) -> bytes | None:
    """Return the list in DER when `issuer` is the demonstration authority, else None."""
    if surroundings.is_production() or demonstration_root() is None:
        return None
    house = authority()
    keys = {house.issuing: house.issuing_key, house.root: house.root_key}
    key = keys.get(issuer)
    if key is None:
        return None
    now = clock.now().replace(microsecond=0)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(now)
        .next_update(now + timedelta(days=LIST_DAYS))
    )
    if issuer == house.issuing:
        rows = SigningKey.objects.filter(demonstration=True, revoked_at__isnull=False)
        for pem, moment in rows.values_list("certificate_pem", "revoked_at"):
            serial = x509.load_pem_x509_certificate(pem.encode()).serial_number
            entry = x509.RevokedCertificateBuilder().serial_number(serial)
            builder = builder.add_revoked_certificate(entry.revocation_date(moment or now).build())
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
