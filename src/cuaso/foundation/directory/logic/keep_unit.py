"""Found, rename and close a unit inside an agency when another system says so."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import one_line


def unit(id: UUID) -> contracts.Unit:
    """Return a unit of any day; raise NotFound."""
    return views.unit(_row(models.Unit.objects.filter(pk=id).first()))


def found_unit(*, agency_id: UUID, name: str, actor: Actor) -> contracts.Unit:
    """Add a unit to an agency from today on; it is unverified until a register knows it."""
    id = new_id()
    with transaction.atomic():
        row = models.Unit.objects.create(
            id=id,
            key=f"unit-{id.hex[-12:]}",
            agency_id=agency_id,
            name=one_line(name),
            from_date=clock.today(),
            unverified=True,
        )
        _record(row, act="directory.unit_founded", actor=actor)
    MEMORY.renew()
    return views.unit(row)


def rename_unit(*, unit_id: UUID, name: str, actor: Actor) -> contracts.Unit:
    """Give a unit another name; the same name changes nothing. Raises NotFound."""
    with transaction.atomic():
        row = _row(models.Unit.objects.select_for_update().filter(pk=unit_id).first())
        if row.name == one_line(name):
            return views.unit(row)
        row.name = one_line(name)
        row.save(update_fields=["name"])
        _record(row, act="directory.unit_renamed", actor=actor)
    MEMORY.renew()
    return views.unit(row)


def close_unit(*, unit_id: UUID, actor: Actor, reason: str) -> contracts.Unit:
    """End a unit today, one founded today tomorrow; raise Conflict while posts of it are held."""
    today = clock.today()
    with transaction.atomic():
        row = _row(models.Unit.objects.select_for_update().filter(pk=unit_id).first())
        held = models.Post.objects.valid_on(today).filter(unit=row, person__isnull=False)
        if held.exists():
            raise Conflict(
                code="directory.unit_has_people",
                what=f"Chưa thể chấm dứt đơn vị “{row.name}”.",
                why="Đơn vị này còn người đang giữ chức danh.",
                mend="Hãy chuyển hết người của đơn vị sang đơn vị khác trước.",
            )
        young = row.from_date is not None and row.from_date >= today
        row.until_date = row.from_date + timedelta(days=1) if young and row.from_date else today
        row.save(update_fields=["until_date"])
        _record(row, act="directory.unit_closed", actor=actor, reason=reason)
    MEMORY.renew()
    return views.unit(row)


def _row(row: models.Unit | None) -> models.Unit:
    if row is None:
        raise NotFound(
            code="directory.no_unit",
            what="Không tìm thấy đơn vị này.",
            mend="Hãy chọn lại đơn vị trong danh sách của cơ quan.",
        )
    return row


def _record(row: models.Unit, *, act: str, actor: Actor, reason: str = "") -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="directory.unit", id=row.id),
        content={
            "name": row.name,
            "agency": str(row.agency_id),
            "from": str(row.from_date or ""),
            "until": str(row.until_date or ""),
        },
        reason=reason,
    )
