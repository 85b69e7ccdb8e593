"""The ID token: who has signed in, when and how strongly, for one client."""

import base64
import hashlib
from typing import Any, Final

from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.addresses import issuer
from cuaso.foundation.identity.provider.keys.sign import sign
from cuaso.foundation.identity.provider.models import Client, Grant, SignOn
from cuaso.foundation.identity.provider.terms import ID_TOKEN_LIFE
from cuaso.foundation.identity.provider.tokens.claims import claims_about, opened_by
from cuaso.kernel.clock import now

_HALF: Final = 16


def id_token(
    grant: Grant, *, client: Client, account: Account, sign_on: SignOn, access_token: str
) -> str:
    made = int(now().timestamp())
    claims: dict[str, Any] = {
        **_asked_for(grant, client=client, account=account),
        "iss": issuer(),
        "sub": str(account.id),
        "aud": client.client_id,
        "iat": made,
        "exp": made + int(ID_TOKEN_LIFE.total_seconds()),
        "auth_time": int(sign_on.auth_at.timestamp()),
        "acr": sign_on.acr,
        "amr": sign_on.amr,
        "sid": str(sign_on.id),
        "at_hash": _half_hash(access_token),
    }
    if grant.nonce:
        claims["nonce"] = grant.nonce
    return sign(claims, algorithm=client.id_token_algorithm)


def _asked_for(grant: Grant, *, client: Client, account: Account) -> dict[str, Any]:
    """What the claims parameter wants in the token itself; a client asks within its scopes."""
    wanted = set(grant.claims.get("id_token", {})) & opened_by(client.scopes)
    if not wanted:
        return {}
    return claims_about(account, names=wanted, capacity_key=grant.capacity_key)


def _half_hash(token: str) -> str:
    """Both algorithms hash with SHA-256 (OpenID Connect Core 3.1.3.6)."""
    half = hashlib.sha256(token.encode()).digest()[:_HALF]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
