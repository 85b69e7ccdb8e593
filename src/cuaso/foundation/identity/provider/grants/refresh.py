"""A client changes its refresh token for fresh tokens; one that comes again ends the family."""

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.keep_sessions import SEEN_STEP
from cuaso.foundation.identity.provider.errors import ProtocolError, invalid_grant
from cuaso.foundation.identity.provider.grants.end import end_grant, subject_of
from cuaso.foundation.identity.provider.grants.give import give
from cuaso.foundation.identity.provider.grants.held import HeldToken, hold_refresh_token
from cuaso.foundation.identity.provider.grants.proof import Binding
from cuaso.foundation.identity.provider.models import Client, SignOn
from cuaso.foundation.identity.provider.requests.resources import narrowed
from cuaso.foundation.identity.provider.tokens.make import Issued
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now


def refresh(
    *,
    client: Client,
    word: str,
    scopes: tuple[str, ...],
    resources: tuple[str, ...],
    binding: Binding,
) -> Issued:
    """Return fresh tokens; raise invalid_grant. Scopes and resources may shrink, never grow."""
    with transaction.atomic():
        token = hold_refresh_token(word)
        if token is None or token.grant.client_id != client.id:
            raise invalid_grant("The refresh token is not known.")
        if token.used:
            end_grant(token.grant, why="refresh_replayed")
        else:
            issued = _renew(
                token, client=client, scopes=scopes, resources=resources, binding=binding
            )
    if token.used:
        raise invalid_grant("The refresh token has been used before; all its tokens are revoked.")
    return issued


def _renew(
    token: HeldToken,
    *,
    client: Client,
    scopes: tuple[str, ...],
    resources: tuple[str, ...],
    binding: Binding,
) -> Issued:
    grant = token.grant
    if not token.alive:
        raise invalid_grant("The session has ended.")
    if token.bound and token.bound != binding.word:
        raise ProtocolError(
            error="invalid_dpop_proof", description="The refresh token is bound to another key."
        )
    if not set(scopes) <= set(grant.scopes):
        raise ProtocolError(error="invalid_scope", description="The scope was not granted.")
    # FAPI 2 asks for no rotation: such a token is worth nothing without the client's key.
    rotated = not client.fapi
    issued = give(
        grant,
        client=client,
        binding=binding,
        scopes=scopes or tuple(grant.scopes),
        audience=narrowed(resources, within=grant.audience),
        renew=rotated,
        instead_of=token.hash if rotated else None,
    )
    _keep(token, client=client)
    return issued


def _keep(token: HeldToken, *, client: Client) -> None:
    """Let the ledger know, and the session that it is in use: at most once a minute."""
    grant = token.grant
    if now() - token.seen_at > SEEN_STEP:
        SignOn.objects.filter(id__in=[grant.sign_on_id]).update(used_at=now())
    audit.record(
        actor=system(client.name),
        act="identity.tokens_refreshed",
        subject=subject_of(grant),
        content={"client": client.client_id, "grant": grant.id, "sid": grant.sign_on_id},
    )
