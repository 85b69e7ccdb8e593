"""Publish the next signing keys before they are used; take a leaked one out of use at once."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.provider.keys.make import make_key
from cuaso.foundation.identity.provider.keys.stock import forget
from cuaso.foundation.identity.provider.models import SigningKey
from cuaso.foundation.identity.provider.terms import ALGORITHMS
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.clock import now
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject

EVERY = timedelta(days=90)
# Systems may keep our JWKS for an hour; two days leave room for those that keep it for longer.
LEAD = timedelta(days=2)
_KEYS = UUID("6f696463-6b65-4179-8000-000000000001")


def rotate_due() -> int:
    """Publish the next key of each algorithm whose present one is near its end; return how many."""
    return sum(_rotate(algorithm) for algorithm in ALGORITHMS)


def withdraw_key(*, actor: Actor, kid: str, reason: str) -> None:
    """Stop publishing a key and signing with it; the next key of its algorithm begins now."""
    with transaction.atomic():
        row = SigningKey.objects.select_for_update().filter(kid=kid, withdrawn_at=None).first()
        if row is None:
            raise NotFound(
                code="identity.no_key",
                what="Không có khóa ký này, hoặc khóa đã được rút.",
                mend="Hãy chọn một khóa trong danh sách đang công bố.",
            )
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])
        following = SigningKey.objects.filter(
            algorithm=row.algorithm, withdrawn_at=None, begins_at__gt=now()
        )
        if not following.update(begins_at=now()):
            make_key(algorithm=row.algorithm, begins_at=now())
        audit.record(
            actor=actor,
            act="identity.signing_key_withdrawn",
            subject=_subject(kid),
            content={"kid": kid},
            reason=reason,
        )
    forget()


def _rotate(algorithm: str) -> int:
    with transaction.atomic():
        last = (
            SigningKey.objects.select_for_update()
            .filter(algorithm=algorithm, withdrawn_at=None)
            .order_by("-begins_at")
            .first()
        )
        if last is None or last.begins_at + EVERY - LEAD > now():
            return 0
        made = make_key(algorithm=algorithm, begins_at=now() + LEAD)
        audit.record(
            actor=system("Xoay khóa ký"),
            act="identity.signing_key_published",
            subject=_subject(made.kid),
            content={"kid": made.kid, "algorithm": algorithm, "begins_at": made.begins_at},
        )
    forget()
    return 1


def _subject(kid: str) -> Subject:
    return Subject(kind="identity.signing_key", id=uuid5(_KEYS, kid))
