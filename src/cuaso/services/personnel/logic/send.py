"""Send what waits: in order per official, outside any transaction, until it is acknowledged."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from cuaso.capabilities.exchange.api import peers
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Unavailable
from cuaso.kernel.subjects import Subject
from cuaso.services.personnel.logic import compare, wire
from cuaso.services.personnel.logic.house import HOUSE, NATIONAL
from cuaso.services.personnel.logic.tell import ON_ITS_WAY
from cuaso.services.personnel.models import Message

CONFLICT: Final = 409
LEASE: Final = timedelta(minutes=2)
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30))


def send_due(limit: int = 100) -> int:
    """Send what is due, one after another; return how many the other side settled.

    When it does not answer, the rest stays untouched until the next turn: an outage costs one try a
    turn. Raises RuntimeError inside a transaction.
    """
    if not peers.address(NATIONAL):
        return 0
    for sent in range(limit):
        row = _take()
        if row is None or not _send(row):
            return sent
    return limit


def _take() -> Message | None:
    """Lease the first message that is due and has no earlier one of its official under way."""
    earlier = Message.objects.filter(code=OuterRef("code"), version__lt=OuterRef("version"))
    with transaction.atomic(durable=True):
        row = (
            Message.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(~Exists(earlier.filter(state__in=ON_ITS_WAY)))
            .filter(state__in=ON_ITS_WAY, next_try_at__lte=clock.now())
            .order_by("next_try_at", "id")
            .first()
        )
        if row is not None:
            row.state, row.next_try_at = "sending", clock.now() + LEASE
            row.save(update_fields=["state", "next_try_at"])
    return row


def _send(row: Message) -> bool:
    """Send one message; say whether to go on with the next."""
    try:
        answer = peers.ask(
            NATIONAL,
            "POST",
            wire.official_path(row.code),
            body=wire.message(
                version=row.version,
                based_on=_based_on(row),
                fields=row.said,
                withdrawn=row.withdrawn,
            ),
            key=f"{row.code}/{row.version}",
        )
        if answer.status == CONFLICT:
            _other_side_changed(row)
        elif answer.status >= 400:  # noqa: PLR2004 the other side refuses
            _give_up(row, str(answer.body.get("error", "")))
        else:
            _acknowledge(row, wire.read_receipt(answer.body))
    except Unavailable as trouble:
        _put_off(row, trouble.what)
        return False
    return True


def _based_on(row: Message) -> str:
    """Return the hash of what may be written over: what a person saw, or what we told last."""
    if row.decided:
        return row.based_on
    last = Message.objects.filter(code=row.code, state="sent").order_by("-version").first()
    return last.said_sha256 if last else ""


def _acknowledge(row: Message, receipt: wire.Receipt) -> None:
    """Believe a receipt only with the other side's own mark, for this version and these values."""
    told = wire.receipt_told(
        number=receipt.number, code=row.code, version=row.version, sha256=row.said_sha256
    )
    right = peers.is_marked(NATIONAL, receipt.mark, told=told)
    if not right or (receipt.version, receipt.sha256) != (row.version, row.said_sha256):
        raise wire.senseless()
    with transaction.atomic():
        row.state, row.sent_at, row.receipt = "sent", clock.now(), receipt.number[:100]
        row.trouble, row.said, row.next_try_at = "", {}, None
        row.save()
        audit.record(
            actor=HOUSE,
            act="personnel.told",
            subject=Subject(kind="personnel.message", id=row.id),
            content={
                "file": row.code,
                "version": row.version,
                "sha256": row.said_sha256,
                "receipt": receipt.number,
            },
        )


def _other_side_changed(row: Message) -> None:
    """Name the differences of this official; nothing is written over before a person decides."""
    compare.compare_one(row)
    row.state, row.said, row.next_try_at = "passed", {}, None
    row.trouble = "Cơ sở dữ liệu quốc gia đã đổi hồ sơ này; hãy xem các khác biệt và quyết định."
    row.save()


def _give_up(row: Message, why: str) -> None:
    row.state, row.tries, row.next_try_at = "failed", row.tries + 1, None
    row.trouble = f"Cơ sở dữ liệu quốc gia từ chối: {why or 'không nêu lý do'}."
    row.save(update_fields=["state", "tries", "next_try_at", "trouble"])


def _put_off(row: Message, why: str) -> None:
    pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
    row.state, row.tries, row.trouble = "waiting", row.tries + 1, why
    row.next_try_at = clock.now() + pause
    row.save(update_fields=["state", "tries", "next_try_at", "trouble"])
