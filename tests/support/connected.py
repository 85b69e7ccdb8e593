"""Systems connected to a running house by OpenID: each on a socket of its own, with its own
sessions, which end when the house says so (back-channel logout).
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import KeySet

from cuaso.wiring.running_house import RunningHouse
from tests.support.people import post, post_from

LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"


class ConnectedSystem:
    """A system that signs people in through the house; `sessions` are the sids that live in it."""

    def __init__(self, house: RunningHouse, name: str, port: int) -> None:
        self.house, self.name = house, name
        self.base = f"http://127.0.0.1:{port}"
        self.sessions: set[str] = set()
        self.came: dict[str, str] = {}
        told = {
            "client_name": name,
            "redirect_uris": [f"{self.base}/nhan"],
            "backchannel_logout_uri": f"{self.base}/nghe",
            "scope": "openid profile",
        }
        made = httpx.post(f"{house.url}/oidc/register", json=told).raise_for_status().json()
        self.client_id, self.secret = made["client_id"], made["client_secret"]

    def is_approved(self, admin: httpx.Client) -> None:
        """Let the province's administrator connect the system."""
        path = f"/bao-mat/he-thong-ket-noi/{self.client_id}/"
        post(admin, path, {"answer": "approve"}, read_from="/bao-mat/he-thong-ket-noi/")

    def lets_in(self, person: httpx.Client) -> str:
        """Sign a person in who has a session of the house; return the sid of theirs here."""
        verifier = secrets.token_urlsafe(48)
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": f"{self.base}/nhan",
            "scope": "openid profile",
            "state": secrets.token_urlsafe(8),
            "nonce": secrets.token_urlsafe(8),
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        shown = person.get("/oidc/authorize", params=asked).raise_for_status()
        if not str(shown.url).startswith(self.base):
            path = "/oidc/authorize/consent"
            agreed = post_from(shown, person, path, _consent(shown.text)).raise_for_status()
            httpx.get(_next_address(agreed.text)).raise_for_status()
        answer = httpx.post(
            f"{self.house.url}/oidc/token",
            data={
                "grant_type": "authorization_code",
                "code": self.came["code"],
                "redirect_uri": asked["redirect_uri"],
                "code_verifier": verifier,
            },
            auth=(self.client_id, self.secret),
        )
        sid = str(self._claims(answer.raise_for_status().json()["id_token"])["sid"])
        self.sessions.add(sid)
        return sid

    def hears(self, token: str) -> None:
        """End the session that the house names; raise when the token is not for this system."""
        claims = self._claims(token)
        assert LOGGED_OUT in claims["events"]
        assert "nonce" not in claims
        self.sessions.discard(str(claims["sid"]))

    def _claims(self, token: str) -> dict[str, Any]:
        keys = KeySet.import_key_set(httpx.get(f"{self.house.url}/oidc/jwks").json())
        claims = jwt.decode(token, keys, algorithms=["RS256", "ES256"]).claims
        assert (claims["iss"], claims["aud"]) == (self.house.url, self.client_id)
        return dict(claims)


@contextmanager
def connected(house: RunningHouse, name: str) -> Iterator[ConnectedSystem]:
    """Run a system beside a running house and register it there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Door)
    server.daemon_threads = True
    turn = Thread(target=server.serve_forever, daemon=True)
    turn.start()
    try:
        server.system = system = ConnectedSystem(house, name, server.server_port)  # type: ignore[attr-defined]
        yield system
    finally:
        server.shutdown()
        server.server_close()
        turn.join()


class _Door(BaseHTTPRequestHandler):
    """The address where people come back, and the one where the system listens."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        self.server.system.came = {name: values[0] for name, values in asked.items()}  # type: ignore[attr-defined]
        self._say(200)

    def do_POST(self) -> None:
        told = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.system.hears(told["logout_token"][0])  # type: ignore[attr-defined]
        self._say(200)

    def _say(self, status: int) -> None:
        content = json.dumps({"ok": True}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *said: object) -> None:
        del said


def _challenge(verifier: str) -> str:
    made = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def _next_address(page: str) -> str:
    """Return where the page between a form and a system leads on to."""
    return unescape(page.partition("url=")[2].partition('"')[0])


def _consent(page: str) -> dict[str, str]:
    """Return what the page of consent sends when its person agrees."""
    hidden = {
        name: page.partition(f'name="{name}" value="')[2].partition('"')[0]
        for name in ("client_id", "request_uri")
    }
    return {**hidden, "answer": "yes"}
