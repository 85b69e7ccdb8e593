"""The authority on loopback HTTP, with faults on request."""

import json
import secrets
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding

from cuaso.kernel import clock
from cuaso_simulators.timestamp.identity import identity, revocation_list
from cuaso_simulators.timestamp.token import rejection, reply

MOST_BYTES = 16 * 1024
MODES = ("ok", "down", "slow", "garbage", "nonce", "refuse")


class Server(ThreadingHTTPServer):
    """One authority; `mode` is how it behaves now."""

    daemon_threads = True

    def __init__(self, *, port: int, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.mode = "ok"
        self.slow_seconds = 10.0
        super().__init__(("127.0.0.1", port), Handler)
        self.identity = identity(folder, url=f"http://127.0.0.1:{self.server_port}")


class Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 30

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._answer(HTTPStatus.OK, b"ok\n", "text/plain")
        elif self.path == "/root.pem":
            root = self.server.identity.root.public_bytes(Encoding.PEM)
            self._answer(HTTPStatus.OK, root, "application/x-pem-file")
        elif self.path == "/root.crl" and (
            listed := revocation_list(self.server.identity, now=clock.now())
        ):
            self._answer(HTTPStatus.OK, listed, "application/pkix-crl")
        else:
            self._answer(HTTPStatus.NOT_FOUND, b"", "text/plain")

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"", "text/plain")
        elif self.path == "/faults":
            self._set_fault(body)
        else:
            self._stamp(body)

    def log_message(self, *_words: object) -> None:
        """Keep quiet: every signature asks once."""

    def _set_fault(self, body: bytes) -> None:
        try:
            wish = json.loads(body)
            mode, seconds = wish["mode"], float(wish.get("seconds", 10))
        except (ValueError, KeyError, TypeError):
            mode, seconds = "", 0.0
        if mode not in MODES:
            self._answer(HTTPStatus.BAD_REQUEST, b"mode: " + "|".join(MODES).encode(), "text/plain")
            return
        self.server.mode, self.server.slow_seconds = mode, seconds
        self._answer(HTTPStatus.OK, json.dumps({"mode": mode}).encode(), "application/json")

    def _stamp(self, query: bytes) -> None:
        mode = self.server.mode
        if mode == "down":
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"", "text/plain")
            return
        if mode == "slow":
            time.sleep(self.server.slow_seconds)
        answers = {
            "garbage": lambda: secrets.token_bytes(900),
            "nonce": lambda: reply(_other_nonce(query), self.server.identity),
            "refuse": lambda: rejection("system_failure"),
        }
        answer = answers.get(mode, lambda: reply(query, self.server.identity))()
        self._answer(HTTPStatus.OK, answer, "application/timestamp-reply")

    def _body(self) -> bytes | None:
        try:
            length = int(self.headers.get("Content-Length", "0"))
        except ValueError:
            length = 0
        return self.rfile.read(length) if 0 <= length <= MOST_BYTES else None

    def _answer(self, status: HTTPStatus, content: bytes, media_type: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True  # the asker did not wait


def _other_nonce(query: bytes) -> bytes:
    asked = tsp.TimeStampReq.load(query)
    return bytes(
        tsp.TimeStampReq(
            {
                "version": 1,
                "message_imprint": asked["message_imprint"],
                "cert_req": True,
                "nonce": 7,
            }
        ).dump()
    )
