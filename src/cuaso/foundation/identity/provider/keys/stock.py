"""The signing keys as a process knows them; read from memory, re-read every half minute."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from joserfc.jwk import ECKey, KeySet, RSAKey

from cuaso.foundation.identity import secrecy
from cuaso.foundation.identity.provider.keys.make import make_key
from cuaso.foundation.identity.provider.models import SigningKey
from cuaso.foundation.identity.provider.terms import ALGORITHMS, ID_TOKEN_LIFE, LEEWAY
from cuaso.kernel.clock import now

FRESH_SECONDS = 30.0
# "oidc" in ASCII: one process makes the first keys while the others wait.
_LOCK = 0x6F696463


@dataclass(frozen=True, kw_only=True)
class Stock:
    """`signers` by algorithm; `published` is the JWKS document; `known` checks hints of old."""

    signers: Mapping[str, RSAKey | ECKey]
    published: dict[str, Any]
    known: KeySet
    read_at: float


class _Memory:
    stock: Stock | None = None
    lock = threading.Lock()


def stock() -> Stock:
    held = _Memory.stock
    if held is not None and time.monotonic() - held.read_at < FRESH_SECONDS:
        return held
    with _Memory.lock:
        held = _Memory.stock
        if held is None or time.monotonic() - held.read_at >= FRESH_SECONDS:
            held = _Memory.stock = _read()
    return held


def forget() -> None:
    """Read the keys anew at the next need: after a rotation in this process."""
    _Memory.stock = None


def _read() -> Stock:
    rows = list(SigningKey.objects.filter(withdrawn_at=None).order_by("begins_at"))
    if {row.algorithm for row in rows if row.begins_at <= now()} != set(ALGORITHMS):
        rows = _make_first()
    signers = {name: _private(_signing(rows, name)) for name in ALGORITHMS}
    return Stock(
        signers=signers,
        published={"keys": [row.public for row in rows if _is_published(row, rows)]},
        known=KeySet.import_key_set({"keys": [row.public for row in rows]}),
        read_at=time.monotonic(),
    )


def _make_first() -> list[SigningKey]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        begun = SigningKey.objects.filter(withdrawn_at=None, begins_at__lte=now())
        there = set(begun.values_list("algorithm", flat=True))
        for algorithm in ALGORITHMS:
            if algorithm not in there:
                make_key(algorithm=algorithm, begins_at=now())
    return list(SigningKey.objects.filter(withdrawn_at=None).order_by("begins_at"))


def _signing(rows: Sequence[SigningKey], algorithm: str) -> SigningKey:
    begun = [row for row in rows if row.algorithm == algorithm and row.begins_at <= now()]
    return begun[-1]


def _is_published(row: SigningKey, rows: Sequence[SigningKey]) -> bool:
    """Whether a token under the key may still be good somewhere, or will be."""
    later = [
        other.begins_at
        for other in rows
        if other.algorithm == row.algorithm and row.begins_at < other.begins_at
    ]
    if not later:
        return True
    # Processes learn of the next key up to FRESH_SECONDS late: LEEWAY covers that.
    return min(later) + ID_TOKEN_LIFE + LEEWAY > now()


def _private(row: SigningKey) -> RSAKey | ECKey:
    kind = RSAKey if row.algorithm == "RS256" else ECKey
    return kind.import_key(secrecy.decrypt(row.sealed), {"kid": row.kid, "use": "sig"})
