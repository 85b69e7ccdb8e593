"""The authority on loopback HTTP, with a clock of its own and faults on request."""

import json
import secrets
import time
from collections import Counter
from datetime import datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cuaso.kernel import clock
from cuaso_simulators.cipher_authority.answering import ocsp_answer, revocation_list
from cuaso_simulators.cipher_authority.book import Book
from cuaso_simulators.cipher_authority.certificates import Attributes, name
from cuaso_simulators.timestamp.identity import Identity
from cuaso_simulators.timestamp.token import reply

MOST_BYTES = 64 * 1024
MODES = ("ok", "down", "slow", "garbage", "refuse")
PEM = Encoding.PEM
OCTETS, PEM_FILE, JSON = "application/octet-stream", "application/x-pem-file", "application/json"


class Server(ThreadingHTTPServer):
    """One authority. `fault` is (mode, seconds, only this service or "")."""

    daemon_threads = True

    def __init__(self, *, port: int, folder: Path) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.book = Book(folder=folder, url=self.url)
        self.fault: tuple[str, float, str] = ("ok", 0.0, "")
        self.counts: Counter[str] = Counter()
        self._ahead = timedelta()

    def now(self) -> datetime:
        return clock.now() + self._ahead

    def set_clock(self, moment: str) -> None:
        """Run on from `moment` (ISO); "" is the machine's clock again."""
        self._ahead = datetime.fromisoformat(moment) - clock.now() if moment else timedelta()


class Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 30

    def do_GET(self) -> None:
        book, now = self.server.book, self.server.now()
        match self.path:
            case "/healthz":
                self._send(b"ok\n", "text/plain")
            case "/root.pem":
                self._send(book.root.certificate.public_bytes(PEM), PEM_FILE)
            case "/counts":
                self._send(json.dumps(self.server.counts).encode(), JSON)
            case "/issuing.crl" if self._well("crl"):
                self._send(revocation_list(book, book.issuing, now=now), "application/pkix-crl")
            case "/root.crl" if self._well("crl"):
                self._send(revocation_list(book, book.root, now=now), "application/pkix-crl")
            case "/issuing.crl" | "/root.crl":
                pass
            case _:
                self._send(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BYTES:
            self._send(b"", "text/plain", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        body = self.rfile.read(length)
        if self.path == "/ocsp":
            if self._well("ocsp"):
                answer = ocsp_answer(body, self.server.book, now=self.server.now())
                self._send(answer, "application/ocsp-response")
        elif self.path == "/tsa":
            if self._well("tsa"):
                self._send(self._stamp(body), "application/timestamp-reply")
        else:
            self._told(body)

    def log_message(self, *_words: object) -> None:
        """Keep quiet: every signature asks."""

    def _told(self, body: bytes) -> None:
        acts = {
            "/certificates": self._certify,
            "/revocations": self._revoke,
            "/stamper": self._new_stamper,
            "/clock": self._set_clock,
            "/faults": self._set_fault,
        }
        act = acts.get(self.path)
        try:
            answer = act(json.loads(body)) if act else None
        except (ValueError, KeyError, TypeError) as error:
            said = json.dumps({"error": f"{type(error).__name__}: {error}"}).encode()
            self._send(said, JSON, HTTPStatus.BAD_REQUEST)
            return
        if answer is None:
            self._send(b"", "text/plain", HTTPStatus.NOT_FOUND)
            return
        self._send(json.dumps(answer).encode(), JSON)

    def _certify(self, told: dict[str, Any]) -> dict[str, str]:
        csr = x509.load_pem_x509_csr(told["csr"].encode())
        certificate = self.server.book.issue(
            csr, subject=_subject(told), days=int(told.get("days", 1095)), now=self.server.now()
        )
        return {
            "certificate": certificate.public_bytes(PEM).decode(),
            "chain": self.server.book.issuing.certificate.public_bytes(PEM).decode(),
        }

    def _revoke(self, told: dict[str, Any]) -> dict[str, str]:
        moment = told.get("at") or self.server.now().replace(microsecond=0).isoformat()
        self.server.book.revoke(
            int(told["serial"], 16),
            reason=x509.ReasonFlags(told.get("reason", "cessationOfOperation")).value,
            at=datetime.fromisoformat(moment),
        )
        return {"at": moment}

    def _new_stamper(self, told: dict[str, Any]) -> dict[str, str]:
        made = self.server.book.new_stamper(days=int(told["days"]), now=self.server.now())
        return {"serial": f"{made.certificate.serial_number:x}"}

    def _set_clock(self, told: dict[str, Any]) -> dict[str, str]:
        self.server.set_clock(str(told.get("at", "")))
        return {"at": self.server.now().isoformat()}

    def _set_fault(self, told: dict[str, Any]) -> dict[str, str]:
        mode = str(told["mode"])
        if mode not in MODES:
            message = f"mode is one of {', '.join(MODES)}"
            raise ValueError(message)
        seconds = float(told.get("delay_seconds", 10))
        self.server.fault = (mode, seconds, str(told.get("only", "")))
        return {"mode": mode}

    def _stamp(self, query: bytes) -> bytes:
        book = self.server.book
        identity = Identity(
            root=book.issuing.certificate,
            certificate=book.stamper.certificate,
            key=book.stamper.key,
        )
        with clock.at(self.server.now()):
            return reply(query, identity)

    def _well(self, service: str) -> bool:
        """Count the question; misbehave as asked and return False, or return True."""
        self.server.counts[service] += 1
        mode, seconds, only = self.server.fault
        if mode == "ok" or (only and only != service):
            return True
        if mode == "slow":
            time.sleep(seconds)
            return True
        if mode == "garbage":
            self._send(secrets.token_bytes(900), OCTETS)
        else:
            down = mode == "down"
            status = HTTPStatus.SERVICE_UNAVAILABLE if down else HTTPStatus.BAD_REQUEST
            self._send(b"", "text/plain", status)
        return False

    def _send(self, content: bytes, media_type: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True  # the asker did not wait


def _subject(told: dict[str, Any]) -> x509.Name:
    parts: Attributes = ((NameOID.COMMON_NAME, str(told["name"])),)
    agency = told.get("kind") == "agency"
    organisation = str(told["name"] if agency else told.get("organisation", ""))
    if organisation:
        parts += ((NameOID.ORGANIZATION_NAME, organisation),)
    if told.get("title"):
        parts += ((NameOID.TITLE, str(told["title"])),)
    return name(*parts)
