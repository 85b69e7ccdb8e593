"""Who measures asks over one connection, and reads whole answers however their end is told."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.measuring.plain import Plain

SAID = "Đủ hồ sơ".encode() * 1000


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    clients: list[tuple[str, int]]

    def do_GET(self) -> None:
        type(self).clients.append(self.client_address)
        self.send_response(200)
        if self.path == "/chunks":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in (SAID[:7], SAID[7:]):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
            return
        if self.path == "/last":
            self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(SAID)))
        self.end_headers()
        self.wfile.write(SAID)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(409)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def asking() -> Iterator[Plain]:
    Answering.clients = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection = Plain(f"http://127.0.0.1:{server.server_port}", {"X-Word": "1"})
    yield connection
    connection.close()
    server.shutdown()
    server.server_close()


def test_answers_of_a_told_length_and_in_chunks_come_whole_over_one_connection(asking: Plain):
    assert asking.ask("GET", "/chunks") == (200, SAID)
    assert asking.ask("GET", "/whole") == (200, SAID)
    assert asking.ask("POST", "/whole", b"{}") == (409, b"{}")
    assert asking.ask("GET", "/chunks") == (200, SAID)
    assert len(set(Answering.clients)) == 1


def test_a_connection_that_the_house_ends_with_its_answer_is_opened_again(asking: Plain):
    assert asking.ask("GET", "/last") == (200, SAID)
    assert asking.ask("GET", "/whole") == (200, SAID)
    assert len(set(Answering.clients)) == 2


def test_a_house_that_is_gone_is_an_error_and_no_answer():
    with pytest.raises(ConnectionRefusedError):
        Plain("http://127.0.0.1:9", {}).ask("GET", "/")
