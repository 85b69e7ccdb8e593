"""A door that keeps what the simulator calls back with, for the test to hand to the product."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue


@dataclass(frozen=True, kw_only=True)
class Call:
    """One callback as it came over the socket."""

    body: bytes
    signed_at: str
    signature: str


class Catcher(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.calls: Queue[Call] = Queue()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/payment-callbacks"

    def next(self, *, patience_seconds: float = 5.0) -> Call:
        """Return the next call; raise Empty when none comes."""
        return self.calls.get(timeout=patience_seconds)

    def drop_all(self) -> None:
        while True:
            try:
                self.calls.get_nowait()
            except Empty:
                return


class _Door(BaseHTTPRequestHandler):
    server: Catcher

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.calls.put(
            Call(
                body=body,
                signed_at=self.headers.get("X-Signed-At", ""),
                signature=self.headers.get("X-Signature", ""),
            )
        )
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def catching() -> Iterator[Catcher]:
    """Yield a catcher that listens in a thread of its own."""
    catcher = Catcher()
    thread = threading.Thread(target=catcher.serve_forever, daemon=True)
    thread.start()
    yield catcher
    catcher.shutdown()
    catcher.server_close()
    thread.join()
