"""An account that a system opens in its own name: bound by a key that an administrator handed out
(RFC 8555, 7.3.4).
"""

import os
from datetime import timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, RSAKey, import_key
from joserfc.util import urlsafe_b64encode

from cuaso.capabilities.certificates.contracts import ExternalAccountKey
from cuaso.capabilities.certificates.logic import names, refusals
from cuaso.capabilities.certificates.logic.acme.problems import AcmeProblem, malformed
from cuaso.capabilities.certificates.logic.acme.signed import (
    Signed,
    address,
    read_header,
    read_object,
)
from cuaso.capabilities.certificates.models import ExternalKey
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import new_id, unguessable
from cuaso.kernel.subjects import Subject

GOOD_FOR: Final = timedelta(days=7)
_KID_LENGTH: Final = 20


def make_external_key(*, actor: Actor, client_id: str) -> ExternalAccountKey:
    """Return a key with which one system may open one ACME account within a week; its secret is
    shown this once and stored nowhere. Raises NotAllowed, or Invalid without a system.
    """
    if refusals.ROLE not in actor.roles:
        raise refusals.not_yours()
    if not names.may_be_system(client_id):
        raise refusals.system_missing()
    row = ExternalKey(
        id=new_id(),
        kid=unguessable(_KID_LENGTH),
        client_id=client_id.strip(),
        expires_at=now() + GOOD_FOR,
    )
    with transaction.atomic():
        row.save(force_insert=True)
        audit.record(
            actor=actor,
            act="certificates.external_key_made",
            subject=Subject(kind="certificates.external_key", id=row.id),
            content={"kid": row.kid, "client": row.client_id},
        )
    secret = urlsafe_b64encode(_derived(settings.SECRET_KEY, row.kid)).decode()
    return ExternalAccountKey(
        kid=row.kid, secret=secret, client_id=row.client_id, expires_at=row.expires_at
    )


def is_required() -> bool:
    return os.environ.get("CUASO_ACME_EXTERNAL", "") == "1"


def bind(asked: Signed) -> ExternalKey | None:
    """Return the key that binds a new account, None when it brings none and needs none.

    Inside the transaction that opens the account: the key is spent by it. Raises AcmeProblem.
    """
    told = (asked.payload or {}).get("externalAccountBinding")
    if told is None:
        if is_required():
            raise AcmeProblem(
                word="externalAccountRequired",
                detail="Ask the administrator for a key.",
                status=403,
            )
        return None
    parts = [told.get(name) for name in ("protected", "payload", "signature")] if isinstance(
        told, dict
    ) else [None]  # fmt: skip
    if not all(isinstance(one, str) for one in parts):
        raise malformed("externalAccountBinding must be a flattened JWS.")
    return _spent(".".join(str(one) for one in parts), asked)


def _spent(compact: str, asked: Signed) -> ExternalKey:
    header = read_header(compact.partition(".")[0])
    fits = header.get("alg") == "HS256" and header.get("url") == address("new-account")
    if not fits or "nonce" in header:
        raise malformed("The binding needs HS256, the url of new-account, and no nonce.")
    row = (
        ExternalKey.objects.select_for_update()
        .filter(kid=str(header.get("kid")), used_at=None, expires_at__gt=now())
        .first()
    )
    if row is None or not _is_signed(compact, row.kid, thumbprint=asked.thumbprint):
        raise AcmeProblem(word="unauthorized", detail="The binding is not good.", status=401)
    row.used_at = now()
    row.save(update_fields=["used_at"])
    return row


def _is_signed(compact: str, kid: str, *, thumbprint: str) -> bool:
    """The payload is the very key of the account, under the key that was handed out."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            key = OctKey.import_key(_derived(secret, kid))
            told = jws.deserialize_compact(compact, key, algorithms=["HS256"], registry=_REGISTRY)
            bound = import_key(_jwk(told.payload))
        except (JoseError, ValueError, KeyError, TypeError):
            continue
        return isinstance(bound, RSAKey | ECKey) and bound.thumbprint() == thumbprint
    return False


def _jwk(payload: bytes) -> dict[str, Any]:
    return dict(read_object(payload))


def _derived(secret: str | bytes, kid: str) -> bytes:
    """From the house's secret and the public name: nothing that could leak lies in the database."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=kid.encode(), info=b"cuaso.acme.external")
    return derive.derive(secret.encode() if isinstance(secret, str) else secret)


class _Registry(jws.JWSRegistry):
    """The payload is a whole RSA key."""

    max_payload_length = 4_096


_REGISTRY: Final = _Registry(algorithms=["HS256"], strict_check_header=False)
