"""Addresses of the OpenID provider; those of machines are the ones that discovery tells."""

from django.urls import path

from cuaso.foundation.identity.provider.views import (
    authorize,
    device,
    discovery,
    logout,
    own,
    par,
    register,
    token,
    tokens,
)

urlpatterns = [
    path(".well-known/openid-configuration", discovery.metadata, name="oidc-metadata"),
    path(".well-known/oauth-authorization-server", discovery.metadata),
    path("oidc/jwks", discovery.jwks, name="oidc-jwks"),
    path("oidc/authorize", authorize.authorize, name="oidc-authorize"),
    path("oidc/authorize/consent", authorize.consent, name="oidc-consent"),
    path("oidc/token", token.token, name="oidc-token"),
    path("oidc/userinfo", tokens.userinfo, name="oidc-userinfo"),
    path("oidc/introspect", tokens.introspect, name="oidc-introspect"),
    path("oidc/revoke", tokens.revoke, name="oidc-revoke"),
    path("oidc/par", par.par, name="oidc-par"),
    path("oidc/device", device.device, name="oidc-device"),
    path("oidc/register", register.register, name="oidc-register"),
    path("oidc/logout", logout.logout, name="oidc-logout"),
    path("oidc/logout/confirm", logout.confirm, name="oidc-logout-confirm"),
    # Pages.
    path("thiet-bi/", device.typed, name="oidc-device-code"),
    path("bao-mat/phien-dang-nhap/", own.sessions, name="oidc-sessions"),
    path("bao-mat/phien-dang-nhap/<int:session_id>/", own.end, name="oidc-end-session"),
    path("bao-mat/he-thong/<uuid:client_row>/", own.disagree, name="oidc-disagree"),
    path("bao-mat/he-thong-ket-noi/", own.systems, name="oidc-systems"),
    path("bao-mat/he-thong-ket-noi/<str:client_id>/", own.decided, name="oidc-decide"),
]
