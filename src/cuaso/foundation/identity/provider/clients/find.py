"""Find a system by its client_id."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import connection

from cuaso.foundation.identity.provider.models import Client

Find = Callable[[str], Client | None]

_LONGEST: Final = 100
_TEXTS: Final = (
    *("id", "client_id", "name", "status", "auth_method", "secret_hash", "old_secret_hash"),
    *("old_secret_until", "backchannel_logout_uri", "id_token_algorithm", "first_party"),
    *("pushed_only", "bound_only", "fapi", "contact", "agency_id", "created_at", "decided_at"),
    *("jwks_uri", "jwks_read_at"),
)
# Django leaves JSON of a plain cursor as text.
_JSON: Final = (
    *("jwks", "certificate_thumbprints", "redirect_uris", "post_logout_redirect_uris"),
    *("grant_types", "scopes", "serves", "may_call"),
)
_NAMES: Final = (*_TEXTS, *_JSON)
COLUMNS: Final = ", ".join(f"me.{name}" for name in _NAMES)
WIDTH: Final = len(_NAMES)
# Every request of a system begins with it: Django would think about it longer than PostgreSQL.
_FIND: Final = (
    f"select {COLUMNS} from identity_client me"  # noqa: S608 our own column names
    " where me.client_id = %s and me.status = 'approved'"
)


def find_client(client_id: str) -> Client | None:
    """Return the approved client, or None."""
    if not is_sayable(client_id):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [client_id])
        row = cursor.fetchone()
    return None if row is None else client_of(row)


def is_sayable(client_id: str) -> bool:
    return bool(client_id) and len(client_id) <= _LONGEST and "\x00" not in client_id


def client_of(row: Sequence[Any]) -> Client:
    """Return the client of a row that begins with COLUMNS."""
    texts, lists = row[: len(_TEXTS)], row[len(_TEXTS) : WIDTH]
    return Client(**dict(zip(_NAMES, [*texts, *map(json.loads, lists)], strict=True)))
