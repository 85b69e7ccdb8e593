"""The logout token: this session has ended (OpenID Connect Back-Channel Logout 1.0, 2.4)."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from cuaso.foundation.identity.provider.addresses import issuer
from cuaso.foundation.identity.provider.keys.sign import sign
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
LIFE: Final = timedelta(minutes=2)


def logout_token(*, client_id: str, account_id: UUID, sid: UUID, algorithm: str) -> str:
    made = int(now().timestamp())
    claims = {
        "iss": issuer(),
        "sub": str(account_id),
        "aud": client_id,
        "iat": made,
        "exp": made + int(LIFE.total_seconds()),
        "jti": str(new_id()),
        "events": {EVENT: {}},
        "sid": str(sid),
    }
    return sign(claims, algorithm=algorithm, kind="logout+jwt")
