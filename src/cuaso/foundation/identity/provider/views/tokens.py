"""What a token is good for: userinfo, introspection, revocation."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from cuaso.foundation.identity.provider.addresses import issuer
from cuaso.foundation.identity.provider.clients.authenticate import authenticate
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.models import Client, Token
from cuaso.foundation.identity.provider.proofs.certificate import presented_thumbprint
from cuaso.foundation.identity.provider.proofs.dpop import proven_key
from cuaso.foundation.identity.provider.tokens.claims import claims_about, opened_by
from cuaso.foundation.identity.provider.tokens.find import Known, find_client_and_token, find_token
from cuaso.foundation.identity.provider.tokens.revoke import revoke as revoke_token
from cuaso.foundation.identity.provider.views.answers import (
    for_browser_applications,
    for_machines,
    told,
)
from cuaso.foundation.identity.provider.views.token import only


@csrf_exempt
@for_browser_applications("GET", "POST")
@require_http_methods(["GET", "POST"])
@for_machines
def userinfo(request: HttpRequest) -> HttpResponse:
    known = _shown_token(request)
    if "openid" not in known.scopes or known.account_id is None:
        raise _refused("insufficient_scope", "The token has no openid scope.", status=403)
    asked = set(known.claims.get("userinfo", {}))
    names = opened_by(known.scopes) | (asked & _may_ask(known) if asked else set())
    claims = claims_about(known.account(), names=names, capacity_key=known.capacity_key)
    return told({**claims, "sub": str(known.account_id)})


@csrf_exempt
@require_POST
@for_machines
def introspect(request: HttpRequest) -> HttpResponse:
    """Tell a system of tokens that it holds itself or that are meant for it (RFC 7662)."""
    word, found = only(request, "token"), _Found()
    client = authenticate(request, find=lambda name: found.both(name, word))
    if client.auth_method == "none":
        raise ProtocolError(error="unauthorized_client", status=403)
    known = found.known
    if known is None or not _concerns(known, client):
        return told({"active": False})
    return told(_described(known))


class _Found:
    """The token that was found on the way to its asker: one statement instead of two."""

    known: Known | None = None

    def both(self, client_id: str, word: str) -> Client | None:
        client, self.known = find_client_and_token(client_id, word)
        return client


@csrf_exempt
@for_browser_applications("POST")
@require_POST
@for_machines
def revoke(request: HttpRequest) -> HttpResponse:
    """Answer the same whether or not there was such a token (RFC 7009 2.2)."""
    revoke_token(client=authenticate(request), word=only(request, "token"))
    return told({})


def _shown_token(request: HttpRequest) -> Known:
    """Return the access token of a resource request; raise invalid_token, as RFC 6750 says."""
    kind, _, word = request.headers.get("Authorization", "").partition(" ")
    if not kind and request.method == "POST":
        kind, word = "Bearer", request.POST.get("access_token", "")
    if not word:
        raise ProtocolError(
            error="invalid_request",
            description="No access token.",
            status=401,
            headers={"WWW-Authenticate": 'Bearer realm="oidc", DPoP algs="ES256 RS256 PS256"'},
        )
    known = find_token(word)
    if known is None or known.kind != Token.Kind.ACCESS:
        raise _refused("invalid_token", "The access token is not good.")
    _check_binding(request, known, kind=kind.lower(), word=word)
    return known


def _check_binding(request: HttpRequest, known: Known, *, kind: str, word: str) -> None:
    """A bound token is worth nothing without its key, however it is sent."""
    way, _, thumbprint = known.bound.partition(":")
    if kind != ("dpop" if way == "jkt" else "bearer"):
        raise _refused("invalid_token", "The token is of another type.")
    if way == "jkt" and proven_key(request, token=word) != thumbprint:
        raise _refused("invalid_token", "The proof is not of the token's key.", scheme="DPoP")
    if way == "x5t" and presented_thumbprint(request) != thumbprint:
        raise _refused("invalid_token", "The certificate is not the token's.")


def _may_ask(known: Known) -> set[str]:
    return opened_by(Client.objects.values_list("scopes", flat=True).get(id=known.client_row))


def _concerns(known: Known, client: Client) -> bool:
    return known.client_row == client.id or bool(set(known.audience) & set(client.serves))


def _described(known: Known) -> dict[str, Any]:
    described: dict[str, Any] = {
        "active": True,
        "iss": issuer(),
        "client_id": known.client_id,
        "scope": " ".join(known.scopes),
        "iat": int(known.issued_at.timestamp()),
        "exp": int(known.expires_at.timestamp()),
        "token_type": "DPoP" if known.bound.startswith("jkt:") else "Bearer",
        "sub": str(known.account_id or known.client_id),
    }
    if known.audience:
        described["aud"] = known.audience
    if known.auth_at is not None:
        described |= {
            "sid": str(known.sid),
            "username": known.username,
            "auth_time": int(known.auth_at.timestamp()),
            "acr": known.acr,
        }
    way, _, thumbprint = known.bound.partition(":")
    if thumbprint:
        described["cnf"] = {"jkt" if way == "jkt" else "x5t#S256": thumbprint}
    return described


def _refused(
    error: str, description: str, *, status: int = 401, scheme: str = "Bearer"
) -> ProtocolError:
    header = f'{scheme} error="{error}", error_description="{description}"'
    return ProtocolError(
        error=error,
        description=description,
        status=status,
        headers={"WWW-Authenticate": header},
    )
