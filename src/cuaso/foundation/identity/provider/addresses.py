"""The provider's own addresses, all under the one issuer."""

from typing import Final

from django.conf import settings

PATHS: Final[dict[str, str]] = {
    "authorization_endpoint": "/oidc/authorize",
    "token_endpoint": "/oidc/token",
    "userinfo_endpoint": "/oidc/userinfo",
    "jwks_uri": "/oidc/jwks",
    "introspection_endpoint": "/oidc/introspect",
    "revocation_endpoint": "/oidc/revoke",
    "end_session_endpoint": "/oidc/logout",
    "pushed_authorization_request_endpoint": "/oidc/par",
    "device_authorization_endpoint": "/oidc/device",
    "registration_endpoint": "/oidc/register",
}


def issuer() -> str:
    return str(settings.PUBLIC_URL)


def address(name: str) -> str:
    return issuer() + PATHS[name]
