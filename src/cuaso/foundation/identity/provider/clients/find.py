"""Find a system by its client_id."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import JSONField

from cuaso.foundation.identity.asking import first_row
from cuaso.foundation.identity.provider.models import Client

Find = Callable[[str], Client | None]

_LONGEST: Final = 100
_FIELDS: Final = Client._meta.concrete_fields  # noqa: SLF001 Django's own documented door
# Django leaves JSON of a plain cursor as text.
_JSON: Final = frozenset(one.attname for one in _FIELDS if isinstance(one, JSONField))
_NAMES: Final = tuple(one.attname for one in _FIELDS)
COLUMNS: Final = ", ".join(f"me.{name}" for name in _NAMES)
# What proves who asks, and for whom it may ask; the database is asked for the rest when wanted.
_PROVING: Final = frozenset(
    {
        *("id", "client_id", "auth_method", "secret_hash", "old_secret_hash", "old_secret_until"),
        *("fapi", "jwks", "jwks_uri", "jwks_read_at", "certificate_thumbprints", "serves"),
    }
)
_PROOF: Final = tuple(name for name in _NAMES if name in _PROVING)
PROOF_COLUMNS: Final = ", ".join(f"me.{name}" for name in _PROOF)
PROOF_WIDTH: Final = len(_PROOF)
# Every request of a system begins with it: Django would think about it longer than PostgreSQL.
_FIND: Final = (
    f"select {COLUMNS} from identity_client me"  # noqa: S608 our own column names
    " where me.client_id = %s and me.status = 'approved'"
)


def find_client(client_id: str) -> Client | None:
    """Return the approved client, or None."""
    if not is_sayable(client_id):
        return None
    row = first_row(_FIND, [client_id])
    return None if row is None else client_of(row)


def is_sayable(client_id: str) -> bool:
    return bool(client_id) and len(client_id) <= _LONGEST and "\x00" not in client_id


def client_of(row: Sequence[Any]) -> Client:
    """Return the client of a row of COLUMNS."""
    return _of(row, _NAMES)


def proving_client_of(row: Sequence[Any]) -> Client:
    """Return the client of a row that begins with PROOF_COLUMNS."""
    return _of(row[:PROOF_WIDTH], _PROOF)


def _of(row: Sequence[Any], names: Sequence[str]) -> Client:
    read = [
        json.loads(value) if name in _JSON else value
        for name, value in zip(names, row, strict=True)
    ]
    return Client.from_db(connection.alias, names, read)
