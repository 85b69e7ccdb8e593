"""Put a record into the bin, and take it out again; after its term it is gone for good."""

from uuid import UUID

from django.db import transaction

from cuaso.capabilities.registries.contracts import RecordView, Source
from cuaso.capabilities.registries.logic.changing import change as changes
from cuaso.capabilities.registries.logic.changing import courses, rows
from cuaso.capabilities.registries.logic.seeing import records
from cuaso.capabilities.registries.logic.storing import sets, terms
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, Problem


def remove(
    *,
    registry: str,
    id: UUID,
    reason: str,
    actor: Actor,
    revision: int | None = None,
    source: Source = changes.FORM,
) -> RecordView:
    """Put a record into the bin, for a reason; its key is free again."""
    if not reason.strip():
        raise Invalid(
            code="registries.reason_missing",
            what="Chưa xóa được bản ghi.",
            mend="Hãy ghi lý do xóa.",
            problems=(Problem(field="reason", say="Chưa ghi lý do xóa."),),
        )
    built = sets.built(registry)
    with transaction.atomic():
        row = rows.locked(built, id, actor=actor, act="remove", revision=revision)
        if row.row_gone is None:
            with changes.changing(
                built, actor=actor, act="removed", reason=reason, source=source
            ) as change:
                rows.renew(row, {"row_gone": change.at}, change)
    return records.shown(built, row, actor=actor)


def bring_back(*, registry: str, id: UUID, actor: Actor, reason: str = "") -> RecordView:
    """Take a record out of the bin; raise Conflict when its key has been given to another."""
    built = sets.built(registry)
    with transaction.atomic():
        row = rows.locked(built, id, actor=actor, act="remove")
        if row.row_gone is not None:
            with (
                changes.changing(built, actor=actor, act="brought_back", reason=reason) as change,
                rows.unique(built),
            ):
                rows.renew(row, {"row_gone": None}, change)
    return records.shown(built, row, actor=actor)


def empty_bins(*, actor: Actor, most: int = 1000) -> int:
    """Delete what has rested in the bin for its term (90 days unless declared); how many.

    The past versions stay in the history until the retention of the registry ends.
    """
    deleted = 0
    for built in sets.current():
        due = built.live.objects.filter(
            row_gone__lt=terms.ended_before(terms.bin_term(built.declared))
        )
        ids = list(due.values_list("row_id", flat=True)[:most])
        if ids:
            with changes.changing(built, actor=actor, act="purged") as change:
                change.records = len(ids)
                built.live.objects.filter(row_id__in=ids).delete()
            if built.declared.workflow:
                courses.stop_all(ids, actor=actor)
            deleted += len(ids)
    return deleted
