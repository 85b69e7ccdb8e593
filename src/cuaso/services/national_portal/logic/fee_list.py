"""Compare what the portal took on a day with what it told us, transaction by transaction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from cuaso.capabilities.exchange.api import peers
from cuaso.kernel import clock
from cuaso.kernel.money import format_vnd
from cuaso.services.national_portal.contracts import FeePaid
from cuaso.services.national_portal.logic import receive_fee, settle_fee, surroundings, wire
from cuaso.services.national_portal.models import FeeNotice, Link

MOST_PAGES: Final = 1000
Listed = Mapping[str, tuple[str, FeePaid]]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """How many transactions stand alike on both sides, and those that do not, as rows are kept."""

    same: int
    differences: tuple[dict[str, str], ...]


def listed(day: date) -> Listed:
    """Return what the portal took on a day, by transaction; raise Unavailable."""
    return {paid.transaction: (code, paid) for code, paid in _pages(day)}


def _pages(day: date) -> Iterator[tuple[str, FeePaid]]:
    for page in range(1, MOST_PAGES + 1):
        items, more = wire.read_fees(
            peers.ask(surroundings.PEER, "GET", wire.fees_path(day, page=page)).body
        )
        yield from items
        if not more:
            return


def compared(day: date, there: Listed) -> Compared:
    """Compare the portal's list of a day with the notices that we have.

    What we were never told of is taken in from the list, inside the caller's transaction.
    """
    begin = datetime.combine(day, time(0), tzinfo=clock.VIETNAM)
    rows = FeeNotice.objects.filter(paid_at__gte=begin, paid_at__lt=begin + timedelta(days=1))
    here = {row.transaction: row for row in rows}
    elsewhere = FeeNotice.objects.filter(transaction__in=set(there) - set(here))
    here |= {row.transaction: row for row in elsewhere}
    everything = sorted({*here, *there})
    found = [_difference(here.get(one), there.get(one)) for one in everything]
    differences = tuple(one for one in found if one is not None)
    return Compared(same=len(everything) - len(differences), differences=differences)


def _difference(here: FeeNotice | None, there: tuple[str, FeePaid] | None) -> dict[str, str] | None:
    if here is None and there is not None:
        row = receive_fee.take_listed(*there)
        say = f"{_took(row)}, tỉnh chưa được báo; nay ghi nhận theo danh sách của Cổng."
        return _said("fee_unknown_here", row, f"{say} {row.trouble}".strip())
    if here is None:
        return None
    if there is None:
        say = f"Tỉnh đã ghi nhận {format_vnd(here.amount_vnd)}, Cổng không có giao dịch này."
        return _said("fee_unknown_there", here, say)
    code, paid = there
    if (here.code, here.amount_vnd) != (code, paid.amount_vnd):
        amounts = f"Cổng {format_vnd(paid.amount_vnd)}, tỉnh {format_vnd(here.amount_vnd)}"
        return _said("fee_different", here, f"Hai bên ghi khác nhau: {amounts}.")
    if here.state not in ("settled", "returned"):
        _put_before_who_decides(here)
        say = here.trouble or f"{_took(here)}, hồ sơ chưa về tỉnh hoặc chưa phải nộp."
        return _said("fee_unsettled", here, say)
    return None


def _put_before_who_decides(row: FeeNotice) -> None:
    """Keep what still waits though its dossier is here: on the day after nothing is owed for it."""
    link = Link.objects.filter(code=row.code).first()
    if link is not None and row.state == "waiting":
        settle_fee.keep(link, row)


def _took(row: FeeNotice) -> str:
    return f"Cổng đã thu {format_vnd(row.amount_vnd)}"


def _said(kind: str, row: FeeNotice, say: str) -> dict[str, str]:
    return {"kind": kind, "code": row.code, "say": f"Giao dịch {row.transaction}: {say}"}
