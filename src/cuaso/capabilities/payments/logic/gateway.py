"""Speaks to the payment gateway: bounded time and size, nothing believed unread."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import httpx

from cuaso.capabilities.payments.contracts import Credit
from cuaso.kernel.errors import Unavailable

TIMEOUT = httpx.Timeout(4.0, connect=2.0)
LIMIT_BYTES = 8 * 1024 * 1024
LONGEST_WORD = 120
MOST_VND = 10**12
_WORD = re.compile(r"[!-~]{1,120}")
MEND = "Có thể thử lại sau ít phút, chuyển khoản bằng mã VietQR, hoặc nộp tiền mặt tại quầy."


class Refused(Exception):
    """The gateway understood and said no; asking again is no use."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A page of the gateway."""

    session: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a page of the gateway stands: open, paid (with the money) or expired."""

    state: str
    credit: Credit | None


def configured() -> bool:
    return bool(os.environ.get("CUASO_PAYMENTS_URL"))


def open_page(*, key: str, reference: str, amount_vnd: int, title: str, return_url: str) -> Opened:
    """Open a page at the gateway, once per key; raise Unavailable or Refused."""
    said = _ask(
        "POST",
        "/payments",
        key=key,
        body={
            "reference": reference,
            "amount_vnd": amount_vnd,
            "currency": "VND",
            "title": title,
            "return_url": return_url,
        },
    )
    url = str(said.get("url", ""))
    if not url.startswith(("http://", "https://")):
        raise senseless()
    return Opened(session=_word(said, "session"), url=url)


def standing(session: str) -> Standing:
    """Ask how a page stands; raise Unavailable or Refused."""
    said = _ask("GET", f"/payments/{session}")
    state = str(said.get("state", ""))
    if state not in ("open", "paid", "expired"):
        raise senseless()
    told = said.get("transaction")
    return Standing(state=state, credit=read_credit(told) if state == "paid" else None)


def transactions(day: date) -> tuple[Credit, ...]:
    """Return the gateway's list of a legal day; raise Unavailable."""
    listed = _ask("GET", f"/transactions/{day.isoformat()}").get("items")
    if not isinstance(listed, list):
        raise senseless()
    return tuple(read_credit(one) for one in listed)


def give_back(*, key: str, transaction: str, amount_vnd: int, reason: str) -> None:
    """Have the gateway give money back, once per key; raise Unavailable or Refused."""
    body = {"transaction": transaction, "amount_vnd": amount_vnd, "reason": reason}
    if _ask("POST", "/refunds", key=key, body=body).get("state") != "done":
        raise senseless()


def read_credit(told: object) -> Credit:
    """Return what the gateway says of one transaction; raise Unavailable for senseless words."""
    if not isinstance(told, dict):
        raise senseless()
    amount, session, at = told.get("amount_vnd"), told.get("session", ""), _moment(told)
    if isinstance(amount, bool) or not isinstance(amount, int) or not 0 <= amount <= MOST_VND:
        raise senseless()
    if not isinstance(session, str) or len(session) > LONGEST_WORD or at is None:
        raise senseless()
    return Credit(
        transaction=_word(told, "transaction"),
        reference=_word(told, "reference"),
        session=session,
        amount_vnd=amount,
        currency=_word(told, "currency")[:8],
        paid_at=at,
    )


def _moment(told: Mapping[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(told.get("paid_at", "")))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _word(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise senseless()
    return value


def _ask(
    method: str, path: str, *, key: str = "", body: Mapping[str, object] | None = None
) -> Mapping[str, Any]:
    if not configured():
        raise _unavailable("not_configured", "Chưa có cổng thanh toán.")
    headers = {"Authorization": f"Bearer {os.environ.get('CUASO_PAYMENTS_TOKEN', '')}"}
    if key:
        headers["Idempotency-Key"] = key
    url = os.environ["CUASO_PAYMENTS_URL"].rstrip("/") + path
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client,
            client.stream(method, url, headers=headers, json=body) as response,
        ):
            content = _bounded(response)
    except httpx.TimeoutException as error:
        raise _unavailable("slow", "Cổng thanh toán trả lời quá chậm.") from error
    except httpx.HTTPError as error:
        raise _unavailable("down", "Không nối được với cổng thanh toán.") from error
    return _read(response.status_code, content)


def _bounded(response: httpx.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LIMIT_BYTES:
            return b""
    return bytes(content)


def _read(status: int, content: bytes) -> Mapping[str, Any]:
    if status in (400, 404, 409, 422):
        message = f"Cổng thanh toán từ chối (mã {status})."
        raise Refused(message)
    if not httpx.codes.is_success(status):
        raise _unavailable("down", "Cổng thanh toán đang gián đoạn.")
    try:
        said = json.loads(content)
    except ValueError as error:
        raise senseless() from error
    if not isinstance(said, dict):
        raise senseless()
    return said


def senseless() -> Unavailable:
    return _unavailable("garbage", "Cổng thanh toán trả lời không đúng dạng.")


def _unavailable(kind: str, what: str) -> Unavailable:
    return Unavailable(code=f"payments.gateway_{kind}", what=what, mend=MEND)
