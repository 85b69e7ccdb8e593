"""The simulator of the SMS gateway and the mail catcher, over their sockets."""

import hashlib
import hmac
import json
import smtplib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from cuaso_simulators.process import free_port, running


@dataclass(frozen=True, kw_only=True)
class Post:
    address: str
    smtp_port: int
    receipts: list[tuple[dict[str, str], str]]

    def items(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = httpx.get(f"{self.address}/messages").json()["items"]
        return listed

    def sms(self, key: str, to: str = "0905000111", text: str = "Xin chao") -> httpx.Response:
        return httpx.post(
            f"{self.address}/messages",
            json={"to": to, "text": text},
            headers={"Idempotency-Key": key, "Authorization": "Bearer t"},
        )


@pytest.fixture
def post() -> Iterator[Post]:
    receipts: list[tuple[dict[str, str], str]] = []
    listener = HTTPServer(("127.0.0.1", 0), _listening(receipts))
    Thread(target=listener.serve_forever, daemon=True).start()
    port, smtp_port = free_port(), free_port()
    arguments = (
        "--smtp-port",
        str(smtp_port),
        "--callback",
        f"http://127.0.0.1:{listener.server_port}/",
        "--receipt-after",
        "0.1",
    )
    secrets = {"CUASO_SMS_SECRET": "s3", "CUASO_SMS_TOKEN": "t"}
    with running("cuaso_simulators.sms", *arguments, port=port, environment=secrets) as address:
        yield Post(address=address, smtp_port=smtp_port, receipts=receipts)
    listener.shutdown()
    listener.server_close()


def _listening(receipts: list[tuple[dict[str, str], str]]) -> type[BaseHTTPRequestHandler]:
    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            receipts.append((body, self.headers["X-Signature"]))
            # The first try meets an error: the gateway must come again.
            self.send_response(500 if len(receipts) == 1 else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Listener


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_an_sms_is_kept_once_and_reported_until_heard(post: Post) -> None:
    first, again = post.sms("k1"), post.sms("k1")
    assert (first.status_code, first.json()) == (202, again.json())
    eventually(lambda: len(post.receipts) == 2)
    body, signature = post.receipts[1]
    assert body == {"provider_id": first.json()["id"], "state": "delivered"}
    words = f"{first.json()['id']}.delivered".encode()
    assert signature == hmac.new(b"s3", words, hashlib.sha256).hexdigest()
    eventually(lambda: post.items()[0]["receipt"] == "delivered")


def test_a_number_out_of_reach_is_reported_so(post: Post) -> None:
    post.sms("k1", to="0905000000")
    eventually(lambda: any(body["state"] == "undelivered" for body, _ in post.receipts))


def test_an_sms_without_token_or_number_is_refused(post: Post) -> None:
    answer = httpx.post(f"{post.address}/messages", json={"to": "0905", "text": "a"})
    assert answer.status_code == 401
    assert post.sms("k1", to="ai đó").status_code == 400
    assert post.items() == []


def test_a_mail_is_caught_and_shown_on_the_page(post: Post) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"] = "a@cuaso.localhost", "lam@example.com"
    mail["Subject"], mail["Message-ID"] = "Hồ sơ đã tiếp nhận", "<1@cuaso>"
    mail.set_content("Kính gửi bà Lam,\n.\n<script>alert(1)</script>\n")
    with smtplib.SMTP("127.0.0.1", post.smtp_port, timeout=5) as server:
        server.send_message(mail)
        server.send_message(mail)
    kept = post.items()
    assert len(kept) == 1
    assert (kept[0]["to"], kept[0]["headline"]) == ("lam@example.com", "Hồ sơ đã tiếp nhận")
    assert kept[0]["text"].splitlines()[1] == "."
    page = httpx.get(f"{post.address}/").text
    assert "Hồ sơ đã tiếp nhận" in page
    assert "<script>" not in page


def test_faults_reach_the_mail_server_too(post: Post) -> None:
    httpx.post(f"{post.address}/faults", json={"mode": "down"})
    with pytest.raises(smtplib.SMTPException):
        smtplib.SMTP("127.0.0.1", post.smtp_port, timeout=5)
    httpx.post(f"{post.address}/faults", json={"mode": "refuse"})
    with smtplib.SMTP("127.0.0.1", post.smtp_port, timeout=5) as server:
        server.ehlo()
        server.mail("a@b.c")
        assert server.rcpt("x@y.z")[0] == 550
    assert httpx.get(f"{post.address}/").status_code == 200
