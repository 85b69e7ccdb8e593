"""The socket: one thread a request, routes by method and path."""

import base64
import binascii
import json
import secrets
import time
from collections.abc import Callable
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from cuaso_simulators.vneid import pages, people
from cuaso_simulators.vneid.provider import ACR, Asked, ProtocolError, Provider

BODY_LIMIT = 64 * 1024
SHOWN = 12
COOKIE = "vneid_browser"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *, port: int, provider: Provider) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.provider = provider
        self.fault = ("ok", 0.0)


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "VNeIDSimulator"

    def do_GET(self) -> None:
        self._serve(body={})

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), BODY_LIMIT)
        text = self.rfile.read(length).decode("utf-8", errors="replace")
        self._serve(body=dict(parse_qsl(text, keep_blank_values=True)))

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: request lines carry codes and states."""

    def _serve(self, *, body: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.body = body
        head, _, self.rest = parts.path.removeprefix("/").partition("/")
        if head != "_faults" and self._faulty():
            return
        act = self.ROUTES.get((self.command, head))
        if act is None:
            self._page(pages.refused(what="Không có trang này."), status=HTTPStatus.NOT_FOUND)
            return
        try:
            act(self)
        except ProtocolError as problem:
            self._page(pages.refused(what=problem.description), status=problem.status)

    def _faulty(self) -> bool:
        mode, seconds = self.server.fault
        if mode == "down":
            self._send(b"down", kind="text/plain", status=HTTPStatus.SERVICE_UNAVAILABLE)
            return True
        time.sleep(seconds if mode == "slow" else 0)
        return False

    # --- answers

    def _send(
        self, content: bytes, *, kind: str, status: int, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        fixed = {
            "Content-Type": kind,
            "Content-Length": str(len(content)),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; "
            "frame-ancestors 'none'; base-uri 'none'",
        }
        for name, value in (fixed | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _page(self, html: str, *, status: int = HTTPStatus.OK) -> None:
        self._send(html.encode(), kind="text/html; charset=utf-8", status=status)

    def _json(self, value: object, *, status: int = HTTPStatus.OK) -> None:
        self._send(json.dumps(value).encode(), kind="application/json", status=status)

    def _go(self, address: str, *, headers: dict[str, str] | None = None) -> None:
        self._send(
            b"",
            kind="text/plain",
            status=HTTPStatus.SEE_OTHER,
            headers={"Location": address, **(headers or {})},
        )

    def _back(self, redirect_uri: str, values: dict[str, str]) -> None:
        values = {**values, "iss": self.server.provider.issuer}
        sign = "&" if urlsplit(redirect_uri).query else "?"
        self._go(f"{redirect_uri}{sign}{urlencode({k: v for k, v in values.items() if v})}")

    @property
    def _browser(self) -> str:
        cookie = SimpleCookie(self.headers.get("Cookie") or "").get(COOKIE)
        return cookie.value if cookie else ""

    # --- machine endpoints

    def _discovery(self) -> None:
        if self.rest != "openid-configuration":
            raise ProtocolError(error="not_found", description="Không có.", status=404)
        self._json(self.server.provider.discovery())

    def _jwks(self) -> None:
        self._json(self.server.provider.jwks())

    def _token(self) -> None:
        try:
            answer = self.server.provider.exchange(self.body, client=self._client())
        except ProtocolError as problem:
            words = {"error": problem.error, "error_description": problem.description}
            self._json(words, status=problem.status)
        else:
            self._json(answer)

    def _client(self) -> tuple[str, str]:
        scheme, _, value = (self.headers.get("Authorization") or "").partition(" ")
        if scheme.lower() != "basic":
            return self.body.get("client_id", ""), self.body.get("client_secret", "")
        try:
            name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return unquote(name), unquote(secret)

    def _userinfo(self) -> None:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        try:
            self._json(self.server.provider.userinfo(token))
        except ProtocolError as problem:
            self._json({"error": problem.error}, status=problem.status)

    def _faults(self) -> None:
        mode = self.body.get("mode", "ok")
        if mode not in ("ok", "down", "slow"):
            self._json({"error": "mode: ok, down hoặc slow"}, status=HTTPStatus.BAD_REQUEST)
            return
        self.server.fault = (mode, float(self.body.get("seconds", "8")))
        self._json({"mode": mode})

    # --- pages for people

    def _authorize(self) -> None:
        provider = self.server.provider
        redirect_uri = provider.known_redirect(self.query)
        browser = self._browser or secrets.token_urlsafe(16)
        try:
            ticket = provider.ask(self.query, browser=browser)
        except ProtocolError as problem:
            words = {"error": problem.error, "error_description": problem.description}
            self._back(redirect_uri, {**words, "state": self.query.get("state", "")})
            return
        cookie = f"{COOKIE}={browser}; HttpOnly; SameSite=Lax; Path=/"
        self._go(f"/login/{ticket}", headers={"Set-Cookie": cookie})

    def _choose(self, *, error: str = "") -> None:
        provider = self.server.provider
        provider.asked(self.rest, browser=self._browser)
        query = self.query.get("q", "").strip()
        found = people.search(provider.people.values(), query=query, limit=SHOWN)
        html = pages.choose(ticket=self.rest, query=query, found=found, error=error)
        self._page(html, status=HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK)

    def _chosen(self) -> None:
        provider = self.server.provider
        asked = provider.asked(self.rest, browser=self._browser)
        person = provider.person(self.body.get("personal_number", "").strip())
        if person is None:
            self._choose(error="Không có người nào mang số định danh này trong dữ liệu mô phỏng.")
            return
        self._page(pages.consent(ticket=self.rest, person=person, face=asked.face))

    def _consent(self) -> None:
        provider = self.server.provider
        if self.body.get("answer") != "yes":
            asked = provider.deny(self.rest, browser=self._browser)
            self._back(asked.redirect_uri, {"error": "access_denied", "state": asked.state})
            return
        asked, code = self._grant()
        self._back(asked.redirect_uri, {"code": code, "state": asked.state})

    def _grant(self) -> tuple[Asked, str]:
        person = self.server.provider.person(self.body.get("personal_number", ""))
        level = self.body.get("level", "")
        if person is None or level not in ACR:
            raise ProtocolError(error="invalid_request", description="Thiếu người hoặc mức.")
        return self.server.provider.grant(
            self.rest, browser=self._browser, person=person, level=level
        )

    def _end_session(self) -> None:
        values = self.query | self.body
        address = values.get("post_logout_redirect_uri", "")
        if address not in self.server.provider.logout_uris:
            self._page(pages.signed_out())
            return
        self._back(address, {"state": values.get("state", "")})

    def _style(self) -> None:
        self._send(pages.STYLE.encode(), kind="text/css; charset=utf-8", status=HTTPStatus.OK)

    ROUTES: ClassVar[dict[tuple[str, str], Callable[["Handler"], None]]] = {
        ("GET", ".well-known"): _discovery,
        ("GET", "jwks"): _jwks,
        ("GET", "authorize"): _authorize,
        ("GET", "login"): _choose,
        ("POST", "login"): _chosen,
        ("POST", "consent"): _consent,
        ("POST", "token"): _token,
        ("GET", "userinfo"): _userinfo,
        ("POST", "userinfo"): _userinfo,
        ("GET", "end_session"): _end_session,
        ("POST", "end_session"): _end_session,
        ("GET", "style.css"): _style,
        ("POST", "_faults"): _faults,
    }
