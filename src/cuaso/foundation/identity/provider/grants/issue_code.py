"""The person has said yes: give the browser a code for the client."""

from django.db import transaction
from django.http import HttpRequest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.record_account_act import actor_for
from cuaso.foundation.identity.logic.switch_capacity import SESSION_KEY
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.hashing import digest, fresh
from cuaso.foundation.identity.provider.models import Grant, PushedRequest
from cuaso.foundation.identity.provider.requests.asked import Asked
from cuaso.foundation.identity.provider.sessions.begin import sign_on_of
from cuaso.foundation.identity.provider.sessions.standing import Standing
from cuaso.foundation.identity.provider.terms import CODE_LIFE
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject


def issue_code(request: HttpRequest, *, asked: Asked, account: Account, standing: Standing) -> str:
    """Return the code; only its hash is kept. A pushed request is good for one code."""
    code = fresh()
    with transaction.atomic():
        if asked.pushed is not None:
            _spend(asked.pushed)
        sign_on = sign_on_of(request, account=account, standing=standing)
        grant = Grant.objects.create(
            client=asked.client,
            account=account,
            sign_on=sign_on,
            code_hash=digest(code),
            code_until=now() + CODE_LIFE,
            challenge=asked.challenge,
            redirect_uri=asked.redirect_uri,
            nonce=asked.nonce,
            scopes=list(asked.scopes),
            audience=list(asked.resources),
            claims=asked.claims,
            capacity_key=request.session.get(SESSION_KEY, ""),
            key_thumbprint=asked.key_thumbprint,
        )
        audit.record(
            actor=actor_for(account, request=request),
            act="identity.system_entered",
            subject=Subject(kind="identity.account", id=account.id),
            content={
                "client": asked.client.client_id,
                "grant": grant.id,
                "sid": sign_on.id,
                "scopes": list(asked.scopes),
                "acr": standing.acr,
            },
        )
    return code


def _spend(pushed: PushedRequest) -> None:
    unspent = PushedRequest.objects.filter(hash=pushed.hash, used_at=None)
    if not unspent.update(used_at=now()):
        raise ProtocolError(
            error="invalid_request_uri", description="The request_uri has been used before."
        )
