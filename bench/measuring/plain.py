"""One kept-open connection that asks over HTTP/1.1 and costs next to nothing, so that a measurement
tells the house's time and not its own.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import BinaryIO
from urllib.parse import urlsplit

PATIENCE_SECONDS = 60.0
LONGEST_LINE = 65_536


class Plain:
    """A connection to `url`, opened with the first request and again when the other side ended it
    with an answer (RFC 9112, 9.6). `headers` go with every request.
    """

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        place = urlsplit(url)
        self._address = place.hostname or "", place.port or 80
        told = {"Host": place.netloc, "Accept-Encoding": "identity", **headers}
        self._told = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        self._socket: socket.socket | None = None
        self._heard: BinaryIO | None = None

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Return the status and the body of the answer. Raises OSError when none comes."""
        sender, heard = self._opened()
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        sender.sendall(f"{method} {path} HTTP/1.1\r\n{self._told}{length}\r\n".encode() + body)
        status, headers = _head(heard)
        said = _body(heard, headers)
        if headers.get(b"connection", b"").lower() == b"close":
            self.close()
        return status, said

    def close(self) -> None:
        """End the connection; the next request opens another."""
        for one in (self._heard, self._socket):
            with suppress(OSError):
                if one is not None:
                    one.close()
        self._socket = self._heard = None

    def _opened(self) -> tuple[socket.socket, BinaryIO]:
        if self._socket is None or self._heard is None:
            self._socket = socket.create_connection(self._address, timeout=PATIENCE_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._heard = self._socket.makefile("rb")
        return self._socket, self._heard


def _head(heard: BinaryIO) -> tuple[int, dict[bytes, bytes]]:
    first = heard.readline(LONGEST_LINE)
    if not first:
        message = "the connection ended without an answer"
        raise ConnectionResetError(message)
    headers: dict[bytes, bytes] = {}
    while line := heard.readline(LONGEST_LINE).rstrip(b"\r\n"):
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    return int(first.split(maxsplit=2)[1]), headers


def _body(heard: BinaryIO, headers: Mapping[bytes, bytes]) -> bytes:
    """Read a body of a told length, in chunks (RFC 9112, 7.1), or to the end of the connection."""
    if b"content-length" in headers:
        return heard.read(int(headers[b"content-length"]))
    if headers.get(b"transfer-encoding", b"").lower() != b"chunked":
        return heard.read()
    parts: list[bytes] = []
    while size := int(heard.readline(LONGEST_LINE).split(b";")[0], 16):
        parts.append(heard.read(size))
        heard.readline(LONGEST_LINE)
    while heard.readline(LONGEST_LINE).rstrip(b"\r\n"):
        pass
    return b"".join(parts)
