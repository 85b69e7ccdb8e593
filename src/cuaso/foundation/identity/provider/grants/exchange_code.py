"""A client fetches the tokens of its code, once."""

import re
from hmac import compare_digest
from typing import Final

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.errors import ProtocolError, invalid_grant
from cuaso.foundation.identity.provider.grants.alive import is_alive
from cuaso.foundation.identity.provider.grants.end import end_grant, subject_of
from cuaso.foundation.identity.provider.grants.give import give
from cuaso.foundation.identity.provider.grants.proof import Binding
from cuaso.foundation.identity.provider.hashing import digest
from cuaso.foundation.identity.provider.models import Client, Grant
from cuaso.foundation.identity.provider.requests.resources import narrowed
from cuaso.foundation.identity.provider.tokens.make import Issued
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now

_VERIFIER: Final = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def exchange_code(
    *,
    client: Client,
    code: str,
    redirect_uri: str,
    verifier: str,
    binding: Binding,
    resources: tuple[str, ...] = (),
) -> Issued:
    """Return the tokens; raise invalid_grant. A code that comes again ends all it has given."""
    with transaction.atomic():
        grant = _locked(code)
        if grant is None or grant.client_id != client.id:
            raise invalid_grant("The code is not known.")
        replayed = grant.code_used_at is not None
        if replayed:
            end_grant(grant, why="code_replayed")
        else:
            _check(grant, redirect_uri=redirect_uri, verifier=verifier, binding=binding)
            issued = _give(grant, client=client, binding=binding, resources=resources)
    if replayed:
        raise invalid_grant("The code has been used before; what it gave is revoked.")
    return issued


def _locked(code: str) -> Grant | None:
    return (
        Grant.objects.select_for_update(of=("self",))
        .select_related("account", "sign_on")
        .filter(code_hash=digest(code))
        .first()
    )


def _check(grant: Grant, *, redirect_uri: str, verifier: str, binding: Binding) -> None:
    if grant.ended_at is not None or grant.code_until is None or grant.code_until < now():
        raise invalid_grant("The code has expired.")
    if redirect_uri != grant.redirect_uri:
        raise invalid_grant("redirect_uri is not the one of the authorization request.")
    if not _VERIFIER.fullmatch(verifier) or not compare_digest(
        create_s256_code_challenge(verifier), grant.challenge
    ):
        raise invalid_grant("code_verifier does not fit.")
    if grant.key_thumbprint and grant.key_thumbprint != binding.jkt:
        raise ProtocolError(
            error="invalid_dpop_proof", description="The code is bound to another key."
        )
    if not is_alive(grant.sign_on_id):
        raise invalid_grant("The session has ended.")


def _give(grant: Grant, *, client: Client, binding: Binding, resources: tuple[str, ...]) -> Issued:
    grant.code_used_at = now()
    grant.save(update_fields=["code_used_at"])
    issued = give(
        grant,
        client=client,
        binding=binding,
        scopes=tuple(grant.scopes),
        audience=narrowed(resources, within=grant.audience),
    )
    audit.record(
        actor=system(client.name),
        act="identity.code_exchanged",
        subject=subject_of(grant),
        content={"client": client.client_id, "grant": grant.id, "sid": grant.sign_on_id},
    )
    return issued
