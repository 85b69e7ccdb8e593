"""Make tokens; only their hashes are kept."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cuaso.foundation.identity.asking import all_rows
from cuaso.foundation.identity.provider.hashing import digest, fresh
from cuaso.foundation.identity.provider.models import Grant
from cuaso.foundation.identity.provider.terms import ACCESS_LIFE
from cuaso.kernel.clock import now

# Spending the old token and keeping the new ones are one statement.
_KEEP: Final = """
with spent as (update identity_token set used_at = %s where hash = %s)
insert into identity_token (hash, kind, grant_id, scopes, audience, bound, issued_at, expires_at)
values {rows} returning kind
"""
_ROW: Final = "(%s, %s, %s, %s, %s, %s, %s, %s)"
_KEEP_ONE: Final = _KEEP.format(rows=_ROW)
_KEEP_TWO: Final = _KEEP.format(rows=f"{_ROW}, {_ROW}")


@dataclass(frozen=True, kw_only=True)
class Issued:
    """What a token endpoint gives out. `refresh_token` and `id_token` are `""` when not given."""

    access_token: str
    bound: str
    scopes: tuple[str, ...]
    refresh_token: str = ""
    id_token: str = ""

    def answer(self) -> dict[str, object]:
        """Return the answer's members (RFC 6749 5.1)."""
        told: dict[str, object] = {
            "access_token": self.access_token,
            "token_type": "DPoP" if self.bound.startswith("jkt:") else "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "scope": " ".join(self.scopes),
        }
        more = {"refresh_token": self.refresh_token, "id_token": self.id_token}
        return told | {name: word for name, word in more.items() if word}


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far new tokens reach. `refresh_until` None gives no refresh token.

    `instead_of` is the hash of a refresh token that is spent by them.
    """

    scopes: tuple[str, ...]
    audience: tuple[str, ...]
    bound: str
    refresh_bound: str = ""
    refresh_until: datetime | None = None
    instead_of: bytes | None = None


def make_tokens(grant: Grant, *, reach: Reach, ends_at: datetime | None) -> tuple[str, str]:
    """Return an access token and, where wanted, a refresh token; inside the caller's transaction.

    `ends_at` is the end of the sign-on: no access token outlives it.
    """
    access, made = fresh(), now()
    until = min(made + ACCESS_LIFE, ends_at) if ends_at else made + ACCESS_LIFE
    own = (reach.scopes, reach.audience, reach.bound, made, until)
    values = [made, reach.instead_of, *_row(access, "access", grant, *own)]
    refresh = ""
    if reach.refresh_until is not None:
        refresh = fresh()
        whole = (grant.scopes, grant.audience, reach.refresh_bound, made, reach.refresh_until)
        values += _row(refresh, "refresh", grant, *whole)
    all_rows(_KEEP_TWO if refresh else _KEEP_ONE, values)
    return access, refresh


def _row(  # noqa: PLR0917 the columns of the statement, in its order
    word: str,
    kind: str,
    grant: Grant,
    scopes: Iterable[str],
    audience: Iterable[str],
    bound: str,
    made: datetime,
    until: datetime,
) -> list[Any]:
    lists = (json.dumps(list(scopes)), json.dumps(list(audience)))
    return [digest(word), kind, grant.id, *lists, bound, made, until]
