"""The agency that issued a paper takes it back."""

from django.db import transaction

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Invalid, NotFound, Problem
from cuaso.kernel.subjects import Subject
from cuaso.services.locker import contracts
from cuaso.services.locker.logic import viewing
from cuaso.services.locker.models import Paper
from cuaso.services.locker.policies import PAPERS

SHORTEST_REASON = 10


def revoke(*, verify_code: str, reason: str, actor: Actor) -> contracts.Paper:
    """Take a paper back, found by the code printed on it; taking it back again changes nothing.

    The owner keeps it, marked; whoever checks it learns that it has no force. Raises Invalid
    without a reason, NotFound for a strange code, NotAllowed for who does not lead the agency
    that issued it.
    """
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Invalid(
            code="locker.reason_missing",
            what="Chưa thu hồi được giấy tờ.",
            mend="Hãy ghi rõ lý do thu hồi và số quyết định.",
            problems=(Problem(field="reason", say="Hãy ghi rõ lý do."),),
        )
    with transaction.atomic():
        code = verify_code.strip().upper()
        kept = Paper.objects.select_for_update().filter(verify_code=code).first()
        if kept is None:
            raise NotFound(
                code="locker.paper_unknown",
                what="Không tìm thấy giấy tờ mang mã này.",
                mend="Hãy kiểm tra lại mã dưới hình QR.",
            )
        access.require(actor=actor, act="revoke", record=kept, policy=PAPERS)
        if kept.revoked_at is None:
            kept.revoked_at, kept.revoked_reason = clock.now(), reason
            kept.save(update_fields=["revoked_at", "revoked_reason"])
            _write_down(kept, reason=reason, actor=actor)
    return viewing.paper(kept)


def _write_down(kept: Paper, *, reason: str, actor: Actor) -> None:
    subject = Subject(kind="locker.paper", id=kept.id)
    audit.record(
        actor=actor,
        act="locker.revoked",
        subject=subject,
        content={"number": kept.number},
        reason=reason,
    )
    audit.publish(topic="locker.revoked", subject=subject, payload={"kind": kept.kind})
