"""Systems that share a secret with us: what is signed, what is believed, what an outage says."""

import io
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from cuaso.capabilities.exchange.api import peers
from cuaso.capabilities.exchange.contracts import Peer
from cuaso.kernel.errors import Unavailable

PEER = Peer(name="cổng thử", code="thu", settings="CUASO_THU", header="Thu")
SECRET = "mot-bi-mat-chung-cua-phep-thu"


class Other(ThreadingHTTPServer):
    """The peer: gives `content`, and remembers who asked on which connection."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.asked: list[tuple[Any, dict[str, str], str, bytes]] = []
        self.content = b'{"ok": true}'


class _Door(BaseHTTPRequestHandler):
    """Answers with the status that its path names."""

    protocol_version = "HTTP/1.1"
    server: Other

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.server.asked.append((self.client_address, dict(self.headers), self.path, body))
        status = int(self.path.strip("/").partition("-")[0] or "200")
        content = self.server.content
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _answer  # noqa: N815 names of the standard library

    def log_message(self, *said: object) -> None:
        del said


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[Other]:
    server = Other()
    turn = Thread(target=server.serve_forever, daemon=True)
    turn.start()
    monkeypatch.setenv("CUASO_THU_URL", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("CUASO_THU_SECRET", f"k2:{SECRET},k1:cu")
    yield server
    server.shutdown()
    server.server_close()
    turn.join()


def refusal(*asked, **more):
    with pytest.raises(Unavailable) as refused:
        peers.ask(PEER, *asked, **more)
    return refused.value.code, refused.value.what


def test_two_questions_go_over_one_connection_and_are_signed_by_the_first_key(other):
    answer = peers.ask(PEER, "POST", "/200", body={"tên": "Lam"}, key="once")
    assert (answer.status, answer.body) == (200, {"ok": True})
    peers.ask(PEER, "GET", "/200")
    (first, headers, path, body), (second, *_rest) = other.asked
    assert first == second
    assert (path, body.decode()) == ("/200", '{"tên": "Lam"}')
    right = peers.sign(
        SECRET, method="POST", path="/200", timestamp=headers["X-Thu-Time"], key_id="k2", body=body
    )
    assert (headers["X-Thu-Key"], headers["X-Thu-Signature"]) == ("k2", right)
    assert headers["Idempotency-Key"] == "once"


@pytest.mark.parametrize("status", [201, 400, 404, 409, 413, 422])
def test_an_answer_with_a_meaning_is_given_whole(other, status):
    assert peers.ask(PEER, "GET", f"/{status}").status == status


@pytest.mark.parametrize("status", [301, 401, 403, 429, 500, 503])
def test_an_answer_about_key_clock_or_health_is_tried_again(other, status):
    assert refusal("GET", f"/{status}") == ("thu.down", f"Cổng thử chưa nhận (mã {status}).")


@pytest.mark.parametrize("content", [b"", b"[1]", b"<html>", b"[" * 90_000, b'{"a": "\xff"}'])
def test_an_answer_without_sense_is_not_believed(other, content):
    other.content = content
    assert refusal("GET", "/200") == ("thu.senseless", "Cổng thử trả lời không đúng dạng.")


def test_an_answer_above_the_limit_is_not_read_to_its_end(other):
    other.content = b'{"a": "' + b"x" * 5000 + b'"}'
    assert refusal("GET", "/200", limit_bytes=4999)[0] == "thu.senseless"


def test_nobody_there_and_no_address_are_said(other, monkeypatch):
    other.shutdown()
    other.server_close()
    monkeypatch.setenv("CUASO_THU_URL", "http://127.0.0.1:9")
    assert refusal("GET", "/200") == ("thu.down", "Không nối được với cổng thử.")
    monkeypatch.delenv("CUASO_THU_URL")
    assert refusal("GET", "/200") == ("thu.not_configured", "Chưa cấu hình cổng thử.")


def test_a_file_is_copied_from_the_peers_own_address_only_and_not_beyond_its_limit(other):
    other.content = b"%PDF" * 100
    into = io.BytesIO()
    base = f"http://127.0.0.1:{other.server_port}"
    assert peers.fetch(PEER, f"{base}/200", into=into, limit_bytes=400) == 400
    assert into.getvalue() == other.content
    assert peers.fetch(PEER, f"{base}/200", into=io.BytesIO(), limit_bytes=399) > 399
    before = len(other.asked)
    for elsewhere in (f"{base}9/200", "http://127.0.0.1/200", f"{base}", "file:///etc/passwd"):
        with pytest.raises(ValueError, match="address of the peer"):
            peers.fetch(PEER, elsewhere, into=into, limit_bytes=400)
    assert len(other.asked) == before
    with pytest.raises(Unavailable) as refused:
        peers.fetch(PEER, f"{base}/404", into=into, limit_bytes=400)
    assert (refused.value.code, into.getvalue()) == ("thu.no_file", other.content)


def test_a_mark_is_believed_from_each_key_that_is_shared_and_from_no_other(other):
    made = peers.sign(SECRET, method="a", path="b", timestamp="c", key_id="d", body=b"e")
    assert peers.is_marked(PEER, made, told=b"a\nb\nc\nd\ne")
    assert not peers.is_marked(PEER, made, told=b"a\nb\nc\nd\nf")
    assert not peers.is_marked(PEER, "chữ có dấu", told=b"a\nb\nc\nd\ne")


def test_without_a_secret_nothing_is_signed_and_nothing_believed(monkeypatch):
    monkeypatch.delenv("CUASO_THU_SECRET", raising=False)
    assert peers.headers(PEER, method="GET", path="/", body=b"") == {}
    assert not peers.is_marked(PEER, "", told=b"")
