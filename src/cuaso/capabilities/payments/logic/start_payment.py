from datetime import timedelta
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.payments import models
from cuaso.capabilities.payments.contracts import PaymentPage
from cuaso.capabilities.payments.logic import gateway, keyed, oblige, viewing
from cuaso.capabilities.payments.logic.gateway import Refused
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Unavailable

# Whoever presses twice meets the same page of the gateway, and cannot pay twice there.
SAME_PAGE_FOR = timedelta(minutes=10)
FIRST_QUESTION_AFTER = timedelta(minutes=1)
STARTED = "payments.started"


def start_payment(
    *, obligation_id: UUID, return_url: str, actor: Actor, key: str = ""
) -> PaymentPage:
    """Open the gateway's page for an open obligation, outside any transaction, once per key.

    Raises Conflict when there is nothing to pay any more, Unavailable when the gateway does not
    answer: nothing is lost, and other ways of paying stay open.
    """
    attempt = _begin(obligation_id, actor=actor, key=key)
    owed = attempt.obligation
    if attempt.session:
        return PaymentPage(obligation_id=owed.id, session=attempt.session, url=attempt.url)
    try:
        opened = gateway.open_page(
            key=str(attempt.id),
            reference=owed.reference,
            amount_vnd=owed.amount_vnd,
            title=owed.title,
            return_url=return_url,
        )
    except Refused as error:
        raise Unavailable(
            code="payments.gateway_refused", what=str(error), mend=gateway.MEND
        ) from error
    with transaction.atomic():
        attempt.session, attempt.url, attempt.state = opened.session, opened.url, "started"
        attempt.next_try_at = clock.now() + FIRST_QUESTION_AFTER
        attempt.save(update_fields=["session", "url", "state", "next_try_at"])
        audit.record(
            actor=actor,
            act=STARTED,
            subject=viewing.subject(owed),
            content={"obligation": owed.id, "session": opened.session},
        )
    return PaymentPage(obligation_id=owed.id, session=opened.session, url=opened.url)


def _begin(obligation_id: UUID, *, actor: Actor, key: str) -> models.Attempt:
    with transaction.atomic():
        attempt_id = keyed.once(
            key=key,
            asked=("start_payment", str(obligation_id)),
            actor=actor,
            act=lambda: _attempt(obligation_id),
        )
        return models.Attempt.objects.select_related("obligation").get(id=attempt_id)


def _attempt(obligation_id: UUID) -> UUID:
    owed = viewing.locked(obligation_id)
    oblige.require_open(owed)
    recent = models.Attempt.objects.filter(
        obligation=owed, state="started", started_at__gt=clock.now() - SAME_PAGE_FOR
    ).first()
    attempt = recent or models.Attempt.objects.create(obligation=owed, started_at=clock.now())
    return attempt.id
