import json
from typing import Any
from uuid import UUID

from django.db.models import F

from cuaso.foundation.audit import contracts
from cuaso.foundation.audit.models import Entry
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject


def history(subject: Subject) -> tuple[contracts.Entry, ...]:
    """Return all acts on a subject, oldest first."""
    rows = Entry.objects.filter(subject_kind=subject.kind, subject_id=subject.id)
    return tuple(as_entry(row) for row in rows.order_by(F("leaf_index").asc(nulls_last=True), "pk"))


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
