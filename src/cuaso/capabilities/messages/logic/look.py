"""What was told to whom, and what failed."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from cuaso.capabilities.messages.contracts import ChannelStatus, MessageView
from cuaso.capabilities.messages.logic.send import CHANNELS
from cuaso.capabilities.messages.logic.transports import configured
from cuaso.capabilities.messages.logic.wording import masked
from cuaso.capabilities.messages.models import Delivery, Notice
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject

# Of each of MessageView's fields the column; a plain statement: every look at a dossier asks it.
_COLUMNS: Final = {
    "version": "d.template_version",
    "to": "d.address",
    "template": "n.template",
    "made_at": "n.made_at",
}
_SHOWN: Final = tuple(field.name for field in fields(MessageView))
_TO: Final = _SHOWN.index("to")
_ABOUT: Final = (
    f"select {', '.join(_COLUMNS.get(name, f'd.{name}') for name in _SHOWN)}"  # noqa: S608 our own columns
    f" from {Delivery._meta.db_table} d join {Notice._meta.db_table} n on n.id = d.notice_id"  # noqa: SLF001 public
    " where n.subject_kind = %s and n.subject_id = %s order by n.made_at desc, d.id desc"
)


def messages_about(subject: Subject) -> tuple[MessageView, ...]:
    """Return the messages about a subject, newest first."""
    with audit.planned() as cursor:
        cursor.execute(_ABOUT, [subject.kind, subject.id])
        rows = cursor.fetchall()
    return tuple(
        MessageView(**{**dict(zip(_SHOWN, row, strict=True)), "to": masked(row[_TO])})
        for row in rows
    )


def failed(limit: int = 50) -> tuple[MessageView, ...]:
    """Return messages that were given up, newest first: for administrators."""
    rows = Delivery.objects.filter(state="failed").select_related("notice")
    return views(rows.order_by("-settled_at", "-id")[:limit])


def retry(*, message_id: UUID, actor: Actor) -> None:
    """Put a failed message in the post again; raise NotFound, Conflict unless it failed."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).select_related("notice")
        row = rows.filter(id=message_id).first()
        if row is None:
            raise NotFound(code="messages.no_delivery", what="Không có thông báo này.")
        if row.state != "failed" or not row.address:
            raise Conflict(
                code="messages.not_failed",
                what="Thông báo này không ở tình trạng gửi hỏng, hoặc chưa có nội dung để gửi.",
                mend="Hãy mở lại trang để xem tình trạng mới nhất.",
            )
        row.state, row.tries, row.settled_at = "waiting", 0, None
        row.next_try_at = clock.now()
        row.save(update_fields=["state", "tries", "settled_at", "next_try_at"])
        audit.record(
            actor=actor,
            act="messages.retried",
            subject=Subject(kind=row.notice.subject_kind, id=row.notice.subject_id),
            content={"delivery": row.id},
        )


def status() -> tuple[ChannelStatus, ...]:
    """Return how each channel stands."""
    counts = {
        row["channel"]: (row["waiting"], row["failed"])
        for row in Delivery.objects.filter(state__in=["waiting", "sending", "failed"])
        .values("channel")
        .annotate(
            waiting=Count("id", filter=~Q(state="failed")),
            failed=Count("id", filter=Q(state="failed")),
        )
    }
    return tuple(_status(channel, counts.get(channel, (0, 0))) for channel in CHANNELS)


def _status(channel: str, counts: tuple[int, int]) -> ChannelStatus:
    ready = configured(channel)
    name = {"email": "Thư điện tử", "sms": "Tin nhắn"}[channel]
    waiting, broken = counts
    say = f"{name}: {waiting} chờ gửi, {broken} gửi hỏng." if ready else f"{name} chưa cấu hình."
    return ChannelStatus(
        channel="email" if channel == "email" else "sms",
        configured=ready,
        waiting=waiting,
        failed=broken,
        say=say,
    )


def views(rows: Iterable[Delivery]) -> tuple[MessageView, ...]:
    """Return rows, with their notices, as they are shown."""
    return tuple(
        MessageView(
            id=row.id,
            template=row.notice.template,
            version=row.template_version,
            language=row.language,
            channel=row.channel,
            to=masked(row.address),
            headline=row.headline,
            body=row.body,
            parts=row.parts,
            state=row.state,  # type: ignore[arg-type] # written from the contract's words only
            made_at=row.notice.made_at,
            sent_at=row.sent_at,
            settled_at=row.settled_at,
            tries=row.tries,
            next_try_at=row.next_try_at,
            trouble=row.trouble,
        )
        for row in rows
    )
