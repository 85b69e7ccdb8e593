from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import contracts
from cuaso.services.locker.logic import viewing
from cuaso.services.locker.models import Paper


def replace(*, verify_code: str, by_number: str, actor: Actor) -> contracts.Paper:
    """Mark a paper as replaced by a corrected one of another number; the owner keeps it, marked.

    The service that issued both calls this in the act that issues the new one, before it keeps
    that one. Raises NotFound for a strange code; replacing it again changes nothing.
    """
    with transaction.atomic():
        kept = Paper.objects.select_for_update().filter(verify_code=verify_code).first()
        if kept is None:
            raise NotFound(
                code="locker.paper_unknown",
                what="Không tìm thấy giấy tờ mang mã này.",
                mend="Hãy kiểm tra lại mã dưới hình QR.",
            )
        if kept.replaced_at is None:
            kept.replaced_at, kept.replaced_by_number = clock.now(), by_number
            kept.save(update_fields=["replaced_at", "replaced_by_number"])
            audit.record(
                actor=actor,
                act="locker.replaced",
                subject=Subject(kind="locker.paper", id=kept.id),
                content={"number": kept.number, "by": by_number},
            )
    return viewing.paper(kept)
