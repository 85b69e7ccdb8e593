import json
from typing import Any, Final
from uuid import UUID

from django.db import connection

from cuaso.foundation.audit import contracts
from cuaso.foundation.audit.logic.planned import planned
from cuaso.foundation.audit.models import Entry
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject

# In ascending order PostgreSQL puts last what has no leaf yet.
_NAMES: Final = tuple(field.attname for field in Entry._meta.concrete_fields)  # noqa: SLF001 Django's own documented door
_OF_SUBJECT: Final = (
    f"select {', '.join(_NAMES)} from audit_entry where subject_kind = %s and subject_id = %s"  # noqa: S608 our own columns
    " order by leaf_index, position"
)


def history(subject: Subject) -> tuple[contracts.Entry, ...]:
    """Return all acts on a subject, oldest first."""
    with planned() as cursor:
        cursor.execute(_OF_SUBJECT, [subject.kind, subject.id])
        rows = cursor.fetchall()
    return tuple(as_entry(Entry.from_db(connection.alias, _NAMES, row)) for row in rows)


def entry(entry_id: UUID) -> contracts.Entry:
    """Return one entry; raises NotFound."""
    return as_entry(find(entry_id))


def find(entry_id: UUID) -> Entry:
    if row := Entry.objects.filter(entry_id=entry_id).first():
        return row
    raise NotFound(
        code="audit.no_entry",
        what="Không có mục này trong sổ cái.",
        mend="Hãy kiểm tra lại mã mục.",
    )


def as_entry(row: Entry) -> contracts.Entry:
    sealed: dict[str, Any] = json.loads(row.sealed) if row.sealed is not None else _ERASED
    return contracts.Entry(
        id=row.entry_id,
        at=row.recorded_at,
        act=row.act,
        subject=Subject(kind=row.subject_kind, id=row.subject_id),
        actor_kind=row.actor_kind,
        actor_name=sealed["actor"]["name"],
        person_id=row.actor_person_id,
        post_id=row.actor_post_id,
        agency_id=row.actor_agency_id,
        reason=sealed["reason"],
        content=sealed["content"],
        trace=row.trace,
        leaf_index=row.leaf_index,
        erased_at=row.erased_at,
    )


_ERASED: dict[str, Any] = {"actor": {"name": ""}, "reason": "", "content": {}}
