"""A client proves itself by a JWT under its own key (RFC 7523, private_key_jwt)."""

import json
from datetime import UTC, datetime

from joserfc import jws, jwt
from joserfc.errors import JoseError

from cuaso.foundation.identity.provider.addresses import PATHS, issuer
from cuaso.foundation.identity.provider.clients.public_keys import key_set, keys_of
from cuaso.foundation.identity.provider.errors import invalid_client
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.proofs.spend import spend
from cuaso.foundation.identity.provider.terms import (
    ASSERTION_LIFE,
    CLIENT_ALGORITHMS,
    FAPI_ALGORITHMS,
    LEEWAY,
)
from cuaso.kernel.clock import now


def claimed_client(assertion: str) -> str:
    """Return whom an assertion speaks of, unproven; `""` when it cannot be read."""
    try:
        claims = json.loads(jws.extract_compact(assertion.encode()).payload)
    except (JoseError, ValueError):
        return ""
    return str(claims.get("sub", "")) if isinstance(claims, dict) else ""


def check_assertion(assertion: str, *, client: Client) -> None:
    """Raise invalid_client unless the client itself has just made this assertion, for us, once."""
    allowed = FAPI_ALGORITHMS if client.fapi else CLIENT_ALGORITHMS
    rules = jwt.JWTClaimsRegistry(
        now=int(now().timestamp()),
        leeway=int(LEEWAY.total_seconds()),
        iss={"essential": True, "value": client.client_id},
        sub={"essential": True, "value": client.client_id},
        exp={"essential": True},
        jti={"essential": True},
        aud={"essential": True},
    )
    try:
        kid = str(jws.extract_compact(assertion.encode()).headers().get("kid", ""))
        keys = key_set(keys_of(client, kid=kid))
        claims = jwt.decode(assertion, keys, algorithms=list(allowed)).claims
        rules.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as problem:
        raise invalid_client("The client assertion is not valid.") from problem
    _check_audience(claims["aud"], fapi=client.fapi)
    try:
        until = datetime.fromtimestamp(int(claims["exp"]), tz=UTC)
    except (OverflowError, ValueError, OSError) as problem:
        raise invalid_client("The end of the client assertion cannot be read.") from problem
    if until > now() + ASSERTION_LIFE + LEEWAY:
        raise invalid_client("The client assertion lives for too long.")
    if not spend(f"assertion:{client.client_id}:{claims['jti']}", until=until + LEEWAY):
        raise invalid_client("The client assertion has been used before.")


def _check_audience(audience: object, *, fapi: bool) -> None:
    """FAPI 2: the issuer and nothing else; others may name an endpoint of ours (RFC 7523)."""
    if fapi:
        if audience != issuer():
            raise invalid_client("The audience of the client assertion must be the issuer.")
        return
    named = audience if isinstance(audience, list) else [audience]
    ours = {issuer(), *(issuer() + path for path in PATHS.values())}
    if not ours & {str(one) for one in named}:
        raise invalid_client("The client assertion is meant for somebody else.")
