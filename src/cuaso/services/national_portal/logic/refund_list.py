"""Compare what goes back by the portal with what we asked it to give back."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from cuaso.capabilities.exchange.api import peers
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict
from cuaso.kernel.money import format_vnd
from cuaso.services.national_portal.contracts import RefundAnswer
from cuaso.services.national_portal.logic import settle_refund, surroundings, wire_refunds
from cuaso.services.national_portal.logic.fee_list import MOST_PAGES, Compared
from cuaso.services.national_portal.models import FeeRefund

NOT_FOUND: Final = 404
Listed = Mapping[UUID, RefundAnswer]


def listed(day: date) -> Listed:
    """Return what moved among the portal's refunds on a day, and how those stand there that we
    asked for on that day and the list lacks; raise Unavailable.
    """
    found = {one.id: one for one in _pages(day)}
    for id in sorted(set(_asked_on(day)) - set(found)):
        answer = peers.ask(surroundings.PEER, "GET", wire_refunds.standing_path(id))
        if answer.status != NOT_FOUND:
            found[id] = wire_refunds.read_answer(answer.body)
    return found


def _pages(day: date) -> Iterator[RefundAnswer]:
    for page in range(1, MOST_PAGES + 1):
        answer = peers.ask(surroundings.PEER, "GET", wire_refunds.day_path(day, page=page))
        items, more = wire_refunds.read_page(answer.body)
        yield from items
        if not more:
            return


def _asked_on(day: date) -> Iterator[UUID]:
    """Yield what the portal should know of: sent on a day, or sent before and not settled."""
    begin = datetime.combine(day, time(0), tzinfo=clock.VIETNAM)
    end = begin + timedelta(days=1)
    sent = FeeRefund.objects.filter(sent_at__lt=end)
    yield from sent.filter(sent_at__gte=begin).values_list("id", flat=True)
    yield from sent.filter(state="taken", sent_at__lt=begin).values_list("id", flat=True)


def compared(day: date, there: Listed) -> Compared:
    """Compare both sides, inside the caller's transaction.

    What the portal settled and we did not hear is written; what it does not know is sent again.
    """
    here = FeeRefund.objects.in_bulk([*there, *_asked_on(day)])
    everything = sorted({*here, *there})
    found = [_difference(here.get(one), there.get(one)) for one in everything]
    differences = tuple(one for one in found if one is not None)
    return Compared(same=len(everything) - len(differences), differences=differences)


def _difference(here: FeeRefund | None, there: RefundAnswer | None) -> dict[str, str] | None:
    if here is None and there is not None:
        say = f"Cổng ghi khoản hoàn {format_vnd(there.amount_vnd)} mà tỉnh không đề nghị."
        return {"kind": "refund_unknown_here", "code": str(there.id), "say": say}
    if here is None:
        return None
    if there is None:
        return _lost_there(here)
    if (here.state, here.amount_vnd) == (there.state, there.amount_vnd):
        return None
    try:
        settle_refund.note_answer(there)
    except Conflict as refusal:
        return _said("refund_different", here, f"{refusal.what} {refusal.why}")
    return _said("refund_unheard", here, "tỉnh chưa được báo kết quả; nay ghi nhận theo Cổng.")


def _lost_there(here: FeeRefund) -> dict[str, str]:
    if here.state != "taken":
        return _said("refund_different", here, "tỉnh đã ghi kết quả, Cổng không có khoản hoàn này.")
    here.state, here.tries, here.next_try_at = "waiting", 0, clock.now()
    here.sent_at = None
    here.save()
    return _said("refund_unknown_there", here, "Cổng không có khoản hoàn này; nay gửi lại.")


def _said(kind: str, here: FeeRefund, say: str) -> dict[str, str]:
    money = f"Hoàn {format_vnd(here.amount_vnd)} của giao dịch {here.transaction}"
    return {"kind": kind, "code": here.code, "say": f"{money}: {say}"}
