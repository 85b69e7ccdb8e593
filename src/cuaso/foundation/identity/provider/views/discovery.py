"""What systems read first; both documents come from memory."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from cuaso.foundation.identity.provider import terms
from cuaso.foundation.identity.provider.addresses import PATHS, address, issuer
from cuaso.foundation.identity.provider.keys.stock import stock
from cuaso.foundation.identity.provider.views.answers import for_browser_applications

_HOUR = 3600


@for_browser_applications("GET", "HEAD")
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """Tell what the provider can do (OpenID Connect Discovery 1.0, RFC 8414)."""
    del request
    return _public(described())


@for_browser_applications("GET", "HEAD")
@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    del request
    return _public(stock().published)


def described() -> dict[str, Any]:
    claims = sorted({name for names in terms.SCOPES.values() for name in names})
    methods = list(terms.AUTH_METHODS)
    return {
        "issuer": issuer(),
        **{name: address(name) for name in PATHS},
        "scopes_supported": list(terms.SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": list(terms.RESPONSE_MODES),
        "grant_types_supported": list(terms.GRANT_TYPES),
        "acr_values_supported": list(terms.ACR),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(terms.ALGORITHMS),
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": list(terms.CLIENT_ALGORITHMS),
        "introspection_endpoint_auth_methods_supported": methods[:-1],
        "introspection_endpoint_auth_signing_alg_values_supported": list(terms.CLIENT_ALGORITHMS),
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": list(terms.CLIENT_ALGORITHMS),
        "claim_types_supported": ["normal"],
        "claims_supported": ["sub", "iss", "auth_time", "acr", "amr", "sid", *claims],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "require_pushed_authorization_requests": False,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "dpop_signing_alg_values_supported": list(terms.CLIENT_ALGORITHMS),
        "tls_client_certificate_bound_access_tokens": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "ui_locales_supported": ["vi-VN", "en"],
        "service_documentation": f"{issuer()}/",
    }


def _public(content: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(content)
    response.headers["Cache-Control"] = f"public, max-age={_HOUR}"
    return response
