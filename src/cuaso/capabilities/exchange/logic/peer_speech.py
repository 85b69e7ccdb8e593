"""Speak to another system: signed, bounded in time and size, nothing believed unread."""

import json
from collections.abc import Mapping
from typing import IO, Any, Final

import httpx

from cuaso.capabilities.exchange.contracts import Peer, PeerAnswer
from cuaso.capabilities.exchange.logic import connection, peer_keys
from cuaso.kernel.errors import Unavailable

LIMIT_BYTES: Final = 1024 * 1024
TIMEOUT: Final = httpx.Timeout(10.0, connect=3.0)
MEANT: Final = frozenset({400, 404, 409, 413, 422})
MEND: Final = "Hệ thống tự thử lại; không có gì bị mất."


def ask(
    peer: Peer,
    method: str,
    path: str,
    *,
    body: Mapping[str, object] | None = None,
    key: str = "",
    limit_bytes: int = LIMIT_BYTES,
) -> PeerAnswer:
    """Return an answer that means something (2xx, 400, 404, 409, 413, 422); raise Unavailable else.

    An answer that doubts our key or clock (401, 403) is trouble of the connection, not of the
    message: it is tried again. `key` makes a message that is sent again one message.
    """
    base = _base(peer)
    content = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
    headers = {
        "Content-Type": "application/json",
        **peer_keys.headers(peer, method=method, path=path, body=content),
        **({"Idempotency-Key": key} if key else {}),
    }
    try:
        with connection.client().stream(
            method, base + path, headers=headers, content=content, timeout=TIMEOUT
        ) as response:
            got = connection.bounded(response, limit_bytes)
    except httpx.TimeoutException as error:
        raise _unavailable(peer, "slow", f"{_begun(peer)} trả lời quá chậm.") from error
    except httpx.HTTPError as error:
        raise _unavailable(peer, "down", f"Không nối được với {peer.name}.") from error
    if not (response.is_success or response.status_code in MEANT):
        say = f"{_begun(peer)} chưa nhận (mã {response.status_code})."
        raise _unavailable(peer, "down", say)
    return PeerAnswer(status=response.status_code, body=_read(peer, got))


def fetch(peer: Peer, url: str, *, into: IO[bytes], limit_bytes: int) -> int:
    """Copy a file of the peer into `into`; return its size, more than the limit when too large.

    Raises Unavailable when the peer does not give it; ValueError for an address elsewhere: the
    house opens no address but the peer's.
    """
    base = _base(peer)
    path = url.removeprefix(base)
    if path == url or not path.startswith("/"):
        message = "an address of the peer is wanted"
        raise ValueError(message)
    headers = peer_keys.headers(peer, method="GET", path=path, body=b"")
    try:
        with connection.client().stream(
            "GET", base + path, headers=headers, timeout=TIMEOUT
        ) as response:
            if not response.is_success:
                raise _no_file(peer)
            return _copied(response, into=into, limit_bytes=limit_bytes)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _no_file(peer) from error


def senseless(peer: Peer) -> Unavailable:
    """Return the error for an answer that means nothing: it is asked for again."""
    return _unavailable(peer, "senseless", f"{_begun(peer)} trả lời không đúng dạng.")


def _copied(response: httpx.Response, *, into: IO[bytes], limit_bytes: int) -> int:
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > limit_bytes:
            break
        into.write(chunk)
    return size


def _base(peer: Peer) -> str:
    base = peer_keys.address(peer)
    if not base:
        raise _unavailable(peer, "not_configured", f"Chưa cấu hình {peer.name}.")
    return base


def _read(peer: Peer, content: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise senseless(peer) from error
    if not isinstance(told, dict):
        raise senseless(peer)
    return told


def _no_file(peer: Peer) -> Unavailable:
    return _unavailable(peer, "no_file", f"Chưa tải được tệp từ {peer.name}.")


def _unavailable(peer: Peer, kind: str, what: str) -> Unavailable:
    return Unavailable(code=f"{peer.code}.{kind}", what=what, mend=MEND)


def _begun(peer: Peer) -> str:
    """Return the peer's name as a sentence begins with it."""
    return peer.name[:1].upper() + peer.name[1:]
