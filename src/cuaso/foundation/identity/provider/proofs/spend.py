"""An identifier that is good for one use."""

from datetime import datetime

from django.db import connection

from cuaso.foundation.identity.provider.hashing import digest

_SPEND = "insert into identity_spentproof (hash, expires_at) values (%s, %s) on conflict do nothing"


def spend(word: str, *, until: datetime) -> bool:
    """Return whether the word came for the first time; it is remembered at least until then."""
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [digest(word), until])
        return bool(cursor.rowcount)
