"""What a token stands for now: one statement, by the token's hash."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cuaso.foundation.identity.asking import first_row
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.clients.find import (
    PROOF_COLUMNS,
    PROOF_WIDTH,
    is_sayable,
    proving_client_of,
)
from cuaso.foundation.identity.provider.hashing import digest
from cuaso.foundation.identity.provider.models import Client
from cuaso.kernel.clock import now

# Everything that can end a token stands here: itself, its family, its client, its person's
# account, the sign-on, and the house's own session.
_FIND: Final = """
select t.kind, t.scopes, t.audience, t.bound, t.issued_at, t.expires_at,
  g.id, g.claims, g.capacity_key, c.id, c.client_id, a.id, a.username, s.id, s.auth_at, s.acr,
  a.kind, a.display_name, a.email, a.person_id
from identity_token t
join identity_grant g on g.id = t.grant_id and g.ended_at is null
join identity_client c on c.id = g.client_id and c.status = 'approved'
left join identity_account a on a.id = g.account_id
left join identity_signon s on s.id = g.sign_on_id
where t.hash = %(hash)s and t.ended_at is null and t.used_at is null and t.expires_at > %(now)s
  and (g.account_id is null or a.is_active)
  and (g.sign_on_id is null or (s.ended_at is null and s.until > %(now)s and exists (
    select from django_session d
    where d.session_key = s.session_key and d.expire_date > %(now)s)))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A token that is good now. `account_id` and `sid` are None for a system's own token."""

    kind: str
    scopes: list[str]
    audience: list[str]
    bound: str
    issued_at: datetime
    expires_at: datetime
    grant_id: UUID
    claims: dict[str, Any]
    capacity_key: str
    client_row: UUID
    client_id: str
    account_id: UUID | None
    username: str | None
    sid: UUID | None
    auth_at: datetime | None
    acr: str | None
    account_kind: Any
    account_name: Any
    account_email: Any
    person_id: Any

    def account(self) -> Account:
        """Return the person's account, as far as claims need it, without asking again."""
        return Account(
            id=self.account_id,
            kind=self.account_kind,
            username=self.username or "",
            display_name=self.account_name,
            email=self.account_email,
            person_id=self.person_id,
        )


_FIELDS: Final = tuple(Known.__dataclass_fields__)
# Django leaves JSON of a plain cursor as text.
_JSON: Final = frozenset(_FIELDS.index(name) for name in ("scopes", "audience", "claims"))


# A system and the token that it asks about, in one statement.
_FIND_BOTH: Final = (
    f"select {PROOF_COLUMNS}, k.* from identity_client me"  # noqa: S608 our own column names
    f" left join lateral ({_FIND}) k on true"
    " where me.client_id = %(client_id)s and me.status = 'approved'"
)


def find_token(token: str) -> Known | None:
    """Return what the token stands for, or None for any token that is not good now."""
    row = first_row(_FIND, {"hash": digest(token), "now": now()})
    return None if row is None else _known(row)


def find_client_and_token(client_id: str, token: str) -> tuple[Client | None, Known | None]:
    """Return the approved client and what the token stands for, None for what is not good."""
    if not is_sayable(client_id):
        return None, None
    words: dict[str, Any] = {"client_id": client_id, "hash": digest(token), "now": now()}
    row = first_row(_FIND_BOTH, words)
    if row is None:
        return None, None
    rest = row[PROOF_WIDTH:]
    return proving_client_of(row), _known(rest) if rest[0] is not None else None


def _known(row: Sequence[Any]) -> Known:
    values = [json.loads(value) if at in _JSON else value for at, value in enumerate(row)]
    return Known(**dict(zip(_FIELDS, values, strict=True)))
