"""Reminds people of what a registry declares: once an interval, written into the record itself."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.messages.contracts import Recipient
from cuaso.capabilities.registries.logic.changing import amend
from cuaso.capabilities.registries.logic.seeing import filters, notices
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.logic.storing.values import name_of
from cuaso.declarations.noticing import Notice, Remind
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

TEMPLATE: Final = "record_reminder"
MOST: Final = 200


def remind_due(*, actor: Actor) -> int:
    """Send every reminder that is due today; return for how many records."""
    today = clock.today()
    return sum(
        _remind(built, id, name, today=today, actor=actor)
        for built in sets.current()
        for name, one in built.declared.notices.items()
        if one.remind is not None
        for id in _due(built, one, one.remind, today)
    )


def _due(built: Built, one: Notice, remind: Remind, today: date) -> list[UUID]:
    """Return the records for which the notice holds and nobody was reminded for the interval."""
    day = built.column(remind.day).name
    latest = today - timedelta(days=remind.every.amount)
    wanted = filters.noticed(built, one, on=today)
    wanted &= Q(**{f"{day}__isnull": True}) | Q(**{f"{day}__lte": latest})
    rows = built.live.objects.filter(wanted).order_by("row_id")
    return list(rows.values_list("row_id", flat=True)[:MOST])


def _remind(built: Built, id: UUID, name: str, *, today: date, actor: Actor) -> int:
    """Remind of one record in one transaction: the letters and the record, or neither."""
    one = built.declared.notices[name]
    remind = one.remind
    with transaction.atomic():
        row = built.live.objects.select_for_update().filter(pk=id, row_gone=None).first()
        if (
            row is None
            or remind is None
            or id not in notices.holding(built, [id], [name], on=today)
        ):
            return 0
        if getattr(row, built.column(remind.day).name) == today:
            return 0
        sentence = notices.said(built, row, one)
        for person in _people(built, row, remind):
            _send(built, row, name, sentence, to=person, today=today)
        columns: dict[str, Any] = {built.column(remind.day).name: today}
        if remind.times:
            times = built.column(remind.times).name
            columns[times] = (getattr(row, times) or 0) + 1
        amend.write(built, row, columns, actor=actor, act="reminded", reason=sentence)
    return 1


def _people(built: Built, row: Row, remind: Remind) -> Iterator[Person]:
    """Yield whom to tell, each once: who the record is about, and who works on it."""
    seen = set()
    number = _number(built, row, remind.person) if remind.person else None
    about = directory.find_person(number) if number else None
    working = (
        holder.person for role in remind.roles for holder in directory.holders(row.row_agency, role)
    )
    for person in (about, *working):
        if person is not None and person.id not in seen:
            seen.add(person.id)
            yield person


def _number(built: Built, row: Row, path: str) -> str | None:
    """Return a personal number: of the record's own field, or of the record that a field names."""
    head, _, rest = path.partition(".")
    column = built.by_path.get(head)
    if column is not None and column.kind == "reference" and column.one is not None:
        target = column.one.to
        key = target if "/" in target else f"{built.key.partition('/')[0]}/{target}"
        other = sets.built(key)
        named = other.live.objects.filter(pk=getattr(row, column.beside[0])).first()
        return _number(other, named, rest) if named is not None else None
    value = getattr(row, built.person_column(path).name)
    return str(value) if value else None


def _send(built: Built, row: Row, name: str, sentence: str, *, to: Person, today: date) -> None:
    hidden = frozenset(built.declared.masks)
    messages.send(
        template=TEMPLATE,
        to=Recipient(person_id=to.id, name=to.name, email=to.email, phone=to.phone),
        context={
            "applicant_name": to.name,
            "procedure_title": built.declared.title,
            "dossier_code": name_of(built, row, hidden=hidden),
            "tracking_code": "",
            "due_at_words": "",
            "reason": sentence,
            "link": f"{settings.PUBLIC_URL}/",
            "agency_name": directory.agency(row.row_agency).name,
        },
        subject=Subject(kind="registries.record", id=row.row_id),
        key=f"{TEMPLATE}:{row.row_id}:{name}:{today}:{to.id}",
    )
