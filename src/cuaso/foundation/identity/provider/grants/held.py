"""A refresh token with all that it hangs on, held for one act: one statement."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cuaso.foundation.identity.asking import first_row
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.hashing import digest
from cuaso.foundation.identity.provider.models import Grant, SignOn
from cuaso.kernel.clock import now

# The token and its family are held: of two at once, the second finds the first one's mark.
_HOLD: Final = """
select t.bound, t.used_at, t.expires_at, t.ended_at,
  g.id, g.client_id, g.account_id, g.sign_on_id, g.nonce, g.scopes, g.audience, g.claims,
  g.capacity_key, g.ended_at,
  a.kind, a.username, a.display_name, a.email, a.person_id, a.is_active,
  s.auth_at, s.acr, s.amr, s.until, s.used_at, s.ended_at, exists (
    select from django_session d
    where d.session_key = s.session_key and d.expire_date > %(now)s)
from identity_token t
join identity_grant g on g.id = t.grant_id
join identity_account a on a.id = g.account_id
join identity_signon s on s.id = g.sign_on_id
where t.hash = %(hash)s and t.kind = 'refresh'
for update of t, g
"""


@dataclass(frozen=True, kw_only=True)
class HeldToken:
    """`grant` carries its account and sign-on; `used` says that the token came before."""

    hash: bytes
    bound: str
    used: bool
    alive: bool
    seen_at: datetime
    grant: Grant


def hold_refresh_token(word: str) -> HeldToken | None:
    """Return the token and lock it with its family; inside the caller's transaction."""
    hashed, moment = digest(word), now()
    row = first_row(_HOLD, {"hash": hashed, "now": moment})
    if row is None:
        return None
    bound, used_at, expires_at, ended_at = row[:4]
    grant = _grant(row)
    ends = (ended_at, grant.ended_at, row[25])
    open_still = expires_at > moment and row[23] > moment and not any(ends)
    return HeldToken(
        hash=hashed,
        bound=bound,
        used=used_at is not None,
        alive=open_still and row[19] and row[26],
        seen_at=row[24],
        grant=grant,
    )


def _grant(row: tuple[Any, ...]) -> Grant:
    account = Account(
        id=row[6],
        kind=row[14],
        username=row[15],
        display_name=row[16],
        email=row[17],
        person_id=row[18],
    )
    sign_on = SignOn(
        id=row[7],
        account_id=row[6],
        auth_at=row[20],
        acr=row[21],
        amr=json.loads(row[22]),
        until=row[23],
    )
    return Grant(
        id=row[4],
        client_id=row[5],
        account=account,
        sign_on=sign_on,
        nonce=row[8],
        scopes=json.loads(row[9]),
        audience=json.loads(row[10]),
        claims=json.loads(row[11]),
        capacity_key=row[12],
        ended_at=row[13],
    )
