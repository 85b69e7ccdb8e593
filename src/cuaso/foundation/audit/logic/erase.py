from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit.logic.history import find
from cuaso.foundation.audit.logic.record import record
from cuaso.foundation.audit.models import Entry
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.subjects import Subject

ACT = "audit.content_erased"
KIND = "audit.entry"


@transaction.atomic
def erase_content(*, actor: Actor, entry_id: UUID, reason: str) -> UUID:
    """Erase what is personal in an entry (content, reason, who) and record that it was done.

    The leaf and its commitment stay, so that every proof still holds; without the salt nobody
    can guess the content back. Returns the id of the erasing entry. Raises NotFound, Invalid
    without a reason, Conflict when it was erased before.
    """
    if not reason.strip():
        say = "Hãy ghi căn cứ xóa: điều luật hoặc yêu cầu của chủ dữ liệu."
        raise Invalid(
            code="audit.reason_missing",
            what="Chưa ghi căn cứ xóa nội dung.",
            mend=say,
            problems=(Problem(field="reason", say=say),),
        )
    entry = find(entry_id)
    erased = Entry.objects.filter(pk=entry.pk, erased_at__isnull=True).update(
        sealed=None, salt=None, actor_person_id=None, erased_at=clock.now()
    )
    if not erased:
        raise Conflict(code="audit.already_erased", what="Nội dung của mục này đã được xóa trước.")
    subject = Subject(kind=KIND, id=entry_id)
    return record(actor=actor, act=ACT, subject=subject, content={}, reason=reason)
