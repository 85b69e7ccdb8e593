"""VNeID as an OpenID Connect provider.

No public wire specification of VNeID was found; standard OpenID Connect with PKCE is assumed.
"""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponseBase
from joserfc import jwt
from joserfc.errors import JoseError

from cuaso.foundation.identity.contracts import Claims
from cuaso.foundation.identity.logic.accept_face import BIOMETRIC
from cuaso.foundation.identity.logic.link_citizen import PROVIDER
from cuaso.foundation.identity.provider.clients.public_keys import key_set
from cuaso.kernel.clock import now

ALGORITHMS = ["ES256", "RS256", "PS256"]
SCOPE = ["openid", "profile", "phone"]
LEVELS = {"vneid-1": 1, "vneid-2": 2, "vneid-bio": 2}
FACE = "vneid-bio"
LEEWAY_SECONDS = 60
# An ID token is spent at once; one that is older was kept by somebody, or a clock is wrong.
OLDEST_SECONDS = 300
PERSONAL_NUMBER_DIGITS = 12
_DISCOVERY = "/.well-known/openid-configuration"


class VneidAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth ships no types
    """Checks more than allauth does: signature and nonce, and one subject in both answers."""

    nonce = ""

    def complete_login(
        self,
        request: HttpRequest,
        app: SocialApp,
        token: SocialToken,
        *,
        response: Mapping[str, Any],
    ) -> SocialLogin:
        vouched = self._verified(response.get("id_token", ""), client_id=app.client_id)
        told = self._fetch_user_info(token.token)
        if told.get("sub") != vouched["sub"]:
            raise OAuth2Error("userinfo speaks of another subject")
        proven = {name: vouched.get(name) for name in ("acr", "auth_time")}
        claims = claims_of({**told, **proven})
        login = self.get_provider().sociallogin_from_response(request, {"sub": claims.subject})
        # Personal data stays out of allauth's tables: the directory keeps it.
        login.account.extra_data = {}
        login.claims = claims
        return login

    def _verified(self, id_token: str, *, client_id: str) -> Mapping[str, Any]:
        self._require_issuer()
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        rules = jwt.JWTClaimsRegistry(
            now=int(now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.openid_config["issuer"]},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": self.nonce},
        )
        try:
            keys = key_set(answer.json())
            token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
            rules.validate(token.claims)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise OAuth2Error("id_token is not valid") from problem
        _check_meant_for(token.claims, client_id=client_id)
        return token.claims

    def _require_issuer(self) -> None:
        """What describes VNeID must name the address that we were told (OpenID Connect Discovery
        1.0, 4.3): its keys would vouch for another issuer otherwise.
        """
        told = str(self.get_provider().app.settings["server_url"])
        if not _named_alike(str(self.openid_config["issuer"]), told):
            raise OAuth2Error("the metadata is of another issuer")


def _named_alike(one: str, other: str) -> bool:
    return one.rstrip("/") == other.removesuffix(_DISCOVERY).rstrip("/")


def _check_meant_for(claims: Mapping[str, Any], *, client_id: str) -> None:
    """Refuse a token that is for others as well, or not fresh (OpenID Connect Core 3.1.3.7)."""
    if claims["aud"] not in (client_id, [client_id]) or claims.get("azp", client_id) != client_id:
        raise OAuth2Error("id_token is meant for others")
    if now().timestamp() - float(claims["iat"]) > OLDEST_SECONDS + LEEWAY_SECONDS:
        raise OAuth2Error("id_token is too old")


class Callback(OAuth2CallbackView):  # type: ignore[misc]  # allauth ships no types
    """Hands the stored nonce to the adapter; an answer of another issuer is no answer."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        known = self.adapter.openid_config
        told = request.GET.get("iss", "")
        must = known.get("authorization_response_iss_parameter_supported", False)
        if (told or must) and told != known["issuer"]:
            # Mixed up (RFC 9207): the code is not sent to anybody.
            get_adapter().on_authentication_error(
                request, self.adapter.get_provider(), exception=OAuth2Error("another issuer")
            )
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def _get_state(self, request: HttpRequest, provider: object) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce", "")
        return state, response


def begin(request: HttpRequest, *, purpose: str = "") -> HttpResponseBase:
    """Send the browser to VNeID with state, nonce and PKCE.

    With the purpose `biometric` the person is asked to show their face anew.
    """
    provider = get_adapter(request).get_provider(request, provider=PROVIDER)
    nonce = secrets.token_urlsafe(24)
    anew = {"acr_values": FACE, "prompt": "login", "max_age": "0"} if purpose == BIOMETRIC else {}
    response: HttpResponseBase = provider.redirect(
        request,
        process="login",
        next_url=get_next_redirect_url(request),
        scope=list(SCOPE),
        auth_params={"nonce": nonce, **anew},
        nonce=nonce,
        purpose=purpose,
    )
    return response


def complete(request: HttpRequest) -> HttpResponseBase:
    """Receive the browser from VNeID."""
    response: HttpResponseBase = Callback.adapter_view(VneidAdapter(request, PROVIDER))(request)
    return response


def claims_of(told: Mapping[str, Any]) -> Claims:
    """Return what the provider vouches for; raise OAuth2Error when a needed claim is missing."""
    number = str(told.get("personal_number", ""))
    if len(number) != PERSONAL_NUMBER_DIGITS or not number.isdigit():
        raise OAuth2Error("personal_number is missing")
    try:
        birth_date = date.fromisoformat(str(told.get("birthdate", "")))
    except ValueError:
        birth_date = None
    return Claims(
        subject=str(told["sub"]),
        personal_number=number,
        name=str(told.get("name", "")),
        birth_date=birth_date,
        sex=str(told.get("gender", "")),
        phone=str(told.get("phone_number", "")),
        assurance=LEVELS.get(str(told.get("acr")), 0),
        biometric=told.get("acr") == FACE and _is_fresh(told.get("auth_time")),
    )


def _is_fresh(auth_time: object) -> bool:
    """Whether the face was compared just now, not in some session of before."""
    if not isinstance(auth_time, int | float):
        return False
    return now().timestamp() - auth_time <= OLDEST_SECONDS
