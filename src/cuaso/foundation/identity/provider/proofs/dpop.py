"""A token that only the holder of one key can use (DPoP, RFC 9449)."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from cuaso.foundation.identity.provider.addresses import issuer
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.proofs.spend import spend
from cuaso.foundation.identity.provider.terms import CLIENT_ALGORITHMS
from cuaso.kernel.clock import now

NONCE_SECONDS: Final = 120
# The nonce already bounds a proof's age by our clock; `iat` only has to be about right.
IAT_LEEWAY: Final = timedelta(minutes=5)


def proven_key(request: HttpRequest, *, token: str = "") -> str:
    """Return the SHA-256 thumbprint of the key that proves this request, `""` without a proof.

    With `token`, the proof must have been made for that access token. Raises invalid_dpop_proof,
    or use_dpop_nonce with a fresh nonce when the proof carries none of ours.
    """
    told = request.headers.get("DPoP", "")
    if not told:
        return ""
    key, claims = _read(told)
    target = issuer() + request.path
    if claims.get("htm") != request.method or _bare(claims.get("htu")) != target:
        raise _invalid("The proof was made for another request.")
    if abs(now().timestamp() - _number(claims.get("iat"))) > IAT_LEEWAY.total_seconds():
        raise _invalid("The proof is too old, or its clock is wrong.")
    if token and claims.get("ath") != _hash(token):
        raise _invalid("The proof was made for another access token.")
    if claims.get("nonce") not in (_nonce(0), _nonce(-1)):
        raise ProtocolError(
            error="use_dpop_nonce",
            description="Put the nonce of the DPoP-Nonce header into the proof.",
            status=401 if token else 400,
            headers={"DPoP-Nonce": _nonce(0)},
        )
    thumbprint = key.thumbprint()
    _spend(claims.get("jti"), thumbprint)
    return thumbprint


def fresh_nonce() -> str:
    return _nonce(0)


def _read(told: str) -> tuple[RSAKey | ECKey, dict[str, object]]:
    try:
        header = jws.extract_compact(told.encode()).headers()
        if header.get("typ") != "dpop+jwt" or header.get("alg") not in CLIENT_ALGORITHMS:
            raise _invalid("The proof's type or algorithm is not allowed.")
        key = import_key(header["jwk"])
        if key.is_private or not isinstance(key, RSAKey | ECKey):
            raise _invalid("The proof must carry a public key.")
        claims = jwt.decode(told, key, algorithms=list(CLIENT_ALGORITHMS)).claims
    except (JoseError, ValueError, KeyError, TypeError) as problem:
        raise _invalid("The proof cannot be read or its signature is wrong.") from problem
    return key, claims


def _spend(jti: object, thumbprint: str) -> None:
    if not isinstance(jti, str) or not jti:
        raise _invalid("The proof has no jti.")
    until = now() + 2 * IAT_LEEWAY
    if not spend(f"dpop:{thumbprint}:{jti}", until=until):
        raise _invalid("The proof has been used before.")


def _invalid(description: str) -> ProtocolError:
    return ProtocolError(error="invalid_dpop_proof", description=description)


def _bare(address: object) -> str:
    return str(address).partition("#")[0].partition("?")[0]


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _hash(token: str) -> str:
    hashed = hashlib.sha256(token.encode()).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


def _nonce(step: int) -> str:
    """Return the nonce of this moment's slot; every process makes the same one."""
    slot = int(now().timestamp() // NONCE_SECONDS) + step
    word = json.dumps(["cuaso.identity.dpop", slot]).encode()
    made = hmac.new(settings.SECRET_KEY.encode(), word, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made[:18]).decode()
