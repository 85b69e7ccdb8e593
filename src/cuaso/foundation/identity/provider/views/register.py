"""A system describes itself and then waits for an administrator (RFC 7591)."""

import json
from collections.abc import Mapping
from typing import Any, Final

from allauth.core.internal import ratelimit
from authlib.oauth2.rfc7591 import ClientMetadataClaims
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from joserfc.errors import JoseError

from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.foundation.identity.provider.clients.register import apply_system
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.requests.keepable import is_keepable
from cuaso.foundation.identity.provider.terms import CODE, REFRESH, SCOPES
from cuaso.foundation.identity.provider.views.answers import for_machines, told
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid

APPLYING: Final = {"oidc_register": "10/h/ip"}
_LONGEST: Final = 65_536


@csrf_exempt
@require_POST
@for_machines
def register(request: HttpRequest) -> HttpResponse:
    if not ratelimit.consume(request, app="cuaso", action="oidc_register", config=APPLYING):
        raise ProtocolError(
            error="slow_down",
            description="Too many registrations from this address; try again in an hour.",
            status=429,
            headers={"Retry-After": "3600"},
        )
    draft = _draft(_metadata(request))
    try:
        made = apply_system(actor=system(f"Hệ thống tự đăng ký: {draft.name}"), draft=draft)
    except Invalid as refusal:
        fields = {problem.field for problem in refusal.problems}
        raise ProtocolError(
            error="invalid_redirect_uri" if "redirect_uris" in fields else _METADATA,
            description=f"Not acceptable: {', '.join(sorted(fields))}.",
        ) from refusal
    answer = _kept(draft) | {
        "client_id": made.client_id,
        "client_id_issued_at": int(made.registered_at.timestamp()),
        # Not of the standard: nothing can be done with the client before the approval.
        "registration_status": "waiting_for_approval",
    }
    if made.secret:
        answer |= {"client_secret": made.secret, "client_secret_expires_at": 0}
    return told(answer, status=201)


def _kept(draft: SystemDraft) -> dict[str, object]:
    """Return all that is registered of a description, as a client compares it (RFC 7591 3.2.1)."""
    told: dict[str, object] = {
        "client_name": draft.name,
        "redirect_uris": list(draft.redirect_uris),
        "token_endpoint_auth_method": draft.auth_method,
        "grant_types": list(draft.grant_types),
        "response_types": ["code"],
        "scope": " ".join(draft.scopes),
        "id_token_signed_response_alg": draft.algorithm,
    }
    given: dict[str, object] = {
        "post_logout_redirect_uris": list(draft.post_logout_redirect_uris),
        "backchannel_logout_uri": draft.backchannel_logout_uri,
        "jwks": dict(draft.jwks),
        "jwks_uri": draft.jwks_uri,
        "contacts": draft.contact.split(", ") if draft.contact else [],
        "require_pushed_authorization_requests": draft.pushed_only,
        "dpop_bound_access_tokens": draft.bound_only,
    }
    return told | {name: value for name, value in given.items() if value}


_METADATA: Final = "invalid_client_metadata"


def _metadata(request: HttpRequest) -> Mapping[str, Any]:
    if len(request.body) > _LONGEST:
        raise ProtocolError(error=_METADATA, description="The description is too long.")
    known = {name: value for name, value in _object(request).items() if value is not None}
    claims = ClientMetadataClaims(known, {})
    try:
        claims.validate()
    except JoseError as problem:
        raise ProtocolError(error=_METADATA, description=str(problem)[:200]) from problem
    except (ValueError, TypeError, AttributeError) as problem:
        description = "A member of the description is not of the type that RFC 7591 gives it."
        raise ProtocolError(error=_METADATA, description=description) from problem
    if (claims.get("response_types") or ["code"]) != ["code"]:
        raise ProtocolError(error=_METADATA, description="response_types must be [code].")
    if not is_keepable(known):
        raise ProtocolError(error=_METADATA, description="A text of it cannot be read.")
    return known


def _object(request: HttpRequest) -> dict[str, Any]:
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError) as problem:
        raise ProtocolError(error=_METADATA, description="The body is not JSON.") from problem
    if not isinstance(told, dict):
        raise ProtocolError(error=_METADATA, description="The description must be a JSON object.")
    return told


def _draft(told: Mapping[str, Any]) -> SystemDraft:
    """Read the description; a stranger is never the province's own system."""
    scopes = _text(told, "scope", "openid profile").split()
    return SystemDraft(
        name=_text(told, "client_name")[:201],
        redirect_uris=_texts(told, "redirect_uris"),
        auth_method=_text(told, "token_endpoint_auth_method", "client_secret_basic"),
        grant_types=_texts(told, "grant_types") or (CODE, REFRESH),
        scopes=tuple(one for one in scopes if one in SCOPES),
        post_logout_redirect_uris=_texts(told, "post_logout_redirect_uris"),
        backchannel_logout_uri=_text(told, "backchannel_logout_uri"),
        jwks=told.get("jwks") or {},
        jwks_uri=_text(told, "jwks_uri")[:2_000],
        algorithm=_text(told, "id_token_signed_response_alg", "RS256"),
        pushed_only=told.get("require_pushed_authorization_requests") is True,
        bound_only=told.get("dpop_bound_access_tokens") is True,
        contact=", ".join(_texts(told, "contacts"))[:200],
    )


def _text(told: Mapping[str, Any], name: str, usual: str = "") -> str:
    found = told.get(name, usual)
    if not isinstance(found, str):
        raise ProtocolError(error=_METADATA, description=f"{name} must be a string.")
    return found


def _texts(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = told.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ProtocolError(error=_METADATA, description=f"{name} must be a list of strings.")
    return tuple(found)
