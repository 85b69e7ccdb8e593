"""A small JSON server on loopback, with faults on request, for the simulators."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Protocol
from urllib.parse import unquote, urlsplit

from cuaso_simulators.faults import Faults

LIMIT_BYTES = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Request:
    """`path` are the decoded parts of the address; header names are lower case."""

    method: str
    path: tuple[str, ...]
    headers: Mapping[str, str]
    body: Mapping[str, Any] = field(default_factory=dict)

    def bears(self, token: str) -> bool:
        return not token or self.headers.get("authorization") == f"Bearer {token}"


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: Mapping[str, Any] | str


class Service(Protocol):
    """What a simulator answers; `(GET /healthz)` and `(POST /faults)` are the server's own."""

    def answer(self, request: Request) -> Answer: ...


class Server(ThreadingHTTPServer):
    """`faults` meet every request to the service; pages for people (`text/html`) never break."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, port: int, service: Service) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
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
        if length > LIMIT_BYTES:
            message = "too large"
            raise ValueError(message)
        raw = self.rfile.read(length)
        body = json.loads(raw) if raw else {}
        if not isinstance(body, dict):
            message = "an object is wanted"
            raise ValueError(message)  # noqa: TRY004 a bad request, as bad JSON is
        parts = urlsplit(self.path).path.strip("/").split("/")
        return Request(
            method=self.command,
            path=tuple(unquote(part) for part in parts if part),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )

    def _send(self, answer: Answer) -> None:
        page = isinstance(answer.body, str)
        content = str(answer.body) if page else json.dumps(answer.body, ensure_ascii=False)
        data = content.encode()
        self.send_response(answer.status)
        kind = "text/html" if page else "application/json"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        try:
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
