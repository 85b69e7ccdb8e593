"""The two texts of an entry: the sealed one (personal, erasable) and the leaf (kept for ever)."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from cuaso.foundation.audit.logic.offline import leaf_hash
from cuaso.foundation.audit.models import Entry


def canonical(value: object) -> str:
    """Return JSON with sorted keys and no spaces; the same content always gives the same text.

    Moments become UTC, sets become sorted lists. Raises TypeError for what JSON cannot say.
    """
    return _WRITER.encode(plain(value))


def plain(value: object) -> object:
    """Return the value in words that JSON has; raise TypeError where there are none."""
    # Most values of an act are these themselves, no kind of them.
    exact = type(value)
    if exact in _SAID_ALREADY:
        return value
    if exact in _EXACTLY:
        return _EXACTLY[exact](value)
    for kinds, said in _WORDS:
        if isinstance(value, kinds):
            return said(value)
    message = f"the ledger cannot write {type(value).__name__}: give text, numbers, dates or lists"
    raise TypeError(message)


def moment(value: datetime) -> str:
    """Return an aware moment in UTC to the microsecond, as the leaf writes it."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _number(value: float) -> float:
    if math.isfinite(value):
        return value
    message = f"the ledger cannot write {value}"
    raise TypeError(message)


def _mapping(value: Mapping[object, object]) -> object:
    return {str(key): plain(item) for key, item in value.items()}


_WRITER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
_SAID_ALREADY = frozenset({str, int, bool, type(None)})
_EXACTLY: dict[type, Callable[[Any], object]] = {dict: _mapping, UUID: str, datetime: moment}
# The first kind that fits speaks: an Enum before the str it may be, a moment before a day.
_WORDS: tuple[tuple[type | tuple[type, ...], Callable[[Any], object]], ...] = (
    (Enum, lambda value: plain(value.value)),
    ((type(None), bool, int, str), lambda value: value),
    (float, _number),
    ((UUID, Decimal), str),
    (datetime, moment),
    (date, lambda value: value.isoformat()),
    (Mapping, _mapping),
    ((list, tuple), lambda value: [plain(item) for item in value]),
    ((set, frozenset), lambda value: sorted((plain(item) for item in value), key=str)),
)


def commit(*, sealed: str, salt: bytes) -> bytes:
    return hashlib.sha256(salt + sealed.encode()).digest()


class Told(NamedTuple):
    """What an entry says, before its leaf: every act makes one, and Django's row would take ten
    times as long.
    """

    entry_id: UUID
    recorded_at: datetime
    act: str
    subject_kind: str
    subject_id: UUID
    actor_kind: str
    actor_person_id: UUID | None
    actor_post_id: UUID | None
    actor_agency_id: UUID | None
    trace: str
    sealed: str
    salt: bytes
    commitment: bytes


def leaf_text(entry: Entry | Told) -> str:
    """Return the text whose hash is the leaf: everything that stays after erasure."""
    return canonical(
        {
            "v": 1,
            "id": entry.entry_id,
            "at": entry.recorded_at,
            "act": entry.act,
            "subject": {"kind": entry.subject_kind, "id": entry.subject_id},
            "actor": {
                "kind": entry.actor_kind,
                "post": entry.actor_post_id,
                "agency": entry.actor_agency_id,
            },
            "trace": entry.trace,
            "commitment": bytes(entry.commitment).hex(),
        }
    )


def leaf_of(entry: Entry | Told) -> bytes:
    return leaf_hash(leaf_text(entry).encode())
