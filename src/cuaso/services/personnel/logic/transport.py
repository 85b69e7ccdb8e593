"""Speaks to the national database: signed, bounded in time and size, nothing believed unread."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from cuaso.kernel.errors import Unavailable
from cuaso.services.personnel.logic import national_keys, wire

LIMIT_BYTES: Final = 1024 * 1024
TIMEOUT: Final = httpx.Timeout(10.0, connect=3.0)
NOT_FOUND, CONFLICT = 404, 409
MEANT: Final = frozenset({400, NOT_FOUND, CONFLICT, 413, 422})


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: Mapping[str, Any]


def ask(
    method: str, path: str, *, body: Mapping[str, object] | None = None, key: str = ""
) -> Answer:
    """Return an answer that means something (2xx, 400, 404, 409, 413, 422); raise Unavailable else.

    An answer that doubts our key or clock is trouble of the connection: it is tried again.
    """
    base = national_keys.address()
    if not base:
        raise _unavailable("not_configured", "Chưa cấu hình cơ sở dữ liệu quốc gia về cán bộ.")
    content = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
    headers = {
        "Content-Type": "application/json",
        **national_keys.headers(method=method, path=path, body=content),
        **({"Idempotency-Key": key} if key else {}),
    }
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client,
            client.stream(method, base + path, headers=headers, content=content) as response,
        ):
            got = _bounded(response)
    except httpx.TimeoutException as error:
        say = "Cơ sở dữ liệu quốc gia về cán bộ trả lời quá chậm."
        raise _unavailable("slow", say) from error
    except httpx.HTTPError as error:
        say = "Không nối được với cơ sở dữ liệu quốc gia về cán bộ."
        raise _unavailable("down", say) from error
    if not (response.is_success or response.status_code in MEANT):
        say = f"Cơ sở dữ liệu quốc gia về cán bộ chưa nhận (mã {response.status_code})."
        raise _unavailable("down", say)
    return Answer(status=response.status_code, body=_read(got))


def _bounded(response: httpx.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LIMIT_BYTES:
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
        code=f"personnel.{kind}", what=what, mend="Hệ thống tự thử lại; không có gì bị mất."
    )
