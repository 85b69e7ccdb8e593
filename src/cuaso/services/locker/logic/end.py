"""The register from which a paper comes has taken it back."""

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject
from cuaso.services.locker.models import Paper


def end(*, verify_code: str, reason: str, actor: Actor) -> None:
    """Mark a paper as taken back, as was decided where it was issued; again changes nothing."""
    with transaction.atomic():
        kept = Paper.objects.select_for_update().filter(verify_code=verify_code).first()
        if kept is None or kept.revoked_at is not None:
            return
        kept.revoked_at, kept.revoked_reason = clock.now(), reason
        kept.save(update_fields=["revoked_at", "revoked_reason"])
        subject = Subject(kind="locker.paper", id=kept.id)
        audit.record(
            actor=actor,
            act="locker.revoked",
            subject=subject,
            content={"number": kept.number},
            reason=reason,
        )
        audit.publish(topic="locker.revoked", subject=subject, payload={"kind": kept.kind})
