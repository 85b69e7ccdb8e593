"""Systems that have people sign in here, and their browsers."""

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from django.test import Client as Browser
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.foundation.identity.provider.clients.register import register_system
from cuaso.foundation.identity.provider.models import (
    Client,
    Consent,
    DeviceRequest,
    Grant,
    LogoutNotice,
    SignOn,
    Token,
)
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel.clock import now

ISSUER = "http://localhost:8000"
BACK = "https://he-thong.example/nhan"
LEFT = "https://he-thong.example/da-ra"
HEAR = "https://he-thong.example/nghe"
API = "https://du-lieu.example/api"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
SCOPES = ("openid", "profile", "email", "phone", "personal_number", "capacities", "offline_access")


@dataclass
class System:
    """A system with its secret or key, as its own programmers see it."""

    client_id: str
    secret: str = ""
    method: str = "client_secret_basic"
    key: ECKey | None = None
    machine: Browser = field(default_factory=Browser)

    def send(self, path, words, **headers):
        """Post as this system, with its own proof."""
        words = dict(words)
        if self.method == "client_secret_basic":
            pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
            headers.setdefault("Authorization", f"Basic {pair}")
        elif self.method == "client_secret_post":
            words |= {"client_id": self.client_id, "client_secret": self.secret}
        elif self.method == "private_key_jwt":
            words |= assertion(self)
        else:
            words["client_id"] = self.client_id
        body = urlencode(words, doseq=True)
        return self.machine.post(
            path, body, content_type="application/x-www-form-urlencoded", headers=headers
        )

    def fetch(self, started, code, **words):
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": started.verifier,
        }
        return self.send("/oidc/token", sent | words)

    def renew(self, refresh_token, **words):
        sent = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self.send("/oidc/token", sent | words)

    def ask_about(self, token):
        return self.send("/oidc/introspect", {"token": token}).json()


@dataclass
class Started:
    """What a system remembers of a sign-in that it has begun."""

    words: dict[str, Any]
    verifier: str

    @property
    def address(self):
        return f"/oidc/authorize?{urlencode(self.words, doseq=True)}"


def system(**words):
    """Register a system; one of the province's own unless told otherwise."""
    key = None
    if words.get("auth_method") == "private_key_jwt":
        key = ECKey.generate_key("P-256", auto_kid=True)
        words["jwks"] = {"keys": [key.as_dict(private=False)]}
    draft: dict[str, Any] = {
        "name": "Hệ thống thử",
        "redirect_uris": (BACK,),
        "scopes": SCOPES,
        "first_party": True,
        "post_logout_redirect_uris": (LEFT,),
    }
    made = register_system(actor=people.TESTER, draft=SystemDraft(**(draft | words)))
    method = words.get("auth_method", "client_secret_basic")
    return System(client_id=made.client_id, secret=made.secret, method=method, key=key)


def assertion(one, **changed):
    stamp = int(now().timestamp())
    claims = {
        "iss": one.client_id,
        "sub": one.client_id,
        "aud": ISSUER,
        "jti": secrets.token_urlsafe(8),
        "iat": stamp,
        "exp": stamp + 60,
    }
    header = {"alg": "ES256", "kid": one.key.kid}
    return {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": jwt.encode(header, claims | changed, one.key),
    }


def start(one, **words):
    verifier = secrets.token_urlsafe(48)
    hashed = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": one.client_id,
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": secrets.token_urlsafe(8),
        "nonce": secrets.token_urlsafe(8),
        "code_challenge": base64.urlsafe_b64encode(hashed).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    kept = {name: word for name, word in (asked | words).items() if word is not None}
    return Started(words=kept, verifier=verifier)


def come_back(answer):
    """Return the words with which a browser is sent back to a system."""
    if answer.status_code == 200:
        found = re.search(r'class="btn main" href="([^"]+)"', answer.content.decode())
        assert found is not None, answer.content.decode()
        address = found.group(1).replace("&amp;", "&")
    else:
        assert answer.status_code == 302, answer.content.decode()
        address = answer["Location"]
    assert address.split("?")[0] == BACK, address
    return dict(parse_qsl(urlsplit(address).query))


def enter(browser, one, **words):
    """Sign a person in at a system; return what it had started and the tokens."""
    started = start(one, **words)
    told = come_back(browser.get(started.address))
    assert told["state"] == started.words.get("state"), told
    answer = one.fetch(started, told["code"])
    assert answer.status_code == 200, answer.content
    return started, answer.json()


def claims_of(id_token, algorithm="RS256"):
    """Read an ID token as a system does: by the published keys."""
    keys = KeySet.import_key_set(Browser().get("/oidc/jwks").json())
    read = jwt.decode(id_token, keys, algorithms=[algorithm])
    assert read.header["alg"] == algorithm
    return read.claims


def userinfo(token, **headers):
    return Browser().get("/oidc/userinfo", headers={"Authorization": f"Bearer {token}", **headers})


def proof(key, *, path, method="POST", **changed):
    """Make a DPoP proof with the nonce of the moment."""
    claims = {
        "jti": secrets.token_urlsafe(8),
        "htm": method,
        "htu": ISSUER + path,
        "iat": int(now().timestamp()),
    }
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims | changed, key)


def ath(token):
    hashed = hashlib.sha256(token.encode()).digest()
    return base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()


def counts():
    """Return how much of everything there is: what a refusal must not change."""
    stocks = (Client, SignOn, Grant, Token, Consent, DeviceRequest, LogoutNotice)
    return tuple(stock.objects.count() for stock in stocks), len(people.acts())


def unsigned(claims):
    """Return a token of the algorithm “none”."""
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def under_public_key(claims, key):
    """Return a token under a shared secret that is the public key, as everybody knows it."""
    text = f"{_part({'alg': 'HS256', 'kid': key.kid})}.{_part(claims)}"
    mark = hmac.new(key.as_pem(private=False), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def _part(told):
    return base64.urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()


def hidden(page):
    """Return the hidden fields of a page as (name, value)."""
    return [(name, unescape(word)) for name, word in _HIDDEN.findall(page)]


def query_of(address):
    return parse_qs(urlsplit(address).query)
