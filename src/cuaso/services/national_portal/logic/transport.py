"""Speaks to the portal: signed, bounded in time and size, nothing believed unread."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

import httpx

from cuaso.kernel.errors import Unavailable
from cuaso.services.national_portal.contracts import Sealed
from cuaso.services.national_portal.logic import signature, surroundings, wire

LIMIT_BYTES = 1024 * 1024
# A message of the largest size, packed as base64.
LIMIT_SUBMISSION = 2 * wire.MOST_BYTES
NOT_FOUND = 404
TIMEOUT = httpx.Timeout(10.0, connect=3.0)
MEANT = frozenset({400, 404, 409, 413, 422})


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: Mapping[str, Any]


def submission(code: str) -> Sealed | None:
    """Return the message by which a dossier was handed in, None when the portal has it no more."""
    answer = ask("GET", wire.submission_path(code), limit_bytes=LIMIT_SUBMISSION)
    return None if answer.status == NOT_FOUND else wire.read_sealed(answer.body)


def ask(
    method: str,
    path: str,
    *,
    body: Mapping[str, object] | None = None,
    key: str = "",
    limit_bytes: int = LIMIT_BYTES,
) -> Answer:
    """Return an answer that means something (2xx, 400, 404, 409, 413, 422); raise Unavailable else.

    An answer that doubts our key or clock (401, 403) is trouble of the connection, not of the
    message: it is tried again.
    """
    base = _base()
    content = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
    headers = {
        "Content-Type": "application/json",
        **signature.headers(method=method, path=path, body=content),
    }
    if key:
        headers["Idempotency-Key"] = key
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client,
            client.stream(method, base + path, headers=headers, content=content) as response,
        ):
            got = _bounded(response, limit_bytes)
    except httpx.TimeoutException as error:
        raise _unavailable("slow", "Cổng Dịch vụ công quốc gia trả lời quá chậm.") from error
    except httpx.HTTPError as error:
        raise _unavailable("down", "Không nối được với Cổng Dịch vụ công quốc gia.") from error
    if not (response.is_success or response.status_code in MEANT):
        say = f"Cổng Dịch vụ công quốc gia chưa nhận (mã {response.status_code})."
        raise _unavailable("down", say)
    return Answer(status=response.status_code, body=_read(got))


def fetch(url: str, *, into: IO[bytes], limit_bytes: int) -> int:
    """Copy a file of the portal into `into`; return its size, more than the limit when too large.

    Raises Unavailable when the portal does not give it; ValueError for an address elsewhere: the
    house opens no address but the portal's.
    """
    base = _base()
    path = url.removeprefix(base)
    if path == url or not path.startswith("/"):
        message = "an address of the portal is wanted"
        raise ValueError(message)
    headers = signature.headers(method="GET", path=path, body=b"")
    size = 0
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client,
            client.stream("GET", base + path, headers=headers) as response,
        ):
            if not response.is_success:
                raise _unavailable("no_file", "Chưa tải được tệp từ Cổng Dịch vụ công quốc gia.")
            for chunk in response.iter_bytes():
                size += len(chunk)
                if size > limit_bytes:
                    break
                into.write(chunk)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        say = "Chưa tải được tệp từ Cổng Dịch vụ công quốc gia."
        raise _unavailable("no_file", say) from error
    return size


def _base() -> str:
    base = surroundings.base()
    if not base:
        raise _unavailable("not_configured", "Chưa cấu hình Cổng Dịch vụ công quốc gia.")
    return base


def _bounded(response: httpx.Response, limit: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > limit:
            return b""
    return bytes(content)


def _read(content: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise wire.senseless() from error
    if not isinstance(told, dict):
        raise wire.senseless()
    return told


def _unavailable(kind: str, what: str) -> Unavailable:
    return Unavailable(
        code=f"national_portal.{kind}",
        what=what,
        mend="Hệ thống tự thử lại; không có gì bị mất.",
    )
