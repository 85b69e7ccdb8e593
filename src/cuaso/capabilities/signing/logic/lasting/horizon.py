"""Until when a time stamp can be checked: its certificates' end, its algorithms' end."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.db import transaction

from cuaso.capabilities.signing.logic.timestamping import DIGESTS
from cuaso.capabilities.signing.models import AlgorithmEnd, LastingPaper
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid
from cuaso.kernel.subjects import Subject

# Renewed so long before the end: an authority that is out for weeks costs no paper its proof.
LEAD = timedelta(days=90)


def renew_by(chain: Iterable[x509.Certificate], algorithms: Iterable[str]) -> datetime:
    """Return the moment by which a stamp of this chain and these algorithms is to be renewed."""
    ends = [one.not_valid_after_utc for one in chain]
    rows = AlgorithmEnd.objects.filter(name__in=list(algorithms))
    return min([*ends, *rows.values_list("ends_at", flat=True)]) - LEAD


def digest_in_force() -> str:
    """Return the digest for the next stamp: the first that does not come to its end soon."""
    soon = clock.now() + LEAD
    over = set(AlgorithmEnd.objects.filter(ends_at__lte=soon).values_list("name", flat=True))
    usable = [name for name in DIGESTS if name not in over]
    return usable[0] if usable else list(DIGESTS)[-1]


def algorithms_of(chain: Iterable[x509.Certificate], digest: str) -> list[str]:
    """Return the names of what a stamp rests on: digests and keys, as `sha256`, `rsa-2048`."""
    keys = {_key_name(one) for one in chain}
    digests = {one.signature_hash_algorithm.name for one in chain if one.signature_hash_algorithm}
    return sorted({digest, *digests, *keys})


def _key_name(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ecdsa-{key.curve.name}"
    return f"rsa-{key.key_size}" if isinstance(key, rsa.RSAPublicKey) else type(key).__name__


def set_algorithm_end(*, name: str, ends_at: datetime, source: str, actor: Actor) -> int:
    """Say by which text an algorithm ends when; return how many papers come due earlier by it."""
    if not source.strip() or not name.strip():
        raise Invalid(
            code="signing.source_missing",
            what="Chưa ghi thuật toán hoặc văn bản quy định.",
            mend="Hãy ghi tên thuật toán và số, ký hiệu văn bản.",
        )
    with transaction.atomic():
        row, _ = AlgorithmEnd.objects.update_or_create(
            name=name, defaults={"ends_at": ends_at, "source": source}
        )
        papers = LastingPaper.objects.select_for_update().filter(
            algorithms__contains=[name], renew_by_at__gt=ends_at - LEAD
        )
        changed = papers.update(renew_by_at=ends_at - LEAD, due_at=ends_at - LEAD)
        audit.record(
            actor=actor,
            act="signing.algorithm_end_set",
            subject=Subject(kind="signing.algorithm", id=row.id),
            content={"name": name, "ends_at": ends_at.isoformat(), "papers": changed},
            reason=source,
        )
    return changed
