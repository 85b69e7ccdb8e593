from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from cuaso.capabilities.messages.contracts import Channel, Recipient
from cuaso.capabilities.messages.logic.install import NEWEST, TEXT, chosen
from cuaso.capabilities.messages.logic.wording import fill, for_phone, one_line, sms_parts
from cuaso.capabilities.messages.models import Delivery, Notice, Template
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import Written
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject

CHANNELS: tuple[Channel, ...] = ("email", "sms")
NO_TEMPLATE = "Chưa cài mẫu thông báo “{code}”."
HEADLINE_LENGTH = 300
NAME_LENGTH = 200
# The notice, once a key, and the newest texts of its template: in one way to PostgreSQL.
_NOTICE: Final = f"""
with made as (
  insert into messaging_notice (id, key, template, subject_kind, subject_id, person_id, made_at)
  values (%s, %s, %s, %s, %s, %s, %s) on conflict (key) do nothing returning id
), texts as ({NEWEST})
select made.id is not null, {", ".join(f"texts.{name}" for name in TEXT)}
from (select 1) as one left join made on true left join texts on true
"""  # noqa: S608 our own statements
_COLUMNS: Final = (
    *("id", "notice_id", "channel", "language", "template_version", "address", "recipient_name"),
    *("headline", "body", "parts", "state", "tries", "next_try_at", "settled_at", "trouble"),
)
_POST: Final = f"insert into messaging_delivery ({', '.join(_COLUMNS)}) values"
_ROW: Final = f"({', '.join(['%s'] * len(_COLUMNS))})"


def send(
    *,
    template: str,
    to: Recipient,
    context: Mapping[str, object],
    subject: Subject,
    key: str,
) -> UUID:
    """Put a message to a person in the post, in the act's own transaction; return its notice id.

    The same `key` again is the same notice and sends nothing more. Every channel that has a
    template and an address is used; the person's language, else Vietnamese. A missing template
    does not stop the act: the notice stands as failed for administrators. Raises Invalid for a
    name without a value, RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        message = "messages.send belongs inside the transaction.atomic() of its act"
        raise RuntimeError(message)
    notice = Notice(
        key=key,
        template=template,
        subject_kind=subject.kind,
        subject_id=subject.id,
        person_id=to.person_id,
        made_at=clock.now(),
    )
    texts = _made(notice, languages=(to.language, "vi"))
    if texts is None:
        return Notice.objects.values_list("id", flat=True).get(key=key)
    deliveries = _deliveries(notice, to, context, texts=texts)
    audit.record(
        actor=system("Thông báo"),
        act="messages.queued",
        subject=subject,
        content={
            "notice": notice.id,
            "template": template,
            "channels": [delivery.channel for delivery in deliveries],
        },
        beside=[_posted(deliveries)],
    )
    return notice.id


def _made(notice: Notice, *, languages: Sequence[str]) -> tuple[Template, ...] | None:
    """Make a notice and return the texts of its template; None for one that was made before,
    whose row stays as it was.
    """
    row = (notice.id, notice.key, notice.template, notice.subject_kind)
    asked = (notice.template, list(languages), list(CHANNELS))
    with audit.planned() as cursor:
        cursor.execute(_NOTICE, [*row, notice.subject_id, notice.person_id, notice.made_at, *asked])
        found = cursor.fetchall()
    if not found[0][0]:
        return None
    texts = [Template(**dict(zip(TEXT, told, strict=True))) for _new, *told in found if told[0]]
    return chosen(texts, languages=languages, channels=CHANNELS)


def _posted(deliveries: Sequence[Delivery]) -> Written:
    told = [getattr(each, name) for each in deliveries for name in _COLUMNS]
    return Written(statement=f"{_POST} {', '.join([_ROW] * len(deliveries))}", values=told)


def _deliveries(
    notice: Notice, to: Recipient, context: Mapping[str, object], *, texts: Sequence[Template]
) -> list[Delivery]:
    written = [_written(notice, to, text, context) for text in texts]
    if not written:
        trouble = NO_TEMPLATE.format(code=notice.template)
        return [_unsent(notice, to, state="failed", trouble=trouble)]
    addressed = [delivery for delivery in written if delivery.address]
    if addressed:
        return addressed
    nameless = written[0]
    nameless.state, nameless.next_try_at = "no_address", None
    nameless.trouble = "Người nhận chưa có địa chỉ thư điện tử hay số điện thoại."
    return [nameless]


def _unsent(notice: Notice, to: Recipient, *, state: str, trouble: str) -> Delivery:
    return Delivery(
        notice=notice,
        channel="email",
        language=to.language,
        recipient_name=one_line(to.name)[:NAME_LENGTH],
        state=state,
        settled_at=clock.now(),
        trouble=trouble,
    )


def _written(
    notice: Notice, to: Recipient, text: Template, context: Mapping[str, object]
) -> Delivery:
    headline, body = fill(text.subject, context), fill(text.body, context)
    phone = text.channel == "sms"
    plain = for_phone(body) if phone else body
    return Delivery(
        notice=notice,
        channel=text.channel,
        language=text.language,
        template_version=text.version,
        address=to.phone if phone else to.email,
        recipient_name=one_line(to.name)[:NAME_LENGTH],
        headline=one_line(headline)[:HEADLINE_LENGTH],
        body=plain,
        parts=sms_parts(plain) if phone else 1,
        state="waiting",
        next_try_at=clock.now(),
    )
