"""How money that goes back looks on the wire; like `wire`, a format of our own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final, cast, get_args
from uuid import UUID

from cuaso.kernel.errors import Invalid
from cuaso.services.national_portal.contracts import RefundAnswer, RefundState
from cuaso.services.national_portal.logic import wire
from cuaso.services.national_portal.logic.reading import Reader

STATES: Final = get_args(RefundState)
# A notice of its own is only sent of what is settled.
SETTLED: Final = ("done", "refused")


def asking(*, id: UUID, code: str, amount_vnd: int, reason: str, at: datetime) -> dict[str, object]:
    """Return the body of `POST /payments/{transaction}/refunds`."""
    return {
        "refund": str(id),
        "code": code,
        "amount_vnd": amount_vnd,
        "currency": wire.DONG,
        "reason": reason,
        "at": wire.moment(at),
    }


def asking_path(transaction: str) -> str:
    return f"/payments/{wire.quoted(transaction)}/refunds"


def standing_path(id: UUID) -> str:
    return f"/refunds/{id}"


def day_path(day: date, *, page: int) -> str:
    return f"/days/{day.isoformat()}/refunds/{page}"


def read_notice(body: bytes) -> RefundAnswer:
    """Read the portal's own notice; raise Invalid with a problem for each path that is wrong."""
    reader = Reader(wire.unpacked(body))
    asked = _read(reader, states=SETTLED)
    reader.refuse_if_wrong()
    if asked is None:
        raise wire.senseless()
    return asked


def read_answer(told: Mapping[str, Any]) -> RefundAnswer:
    """Read how a refund stands at the portal; raise Unavailable for what means nothing."""
    reader = Reader(told)
    asked = _read(reader, states=STATES)
    try:
        reader.refuse_if_wrong()
    except Invalid as error:
        raise wire.senseless() from error
    if asked is None:
        raise wire.senseless()
    return asked


def read_page(body: Mapping[str, Any]) -> tuple[tuple[RefundAnswer, ...], bool]:
    """Read one page of what moved among refunds on a day, and whether another follows."""
    items, more = body.get("items"), body.get("more")
    if not isinstance(items, list) or not isinstance(more, bool):
        raise wire.senseless()
    return tuple(read_answer(one if isinstance(one, dict) else {}) for one in items), more


def digest(code: str, asked: RefundAnswer) -> str:
    """Return the hash of what a notice says."""
    told = {"code": code, "refund": str(asked.id), "state": asked.state}
    return wire.sha256_of({**told, "amount_vnd": asked.amount_vnd, "reason": asked.reason})


def _read(reader: Reader, *, states: tuple[str, ...]) -> RefundAnswer | None:
    """Return what was read, None when its number or its state means nothing."""
    number = reader.word("refund", most=60)
    state = reader.one_of("state", states)
    amount_vnd = reader.amount_vnd("amount_vnd")
    reason = reader.text("reason", most=500)
    try:
        id = UUID(number)
    except ValueError:
        reader.wrong("refund", "Không phải số của một khoản hoàn.")
        return None
    return RefundAnswer(
        id=id, state=cast("RefundState", state), amount_vnd=amount_vnd, reason=reason
    )
