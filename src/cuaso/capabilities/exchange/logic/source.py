"""Speaks to the population source: bounded time, bounded size, nothing believed unread."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from cuaso.capabilities.exchange.logic.breaker import Breaker
from cuaso.kernel.errors import Unavailable

LIMIT_BYTES = 64 * 1024
TIMEOUT = httpx.Timeout(4.0, connect=2.0)
BREAKER = Breaker(failures=3, rest=timedelta(seconds=10))
MEND = "Có thể tự nhập thông tin; hệ thống sẽ tự hỏi lại sau."


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`sha256` is of the bytes as they came."""

    status: int
    body: Mapping[str, Any]
    sha256: str


def configured() -> bool:
    return bool(os.environ.get("CUASO_POPULATION_URL"))


def ask(
    method: str,
    path: str,
    *,
    request_id: UUID,
    key: str = "",
    body: Mapping[str, object] | None = None,
) -> Answer:
    """Return a whole answer of the source (2xx, 400, 404, 409); raise Unavailable else.

    Whoever reads sense in it says `BREAKER.succeeded()`, who does not raises `refuse_senseless()`.
    """
    if not configured():
        raise _unavailable("not_configured", "Chưa cấu hình nguồn dữ liệu dân cư.")
    if BREAKER.resting_until() is not None:
        raise _unavailable("resting", "Nguồn dữ liệu dân cư đang gián đoạn.")
    try:
        answer = _exchange(method, path, request_id=request_id, key=key, body=body)
    except httpx.TimeoutException as error:
        BREAKER.failed()
        raise _unavailable("slow", "Nguồn dữ liệu dân cư trả lời quá chậm.") from error
    except httpx.HTTPError as error:
        BREAKER.failed()
        raise _unavailable("down", "Không nối được với nguồn dữ liệu dân cư.") from error
    if answer is None:
        raise refuse_senseless()
    return answer


def refuse_senseless() -> Unavailable:
    """Count an answer that means nothing, and return the error to raise."""
    BREAKER.failed()
    return _unavailable("garbage", "Nguồn dữ liệu dân cư trả lời không đúng dạng.")


def _exchange(
    method: str, path: str, *, request_id: UUID, key: str, body: Mapping[str, object] | None
) -> Answer | None:
    url = os.environ["CUASO_POPULATION_URL"].rstrip("/") + path
    headers = {"X-Request-Id": str(request_id)}
    if token := os.environ.get("CUASO_POPULATION_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    return send(method, url, headers=headers, body=body)


def send(
    method: str, url: str, *, headers: Mapping[str, str], body: Mapping[str, object] | None = None
) -> Answer | None:
    """Return a whole answer of any source, None when it is no JSON object; raise httpx.HTTPError
    for a source that is down, slow or broken.
    """
    with (
        httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client,
        client.stream(method, url, headers=headers, json=body) as response,
    ):
        content = _bounded(response)
    if not (response.is_success or response.status_code in (400, 404, 409)):
        message = f"status {response.status_code}"
        raise httpx.NetworkError(message)
    return _read(response.status_code, content)


def _bounded(response: httpx.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LIMIT_BYTES:
            return b""
    return bytes(content)


def _read(status: int, content: bytes) -> Answer | None:
    try:
        body = json.loads(content)
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    return Answer(status=status, body=body, sha256=hashlib.sha256(content).hexdigest())


def _unavailable(kind: str, what: str) -> Unavailable:
    return Unavailable(code=f"exchange.population_{kind}", what=what, mend=MEND)
