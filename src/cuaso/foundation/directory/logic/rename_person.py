"""Correct the name of somebody of whom no register speaks."""

from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import contracts, models
from cuaso.foundation.directory.logic import views
from cuaso.foundation.directory.logic.find_people import remember_change
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.kernel.subjects import Subject
from cuaso.kernel.text import fold, normalise_name, sort_key


def rename_person(*, person_id: UUID, name: str, actor: Actor) -> contracts.Person:
    """Give a person another name; the same name changes nothing.

    Raises Conflict for a person with a personal number: that name is the population register's.
    """
    with transaction.atomic():
        row = models.Person.objects.select_for_update().filter(pk=person_id).first()
        if row is None:
            raise NotFound(
                code="directory.no_person",
                what="Không tìm thấy người hoặc tổ chức này.",
                mend="Hãy tìm lại theo số định danh hoặc họ tên.",
            )
        wanted = normalise_name(name)
        if row.name == wanted:
            return views.person(row)
        if row.personal_number:
            raise Conflict(
                code="directory.name_is_registered",
                what="Không đổi được họ tên của người này.",
                why="Họ tên của người có số định danh theo Cơ sở dữ liệu quốc gia về dân cư.",
                mend="Hãy đề nghị cải chính hộ tịch, hệ thống sẽ cập nhật theo kết quả.",
            )
        row.name = wanted
        row.folded = fold(f"{row.name} {row.personal_number} {row.tax_code} {row.phone}")
        row.sort_key = sort_key(row.name)
        row.save(update_fields=["name", "folded", "sort_key"])
        remember_change(row.id)
        audit.record(
            actor=actor,
            act="directory.person_renamed",
            subject=Subject(kind="directory.person", id=row.id),
            content={"name": row.name},
        )
    return views.person(row)
