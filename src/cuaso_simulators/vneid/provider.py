"""OpenID Connect Core: the code flow with PKCE (S256 only), one confidential client."""

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey

from cuaso_simulators.vneid import keys
from cuaso_simulators.vneid.people import Person

CODE_SECONDS = 60
TOKEN_SECONDS = 600
PENDING_SECONDS = 900
# `face` is a comparison of the face at this very sign-in.
ACR = {"1": "vneid-1", "2": "vneid-2", "face": "vneid-bio"}


@dataclass(kw_only=True)
class ProtocolError(Exception):
    """An OAuth error by its registered name."""

    error: str
    description: str
    status: int = 400


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One authorisation request that waits for a person; `browser` binds it to one browser."""

    redirect_uri: str
    state: str
    nonce: str
    scope: str
    challenge: str
    browser: str
    at: float
    face: bool = False


@dataclass(frozen=True, kw_only=True)
class Granted:
    asked: Asked
    person: Person
    acr: str
    at: float


@dataclass(kw_only=True)
class Provider:
    """What the authority knows; every method may be called by many threads."""

    issuer: str
    folder: Path
    client_id: str
    client_secret: str
    redirect_uris: frozenset[str]
    logout_uris: frozenset[str]
    people: Mapping[str, Person]
    key: ECKey
    _asked: dict[str, Asked] = field(default_factory=dict)
    _codes: dict[str, Granted] = field(default_factory=dict)
    _spent: dict[str, str] = field(default_factory=dict)
    _tokens: dict[str, Granted] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def discovery(self) -> dict[str, object]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end_session",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "profile", "phone"],
            "acr_values_supported": list(ACR.values()),
            "authorization_response_iss_parameter_supported": True,
            "claims_supported": [
                *("sub", "name", "birthdate", "gender", "personal_number", "phone_number", "acr")
            ],
        }

    def jwks(self) -> dict[str, object]:
        return {"keys": [self.key.as_dict(private=False)]}

    def known_redirect(self, query: Mapping[str, str]) -> str:
        """Return the redirect address; an unregistered client or address stays on a page here."""
        if query.get("client_id") != self.client_id:
            raise ProtocolError(error="invalid_client", description="client_id chưa được đăng ký.")
        if query.get("redirect_uri", "") not in self.redirect_uris:
            raise ProtocolError(
                error="invalid_request", description="redirect_uri chưa được đăng ký."
            )
        return query["redirect_uri"]

    def ask(self, query: Mapping[str, str], *, browser: str) -> str:
        """Keep a checked authorisation request; return its ticket."""
        if query.get("response_type") != "code":
            raise ProtocolError(error="unsupported_response_type", description="Chỉ nhận code.")
        if "openid" not in query.get("scope", "").split():
            raise ProtocolError(error="invalid_scope", description="Thiếu phạm vi openid.")
        if not query.get("code_challenge") or query.get("code_challenge_method") != "S256":
            raise ProtocolError(error="invalid_request", description="Bắt buộc PKCE với S256.")
        asked = Asked(
            redirect_uri=query["redirect_uri"],
            state=query.get("state", ""),
            nonce=query.get("nonce", ""),
            scope=query["scope"],
            challenge=query["code_challenge"],
            browser=browser,
            at=time.monotonic(),
            face=ACR["face"] in query.get("acr_values", "").split(),
        )
        ticket = secrets.token_urlsafe(16)
        with self._lock:
            self._forget()
            self._asked[ticket] = asked
        return ticket

    def asked(self, ticket: str, *, browser: str) -> Asked:
        with self._lock:
            asked = self._asked.get(ticket)
        if asked is None or not hmac.compare_digest(asked.browser, browser):
            raise ProtocolError(
                error="expired", description="Yêu cầu đăng nhập không còn hiệu lực.", status=410
            )
        return asked

    def person(self, personal_number: str) -> Person | None:
        return self.people.get(personal_number)

    def grant(self, ticket: str, *, browser: str, person: Person, level: str) -> tuple[Asked, str]:
        """Spend the ticket; return the request and a code for one use."""
        asked = self.asked(ticket, browser=browser)
        code = secrets.token_urlsafe(32)
        granted = Granted(asked=asked, person=person, acr=ACR[level], at=time.monotonic())
        with self._lock:
            if self._asked.pop(ticket, None) is None:
                raise ProtocolError(error="expired", description="Yêu cầu đã dùng.", status=410)
            self._codes[code] = granted
        return asked, code

    def deny(self, ticket: str, *, browser: str) -> Asked:
        asked = self.asked(ticket, browser=browser)
        with self._lock:
            self._asked.pop(ticket, None)
        return asked

    def exchange(self, form: Mapping[str, str], *, client: tuple[str, str]) -> dict[str, object]:
        """Return tokens for a code. A code used twice is refused and its first token revoked."""
        self._check_client(client)
        if form.get("grant_type") != "authorization_code":
            raise ProtocolError(error="unsupported_grant_type", description="authorization_code")
        granted = self._spend(form.get("code", ""))
        if form.get("redirect_uri") != granted.asked.redirect_uri:
            raise ProtocolError(error="invalid_grant", description="redirect_uri khác lúc xin.")
        if not _pkce_fits(form.get("code_verifier", ""), granted.asked.challenge):
            raise ProtocolError(error="invalid_grant", description="code_verifier không khớp.")
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens[token] = granted
            self._spent[form["code"]] = token
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": granted.asked.scope,
            "id_token": self._id_token(granted),
        }

    def userinfo(self, token: str) -> dict[str, object]:
        with self._lock:
            granted = self._tokens.get(token)
        if granted is None or time.monotonic() - granted.at > TOKEN_SECONDS:
            raise ProtocolError(error="invalid_token", description="Mã hết hạn.", status=401)
        return self._claims(granted)

    def _check_client(self, client: tuple[str, str]) -> None:
        name_fits = hmac.compare_digest(client[0].encode(), self.client_id.encode())
        secret_fits = hmac.compare_digest(client[1].encode(), self.client_secret.encode())
        if not (name_fits and secret_fits):
            raise ProtocolError(error="invalid_client", description="Sai bí mật.", status=401)

    def _spend(self, code: str) -> Granted:
        with self._lock:
            granted = self._codes.pop(code, None)
            if granted is None:
                self._tokens.pop(self._spent.get(code, ""), None)
        if granted is None or time.monotonic() - granted.at > CODE_SECONDS:
            raise ProtocolError(error="invalid_grant", description="Mã đã dùng hoặc hết hạn.")
        return granted

    def _claims(self, granted: Granted) -> dict[str, object]:
        person = granted.person
        sub = keys.subject(
            self.folder, client_id=self.client_id, personal_number=person.personal_number
        )
        return {
            "sub": sub,
            "name": person.name,
            "birthdate": person.birth_date,
            "gender": person.sex,
            "personal_number": person.personal_number,
            "phone_number": person.phone,
            "acr": granted.acr,
        }

    def _id_token(self, granted: Granted) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "auth_time": now,
            **({"nonce": granted.asked.nonce} if granted.asked.nonce else {}),
            **self._claims(granted),
        }
        return jwt.encode({"alg": "ES256", "kid": self.key.kid or ""}, claims, self.key)

    def _forget(self) -> None:
        """Drop what is too old to be used; called under the lock."""
        now = time.monotonic()
        for box, seconds in ((self._asked, PENDING_SECONDS), (self._tokens, TOKEN_SECONDS)):
            for name in [name for name, kept in box.items() if now - kept.at > seconds]:
                del box[name]


def _pkce_fits(verifier: str, challenge: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return hmac.compare_digest(made.encode(), challenge.encode())
