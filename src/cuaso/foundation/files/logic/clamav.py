"""Speak with ClamAV's daemon over its own socket protocol (INSTREAM, PING, VERSION)."""

import socket
import struct
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings

from cuaso.foundation.files.contracts import ScannerStatus
from cuaso.kernel.errors import Unavailable

TIMEOUT_SECONDS = 60.0
STATUS_TIMEOUT_SECONDS = 3.0
LONGEST_REPLY = 4096
PIECE = 1 << 18
_LOOKS_ONLY = ("Heuristics.Encrypted", "Heuristics.Limits.Exceeded")

Verdict = tuple[Literal["clean", "infected", "unscannable"], str]


def configured() -> bool:
    return bool(_address())


def _address() -> str:
    """Return `unix:/run/clamav/clamd.ctl`, `tcp:127.0.0.1:3310`, or "" without a scanner."""
    return str(getattr(settings, "CUASO_CLAMAV", ""))


def scan_stream(chunks: Iterable[bytes]) -> Verdict:
    """Return the verdict on a content and a sentence about it; raise Unavailable if none comes."""
    try:
        with _connect(TIMEOUT_SECONDS) as line:
            try:
                _send(line, chunks)
            except OSError:
                # The daemon hangs up on a stream over its limit, after saying so.
                reply = _reply(line)
            else:
                reply = _reply(line)
    except OSError as error:
        raise _silent(error) from error
    return _verdict(reply)


def _send(line: socket.socket, chunks: Iterable[bytes]) -> None:
    line.sendall(b"zINSTREAM\0")
    for chunk in chunks:
        for start in range(0, len(chunk), PIECE):
            piece = chunk[start : start + PIECE]
            line.sendall(struct.pack("!L", len(piece)) + piece)
    line.sendall(struct.pack("!L", 0))


def _verdict(reply: str) -> Verdict:
    said = reply.removeprefix("stream: ")
    if said == "OK":
        return "clean", ""
    if said.endswith(" FOUND"):
        name = said.removesuffix(" FOUND")
        if name.startswith(_LOOKS_ONLY):
            return "unscannable", (
                "Máy quét không đọc được bên trong tệp (có mật khẩu hoặc quá phức tạp). "
                "Hãy gửi bản không đặt mật khẩu."
            )
        return "infected", f"Tệp chứa mã độc ({name}) và đã bị khóa. Hãy gửi tệp khác."
    if "size limit exceeded" in said:
        return "unscannable", "Tệp lớn hơn mức mà máy quét nhận. Hãy gửi tệp nhỏ hơn."
    raise _silent(f"trả lời “{said[:80]}”")


def scanner_status() -> ScannerStatus:
    """Ask the scanner who it is; return the sentence that pages and `doctor` show."""
    if not configured():
        say = (
            "Chưa cài máy quét mã độc: tệp tải lên chưa được quét. Chỉ mở tệp khi tin nguồn gửi. "
            "Quản trị viên: hãy cài ClamAV và đặt biến CUASO_CLAMAV."
        )
        return ScannerStatus(ok=False, configured=False, version="", say=say)
    try:
        with _connect(STATUS_TIMEOUT_SECONDS) as line:
            line.sendall(b"zVERSION\0")
            version = _reply(line)
    except (OSError, Unavailable) as error:
        say = f"Máy quét mã độc không trả lời ({error}). Tệp mới phải chờ quét rồi mới mở được."
        return ScannerStatus(ok=False, configured=True, version="", say=say)
    if not version.startswith("ClamAV"):
        say = f"Địa chỉ máy quét mã độc không phải ClamAV: nó trả lời “{version[:80]}”."
        return ScannerStatus(ok=False, configured=True, version="", say=say)
    say = f"Máy quét mã độc đang chạy ({version})."
    return ScannerStatus(ok=True, configured=True, version=version, say=say)


def _connect(timeout: float) -> socket.socket:
    address = _address()
    if address.startswith("unix:"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(timeout)
        try:
            line.connect(address.removeprefix("unix:"))
        except OSError:
            line.close()
            raise
        return line
    try:
        url = urlsplit(address.replace("tcp:", "tcp://", 1))
        where = (url.hostname or "", url.port or 3310)
    except ValueError as error:
        raise OSError(f"địa chỉ “{address}” viết sai") from error
    if url.scheme != "tcp" or not url.hostname:
        raise OSError(f"địa chỉ “{address}” viết sai")
    return socket.create_connection(where, timeout=timeout)


def _reply(line: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_REPLY:
        piece = line.recv(1024)
        if not piece:
            break
        received += piece
    if not received.endswith(b"\0"):
        raise _silent("câu trả lời dở dang")
    return received.rstrip(b"\0").decode(errors="replace").strip()


def _silent(why: object) -> Unavailable:
    return Unavailable(
        code="files.scanner_silent",
        what="Máy quét mã độc chưa trả lời được.",
        why=f"Chi tiết: {why}.",
        mend="Tệp sẽ tự được quét lại; không cần gửi lại.",
    )
