"""Let a person leave a post at once."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import models
from cuaso.foundation.directory.logic.memory import MEMORY
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject


def leave_post(*, post_id: UUID, actor: Actor, reason: str) -> None:
    """End a post today. One that began today, or has yet to begin, is left vacant for its one day.

    Raises NotFound for no such post, or one that has ended.
    """
    today = clock.today()
    with transaction.atomic():
        row = models.Post.objects.select_for_update().filter(pk=post_id).first()
        if row is None or (row.until_date is not None and row.until_date <= today):
            raise NotFound(
                code="directory.no_post",
                what="Không có chức danh nào để chấm dứt vào ngày này.",
                mend="Hãy kiểm tra lại chức danh và ngày.",
            )
        held_by = row.person_id
        if row.from_date is not None and row.from_date >= today:
            row.until_date, row.person_id = row.from_date + timedelta(days=1), None
        else:
            row.until_date = today
        row.save(update_fields=["until_date", "person"])
        audit.record(
            actor=actor,
            act="directory.post_left",
            subject=Subject(kind="directory.post", id=row.id),
            content={
                "title": row.title,
                "person": str(held_by or ""),
                "agency": str(row.agency_id),
                "until": str(row.until_date),
            },
            reason=reason,
        )
    MEMORY.renew()
