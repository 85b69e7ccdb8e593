from uuid import UUID

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.services.national_portal.logic import surroundings
from cuaso.services.national_portal.models import Link, Update
from cuaso.services.procedures import api as procedures


def resend(*, id: UUID, actor: Actor) -> None:
    """Queue a failed update again, first of its dossier; raise NotFound when it is not failed."""
    with transaction.atomic():
        row = (
            Update.objects.select_for_update(of=("self",))
            .select_related("link")
            .filter(id=id, state="failed")
            .first()
        )
        if row is None:
            raise NotFound(
                code="national_portal.nothing_failed",
                what="Không có lần đồng bộ hỏng này.",
                why="Lần đồng bộ này đã được gửi lại, hoặc đã xong.",
                mend="Hãy tải lại trang.",
            )
        queue_again(row.link, after=row.version - 1)
        audit.record(
            actor=actor,
            act="national_portal.resent",
            subject=surroundings.subject(row.link),
            content={"code": row.link.code, "version": row.version},
        )


def queue_again(link: Link, *, after: int) -> int:
    """Make everything later than version `after` due now, inside the caller's transaction.

    Returns how many updates were given another try; what waits anyway is only hastened.
    """
    later = Update.objects.filter(link=link, version__gt=after)
    again = later.filter(state__in=["sent", "failed"])
    count = again.update(
        state="waiting", tries=0, trouble="", sent_at=None, next_try_at=clock.now()
    )
    later.filter(state="waiting").update(next_try_at=clock.now())
    if later.exists():
        procedures.note_sync(id=link.dossier_id, state="waiting")
    return count
