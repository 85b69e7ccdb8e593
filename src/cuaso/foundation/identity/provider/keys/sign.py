"""Sign a token, and read one that we signed ourselves."""

from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from cuaso.foundation.identity.provider.keys.stock import stock
from cuaso.foundation.identity.provider.terms import ALGORITHMS


def sign(claims: Mapping[str, Any], *, algorithm: str, kind: str = "JWT") -> str:
    """Return the compact JWS of the claims; `kind` is its `typ`."""
    key = stock().signers[algorithm]
    header = {"alg": algorithm, "kid": str(key.kid), "typ": kind}
    return jwt.encode(header, dict(claims), key, algorithms=[algorithm])


def read_own(token: str) -> Mapping[str, Any] | None:
    """Return the claims of an ID token of ours, however old, or None for anything else."""
    try:
        read = jwt.decode(token, stock().known, algorithms=list(ALGORITHMS))
    except (JoseError, ValueError):
        return None
    return read.claims if read.header.get("typ") == "JWT" else None
