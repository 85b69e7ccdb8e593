"""Compare a day with the portal's own list; what is behind there is sent again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction

from cuaso.capabilities.exchange.api import peers
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Unavailable
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.services.national_portal.contracts import Difference, Reconciled, There
from cuaso.services.national_portal.logic import (
    ask_again,
    fee_list,
    refund_list,
    resend,
    surroundings,
    wire,
)
from cuaso.services.national_portal.models import Link, Reconciliation, Update

MOST_PAGES: Final = 1000
MOST_KEPT: Final = 200
NOT_FOUND: Final = 404
AGAIN_AFTER: Final = timedelta(minutes=10)
FIRST_HOUR: Final = 1
SAYS: Final = {
    "behind_there": "Cổng mới có lần {there}, tỉnh đã tới lần {here}.",
    "unknown_there": "Cổng không có hồ sơ này.",
    "unknown_here": "Tỉnh chưa có hồ sơ này; hệ thống tự hỏi lại Cổng.",
    "different": "Hai bên ghi trạng thái khác nhau: Cổng {there_status}, tỉnh {here_status}.",
}


def reconcile(day: date) -> Reconciled:
    """Compare how dossiers that moved on a day stand on both sides, outside any transaction.

    What is behind or unknown there is queued again, what is unknown here is asked for. Raises
    Unavailable when the portal does not answer; then the try is noted with its reason and nothing
    is queued.
    """
    try:
        fees, refunds = fee_list.listed(day), refund_list.listed(day)
        there = {one.code: one for one in _list(day)}
        here = _here(day, codes=list(there))
        there |= {one.code: one for one in _looked_up(set(here) - set(there))}
    except Unavailable as trouble:
        Reconciliation.objects.create(id=new_id(), day=day, at=clock.now(), trouble=trouble.what)
        raise
    return _settle(day, here=here, there=there, money=(fees, refunds))


def reconcile_due() -> int:
    """Compare yesterday once, early in the day; a failed try is repeated. Returns 1 when it did."""
    now = clock.now()
    yesterday = clock.today() - timedelta(days=1)
    if not surroundings.base() or now.astimezone(clock.VIETNAM).hour < FIRST_HOUR:
        return 0
    tries = Reconciliation.objects.filter(day=yesterday)
    if tries.filter(trouble="").exists() or tries.filter(at__gt=now - AGAIN_AFTER).exists():
        return 0
    try:
        reconcile(yesterday)
    except Unavailable:
        return 0
    return 1


def _list(day: date) -> Iterator[There]:
    for page in range(1, MOST_PAGES + 1):
        answer = peers.ask(surroundings.PEER, "GET", wire.day_path(day, page=page))
        items, more = wire.read_page(answer.body)
        yield from items
        if not more:
            return


def _looked_up(codes: set[str]) -> Iterator[There]:
    """Ask for each dossier that the list lacks: it may have arrived there on another day."""
    for code in sorted(codes):
        answer = peers.ask(surroundings.PEER, "GET", wire.dossier_path(code))
        if answer.status != NOT_FOUND:
            yield wire.read_there(answer.body)


def _here(day: date, *, codes: Sequence[str]) -> dict[str, Update]:
    """Return the last update of every dossier that moved here on the day or is in the list."""
    begin = datetime.combine(day, time(0), tzinfo=clock.VIETNAM)
    moved = Update.objects.filter(made_at__gte=begin, made_at__lt=begin + timedelta(days=1))
    links = set(moved.values_list("link_id", flat=True))
    links |= set(Link.objects.filter(code__in=codes).values_list("id", flat=True))
    latest = (
        Update.objects.filter(link_id__in=links)
        .select_related("link")
        .order_by("link_id", "-version")
        .distinct("link_id")
    )
    return {row.link.code: row for row in latest}


def _settle(
    day: date,
    *,
    here: Mapping[str, Update],
    there: Mapping[str, There],
    money: tuple[fee_list.Listed, refund_list.Listed],
) -> Reconciled:
    silent = _silent(set(there) - set(here))
    codes = {*here, *there} - silent
    compared = {code: _compared(here.get(code), there.get(code)) for code in codes}
    counts = dict.fromkeys(("same", *SAYS), 0)
    for kind in compared.values():
        counts[kind] += 1
    with transaction.atomic():
        again = sum(
            resend.queue_again(here[code].link, after=there[code].version if code in there else 0)
            for code, kind in compared.items()
            if kind in ("behind_there", "unknown_there")
        )
        fees = _money(day, *money)
        ask_again.note(code for code, kind in compared.items() if kind == "unknown_here")
        row = Reconciliation.objects.create(
            day=day,
            at=clock.now(),
            queued_again=again,
            fees_same=fees.same,
            fees_differing=len(fees.differences),
            differences=[
                *fees.differences,
                *(
                    {"kind": kind, "code": code, "say": _say(kind, here.get(code), there.get(code))}
                    for code, kind in sorted(compared.items())
                    if kind != "same"
                ),
            ][:MOST_KEPT],
            **counts,
        )
        audit.record(
            actor=surroundings.HOUSE,
            act="national_portal.reconciled",
            subject=Subject(kind="national_portal.reconciliation", id=row.id),
            content={
                "day": day.isoformat(),
                "queued_again": again,
                "fees_same": fees.same,
                "fees_differing": len(fees.differences),
                **counts,
            },
        )
    return seen(row)


def _money(day: date, fees: fee_list.Listed, refunds: refund_list.Listed) -> fee_list.Compared:
    came, back = fee_list.compared(day, fees), refund_list.compared(day, refunds)
    return fee_list.Compared(
        same=came.same + back.same, differences=(*came.differences, *back.differences)
    )


def _silent(codes: set[str]) -> set[str]:
    """Return the codes that we know and have nothing to tell of yet: their turn is tomorrow."""
    return set(Link.objects.filter(code__in=codes).values_list("code", flat=True))


def _compared(here: Update | None, there: There | None) -> str:
    if here is None:
        return "unknown_here"
    if there is None:
        return "unknown_there"
    if there.version < here.version:
        return "behind_there"
    alike = there.version == here.version and there.status == here.status
    return "same" if alike else "different"


def _say(kind: str, here: Update | None, there: There | None) -> str:
    return SAYS[kind].format(
        there=there.version if there else 0,
        here=here.version if here else 0,
        there_status=there.status if there else 0,
        here_status=here.status if here else 0,
    )


def seen(row: Reconciliation) -> Reconciled:
    return Reconciled(
        day=row.day,
        at=row.at,
        same=row.same,
        behind_there=row.behind_there,
        unknown_there=row.unknown_there,
        unknown_here=row.unknown_here,
        different=row.different,
        queued_again=row.queued_again,
        fees_same=row.fees_same,
        fees_differing=row.fees_differing,
        trouble=row.trouble,
        differences=tuple(Difference(**one) for one in row.differences),
    )
