import json
from typing import Any, Final
from uuid import UUID

from cuaso.foundation.audit import contracts
from cuaso.foundation.audit.models import Entry
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject

# In ascending order PostgreSQL puts last what has no leaf yet.
_OF_SUBJECT: Final = """
select * from audit_entry where subject_kind = %s and subject_id = %s order by leaf_index, position
"""


def history(subject: Subject) -> tuple[contracts.Entry, ...]:
    """Return all acts on a subject, oldest first."""
    return tuple(map(as_entry, Entry.objects.raw(_OF_SUBJECT, [subject.kind, subject.id])))


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
