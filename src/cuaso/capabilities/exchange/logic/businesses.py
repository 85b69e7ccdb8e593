"""The port of the national business registration database: whom does a person represent by law?"""

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from django.db import transaction

from cuaso.capabilities.exchange.contracts import RegisteredBusiness
from cuaso.capabilities.exchange.logic.breaker import Breaker
from cuaso.capabilities.exchange.logic.source import Answer, send
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Unavailable
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.numbers import PersonalNumber, TaxCode
from cuaso.kernel.subjects import Subject

BREAKER = Breaker(failures=3, rest=timedelta(seconds=10))
ACTIVE = "active"
_OK = 200


def represented_by(
    *, personal_number: str, person_id: UUID, purpose: str, actor: Actor
) -> tuple[RegisteredBusiness, ...]:
    """Return the active businesses of which the person is a legal representative today.

    Call it outside a transaction: it waits for another system. Raises Unavailable when the
    register does not answer or answers nonsense; nobody loses a right by that.
    """
    number = PersonalNumber.parse(personal_number).text
    answer = _ask(f"/people/{number}/businesses")
    found = _read(answer, number=number)
    BREAKER.succeeded()
    about = Subject(kind="directory.person", id=person_id)
    with transaction.atomic():
        audit.record(
            actor=actor,
            act="exchange.businesses_asked",
            subject=about,
            content={
                "sha256": answer.sha256,
                "purpose": purpose,
                "found": [one.tax_code for one in found],
            },
        )
        audit.log_look(
            actor=actor, person_id=person_id, subject=about, purpose=purpose,
            task="Đăng ký doanh nghiệp",
        )  # fmt: skip
    return found


def _ask(path: str) -> Answer:
    base = os.environ.get("CUASO_BUSINESSES_URL", "").rstrip("/")
    if not base:
        raise _unavailable("not_configured", "Chưa cấu hình nguồn đăng ký doanh nghiệp.")
    if BREAKER.resting_until() is not None:
        raise _unavailable("resting", "Nguồn đăng ký doanh nghiệp đang gián đoạn.")
    headers = {"X-Request-Id": str(new_id())}
    if token := os.environ.get("CUASO_BUSINESSES_TOKEN", os.environ.get("CUASO_POPULATION_TOKEN")):
        headers["Authorization"] = f"Bearer {token}"
    try:
        answer = send("GET", base + path, headers=headers)
    except httpx.HTTPError as error:
        BREAKER.failed()
        raise _unavailable("down", "Không nối được với nguồn đăng ký doanh nghiệp.") from error
    if answer is None:
        raise _senseless()
    return answer


def _read(answer: Answer, *, number: str) -> tuple[RegisteredBusiness, ...]:
    rows = answer.body.get("businesses")
    if answer.status != _OK or answer.body.get("personal_number") != number:
        raise _senseless()
    if not isinstance(rows, list):
        raise _senseless()
    return tuple(_business(row) for row in rows if row.get("status") == ACTIVE)


def _business(row: Mapping[str, Any]) -> RegisteredBusiness:
    try:
        return RegisteredBusiness(
            tax_code=str(TaxCode.parse(row["tax_code"])),
            name=str(row["name"]),
            address=str(row["address"]),
            invented=bool(row.get("invented", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _senseless() from error


def _senseless() -> Unavailable:
    BREAKER.failed()
    return _unavailable("garbage", "Nguồn đăng ký doanh nghiệp trả lời không đúng dạng.")


def _unavailable(kind: str, what: str) -> Unavailable:
    return Unavailable(
        code=f"exchange.businesses_{kind}",
        what=what,
        mend="Các tư cách đại diện đã ghi nhận vẫn giữ nguyên; hệ thống sẽ tự hỏi lại sau.",
    )
