"""Answer slapd's binds: slapd keeps no password, it asks here (slapd-sock(5))."""

import re
import socketserver
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import structlog
from django.db import close_old_connections, connection

from cuaso.capabilities.provisioning.logic.ldap import tree
from cuaso.foundation.identity import api as identity
from cuaso.kernel.errors import NotAllowed, Refusal

SUCCESS: Final = 0
BUSY: Final = 51
INVALID_CREDENTIALS: Final = 49
UNWILLING: Final = 53
OTHER: Final = 80
_SIMPLE: Final = "128"
_LONGEST: Final = 8192
log = structlog.get_logger("cuaso.ldap")


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


class _Asked(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        close_old_connections()
        try:
            code, info = answer(self._read())
        except Exception:
            log.exception("bind could not be checked")
            code, info = OTHER, ""
        finally:
            connection.close()
        with suppress(OSError):
            self.wfile.write(f"RESULT\ncode: {code}\n{info and f'info: {info}'}\n".encode())

    def _read(self) -> bytes:
        said = b""
        while not said.endswith(b"\n\n") and len(said) < _LONGEST:
            line = self.rfile.readline(_LONGEST)
            if not line:
                break
            said += line
        return said


@contextmanager
def answering(socket: Path) -> Iterator[None]:
    """Answer binds at a Unix socket that only this user may open, until the block ends."""
    socket.unlink(missing_ok=True)
    with _Server(str(socket), _Asked) as server:
        socket.chmod(stat.S_IRUSR | stat.S_IWUSR)
        thread = threading.Thread(target=server.serve_forever, name="ldap-binds", daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
    socket.unlink(missing_ok=True)


def answer(said: bytes) -> tuple[int, str]:
    """Return LDAP's result code and what to say for one request in slapd's words."""
    asked = _fields(said)
    username = _username(asked.get("dn", ""))
    if not said.startswith(b"BIND") or asked.get("method") != _SIMPLE or not username:
        return UNWILLING, "only simple binds of people"
    password = asked.get("cred", "")
    if not password:
        # RFC 4513 5.1.2: a name without a password proves nobody.
        return UNWILLING, "unauthenticated bind"
    try:
        identity.check_password(
            username=username, password=password, address=_address(asked), door="ldap"
        )
    except NotAllowed:
        return INVALID_CREDENTIALS, ""
    except Refusal:
        return BUSY, "try again later"
    return SUCCESS, ""


def _fields(said: bytes) -> dict[str, str]:
    """Read the request; a password has the length that is told, whatever stands in it."""
    head, mark, rest = said.partition(b"\ncred: ")
    fields = dict(
        line.split(": ", maxsplit=1)
        for line in head.decode("utf-8", "replace").splitlines()
        if ": " in line
    )
    length = fields.get("credlen", "0")
    if mark and length.isdigit():
        fields["cred"] = rest[: int(length)].decode("utf-8", "replace")
    return fields


def _username(dn: str) -> str:
    place = r"uid=((?:\\.|[^,\\])+),ou=people," + re.escape(tree.suffix())
    # Names of branches are compared without regard to case (RFC 4519 2.19).
    found = re.fullmatch(place, dn, re.IGNORECASE)
    return re.sub(r"\\([^0-9A-Fa-f])", r"\1", found.group(1)) if found else ""


def _address(asked: dict[str, str]) -> str:
    """Return `127.0.0.1` of `IP=127.0.0.1:5002`; a Unix socket is itself."""
    return asked.get("peername", "").removeprefix("IP=").rpartition(":")[0] or "local"
