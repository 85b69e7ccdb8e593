"""A small JSON server on loopback, with faults on request, for the simulators."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from cuaso_simulators.faults import Faults

LIMIT_BYTES = 64 * 1024
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Request:
    """`path` are the decoded parts of the address, as it came in `address`; header names are
    lower case; `raw` is the body as it came.
    """

    method: str
    path: tuple[str, ...]
    headers: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""
    raw: bytes = b""

    def bears(self, token: str) -> bool:
        return not token or self.headers.get("authorization") == f"Bearer {token}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`location` is where a browser is sent."""

    status: int
    body: Mapping[str, Any] | str | bytes
    location: str = ""


class Service(Protocol):
    """What a simulator answers; `(GET /healthz)` and `(POST /faults)` are the server's own."""

    def answer(self, request: Request) -> Answer: ...


class Server(ThreadingHTTPServer):
    """`faults` meet every request to the service; pages for people (`text/html`) never break."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, port: int, service: Service, limit_bytes: int = LIMIT_BYTES) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.limit_bytes = limit_bytes
        self.service = service
        self.faults = Faults()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server
    never_broken: ClassVar = frozenset({"healthz", "faults", ""})

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        """Stay silent: what a simulator answered shows on its page or in the caller's log."""

    def _serve(self) -> None:
        try:
            request = self._request()
        except ValueError as error:
            self._send(Answer(status=400, body={"error": str(error)}))
            return
        first = request.path[0] if request.path else ""
        if first not in self.never_broken and self._misbehaved():
            return
        self._send(self._answer(request, first))

    def _answer(self, request: Request, first: str) -> Answer:
        if first == "healthz":
            return Answer(status=200, body={"ok": True})
        if first == "faults" and request.method == "POST":
            return self._set_fault(request)
        return self.server.service.answer(request)

    def _set_fault(self, request: Request) -> Answer:
        delay = float(request.body.get("delay_seconds", request.body.get("delay", 0)))
        try:
            fault = self.server.faults.set(
                mode=str(request.body.get("mode", "ok")), delay_seconds=delay
            )
        except ValueError as error:
            return Answer(status=400, body={"error": str(error)})
        return Answer(status=200, body={"mode": fault.mode, "delay_seconds": fault.delay_seconds})

    def _misbehaved(self) -> bool:
        mode = self.server.faults.meet()
        if mode == "down":
            self._send(Answer(status=503, body={"error": "down"}))
        elif mode == "garbage":
            self._send(Answer(status=200, body="<<not what you asked for>>"))
        elif mode == "refuse":
            self._send(Answer(status=400, body={"error": "refused"}))
        return mode in ("down", "garbage", "refuse")

    def _request(self) -> Request:
        length = int(self.headers.get("content-length") or 0)
        if length > self.server.limit_bytes:
            message = "too large"
            raise ValueError(message)
        raw = self.rfile.read(length)
        posted = self.headers.get("content-type", "").startswith(FORM)
        body = dict(parse_qsl(raw.decode())) if posted else json.loads(raw or b"{}")
        if not isinstance(body, dict):
            message = "an object is wanted"
            raise ValueError(message)  # noqa: TRY004 a bad request, as bad JSON is
        parts = urlsplit(self.path).path.strip("/").split("/")
        return Request(
            method=self.command,
            path=tuple(unquote(part) for part in parts if part),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            address=self.path,
            raw=raw,
        )

    def _send(self, answer: Answer) -> None:
        data, kind = _written(answer.body)
        self.send_response(answer.status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        try:
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


def _written(body: Mapping[str, Any] | str | bytes) -> tuple[bytes, str]:
    """Return an answer's bytes and their type."""
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    if isinstance(body, str):
        return body.encode(), "text/html; charset=utf-8"
    return json.dumps(body, ensure_ascii=False).encode(), "application/json; charset=utf-8"
