"""Signed requests: by an account's key or a new one, for one address, once (RFC 8555, 6)."""

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from cuaso.capabilities.certificates.logic.acme.problems import AcmeProblem, malformed
from cuaso.capabilities.certificates.models import AcmeAccount, AcmeNonce
from cuaso.kernel.clock import now

ALGORITHMS: Final = ("ES256", "RS256")
NONCE_LIFE: Final = timedelta(hours=1)
_MOST_BYTES: Final = 65_536
_FEWEST_BITS: Final = 2048
NO_KEY: Final = (ValueError, KeyError, TypeError, AttributeError)  # odd words for a key
_NUL: Final = "\\u0000"  # as JSON writes it


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A request that is proven. `account` is None when it came under a key that stands in it.

    `payload` is None for a POST-as-GET.
    """

    jwk: dict[str, Any]
    thumbprint: str
    account: AcmeAccount | None
    payload: Mapping[str, Any] | None


class _Registry(jws.JWSRegistry):
    """The header of a new account holds a whole RSA key."""

    max_header_length = 4_096
    max_payload_length = _MOST_BYTES


def address(path: str) -> str:
    return f"{settings.PUBLIC_URL}/acme/{path}"


def fresh_nonce() -> str:
    word = secrets.token_urlsafe(16)
    AcmeNonce.objects.create(hash=_hash(word), expires_at=now() + NONCE_LIFE)
    return word


def read(body: bytes, *, path: str) -> Signed:
    """Return the proven request; raise AcmeProblem. Its nonce is spent even when the rest fails."""
    told = read_object(body)
    parts = [told.get(name) for name in ("protected", "payload", "signature")]
    if not all(isinstance(one, str) for one in parts) or len(body) > _MOST_BYTES:
        raise malformed("The request must be a flattened JWS.")
    compact = ".".join(str(one) for one in parts)
    header = read_header(str(parts[0]))
    if header.get("alg") not in ALGORITHMS:
        raise AcmeProblem(word="badSignatureAlgorithm", detail="Use ES256 or RS256.")
    _spend(header.get("nonce"))
    if header.get("url") != address(path):
        raise AcmeProblem(word="unauthorized", detail="The url names another address.", status=401)
    account, jwk = _signer(header)
    key, payload = _verified(compact, jwk)
    return Signed(jwk=jwk, thumbprint=key.thumbprint(), account=account, payload=payload)


def read_inner(told: Mapping[str, Any], *, path: str) -> Signed:
    """Return a proven request inside a request: under a key that stands in it, for that address,
    without a nonce of its own (RFC 8555, 7.3.5). Raises AcmeProblem.
    """
    parts = [told.get(name) for name in ("protected", "payload", "signature")]
    if not all(isinstance(one, str) for one in parts):
        raise malformed("The inner request must be a flattened JWS.")
    header = read_header(str(parts[0]))
    if header.get("alg") not in ALGORITHMS:
        raise AcmeProblem(word="badSignatureAlgorithm", detail="Use ES256 or RS256.")
    jwk = header.get("jwk")
    if not isinstance(jwk, dict) or "nonce" in header or header.get("url") != address(path):
        raise malformed("The inner header needs jwk, the same url, and no nonce.")
    key, payload = _verified(".".join(str(one) for one in parts), jwk)
    return Signed(jwk=jwk, thumbprint=key.thumbprint(), account=None, payload=payload)


def _signer(header: Mapping[str, Any]) -> tuple[AcmeAccount | None, dict[str, Any]]:
    if ("jwk" in header) == ("kid" in header):
        raise malformed("The header needs exactly one of jwk and kid.")
    if "jwk" in header:
        if not isinstance(header["jwk"], dict):
            raise malformed("jwk must be an object.")
        return None, header["jwk"]
    begin = address("account/")
    kid = str(header["kid"])
    marked = _uuid(kid.removeprefix(begin)) if kid.startswith(begin) else None
    row = AcmeAccount.objects.filter(id=marked, ended_at=None).first() if marked else None
    if row is None:
        raise AcmeProblem(
            word="accountDoesNotExist", detail="There is no such account.", status=400
        )
    return row, dict(row.jwk)


def _verified(compact: str, jwk: dict[str, Any]) -> tuple[RSAKey | ECKey, Mapping[str, Any] | None]:
    registry = _Registry(algorithms=list(ALGORITHMS), strict_check_header=False)
    try:
        key = import_key(jwk)
        if key.is_private or not isinstance(key, RSAKey | ECKey) or _is_weak(key):
            raise AcmeProblem(word="badPublicKey", detail="Use RSA from 2048 bits, or EC P-256.")
        told = jws.deserialize_compact(compact, key, algorithms=list(ALGORITHMS), registry=registry)
    except (JoseError, UnsupportedAlgorithm, *NO_KEY) as problem:
        raise AcmeProblem(
            word="unauthorized", detail="The signature is not right.", status=401
        ) from problem
    return key, read_object(told.payload) if told.payload else None


def _is_weak(key: RSAKey | ECKey) -> bool:
    if isinstance(key, RSAKey):
        return key.raw_value.key_size < _FEWEST_BITS
    return key.as_dict(private=False).get("crv") != "P-256"


def read_header(protected: str) -> Mapping[str, Any]:
    """Return a protected header; raise malformed."""
    try:
        return read_object(base64.urlsafe_b64decode(protected + "=" * (-len(protected) % 4)))
    except (binascii.Error, ValueError) as problem:
        raise malformed("The protected header cannot be read.") from problem


def _spend(nonce: object) -> None:
    spent, _ = AcmeNonce.objects.filter(hash=_hash(str(nonce)), expires_at__gt=now()).delete()
    if not spent:
        raise AcmeProblem(word="badNonce", detail="The nonce is unknown or has been used.")


def read_object(body: bytes) -> Mapping[str, Any]:
    """Return a JSON object whose words can be kept; raise malformed."""
    try:
        read = json.loads(body)
        json.dumps(read, ensure_ascii=False).encode()  # half of a letter is none
    except (ValueError, RecursionError) as problem:
        raise malformed("The request is not JSON.") from problem
    if _NUL in json.dumps(read):
        raise malformed("The request holds a NUL.")
    if not isinstance(read, dict):
        raise malformed("The request must be an object.")
    return read


def _hash(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()


def _uuid(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None
