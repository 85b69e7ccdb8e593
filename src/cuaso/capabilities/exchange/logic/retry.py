from datetime import timedelta
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.exchange import models
from cuaso.capabilities.exchange.contracts import NUMBER_GIVEN, NUMBER_REFUSED, ChildFacts
from cuaso.capabilities.exchange.logic import want_number
from cuaso.capabilities.exchange.logic.source import BREAKER, ask, configured, refuse_senseless
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import Invalid, Unavailable
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.numbers import PersonalNumber
from cuaso.kernel.subjects import Subject

# Longer than one question may take.
LEASE = timedelta(minutes=1)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60))
SYSTEM = system("Liên thông dân cư")


def retry_due(limit: int = 20) -> int:
    """Ask for the numbers that are due, outside any transaction; return how many were given.

    While the breaker rests nothing is asked. A process killed in between asks again after the
    lease under the same key, and the source gives the same number.
    """
    if not configured() or BREAKER.resting_until() is not None:
        return 0
    return sum(_try(wish) for wish in _take(limit))


def request_personal_number(*, child: ChildFacts, subject: Subject, key: str, actor: Actor) -> str:
    """Wish for a number and ask once at once, outside any transaction; return the number.

    Raises Unavailable when the source does not answer: the wish stays and is retried, and
    `exchange.personal_number_given` comes later. Raises Invalid when the source refuses.
    """
    with transaction.atomic(durable=True):
        wish = want_number.want_personal_number(child=child, subject=subject, key=key, actor=actor)
    if wish.state == "waiting":
        for row in _take(1, wish_id=wish.id):
            _try(row)
    row = models.Pending.objects.get(id=wish.id)
    if row.state == "given":
        return row.personal_number
    say = want_number.seen(row).say
    if row.state == "refused":
        raise Invalid(code="exchange.number_refused", what=say)
    raise Unavailable(code="exchange.number_waits", what=say)


def _take(limit: int, wish_id: UUID | None = None) -> list[models.Pending]:
    """A named wish is taken now, whatever its pause, unless somebody else asks for it."""
    rows = models.Pending.objects.select_for_update(skip_locked=True).filter(state="waiting")
    chosen = {"next_try_at__lte": clock.now()} if wish_id is None else {"id": wish_id}
    rows = rows.filter(**chosen)
    with transaction.atomic(durable=True):
        taken = list(rows.order_by("next_try_at")[:limit])
        models.Pending.objects.filter(id__in=[row.id for row in taken]).update(
            next_try_at=clock.now() + LEASE
        )
    return taken


def _try(wish: models.Pending) -> int:
    try:
        number = _ask(wish)
    except Unavailable as trouble:
        pause = PAUSES[min(wish.tries, len(PAUSES) - 1)]
        models.Pending.objects.filter(id=wish.id, state="waiting").update(
            tries=wish.tries + 1, trouble=trouble.what, next_try_at=clock.now() + pause
        )
        return 0
    except Invalid as refusal:
        return _settle(wish.id, state="refused", trouble=refusal.what)
    return _settle(wish.id, state="given", number=number)


def _ask(wish: models.Pending) -> str:
    answer = ask("POST", "/personal-numbers", request_id=new_id(), key=wish.key, body=wish.child)
    if answer.status in (400, 409):
        BREAKER.succeeded()
        raise Invalid(
            code="exchange.number_refused",
            what=f"thông tin của trẻ không hợp lệ ({answer.body.get('error', answer.status)}).",
        )
    try:
        number = PersonalNumber.parse(str(answer.body.get("personal_number", ""))).text
    except Invalid as error:
        raise refuse_senseless() from error
    BREAKER.succeeded()
    return number


def _settle(wish_id: UUID, *, state: str, number: str = "", trouble: str = "") -> int:
    """Write the outcome once, empty the child's facts, and tell who waits."""
    with transaction.atomic():
        row = models.Pending.objects.select_for_update().get(id=wish_id)
        if row.state != "waiting":
            return 0
        row.state, row.personal_number, row.trouble = state, number, trouble
        row.child, row.next_try_at, row.answered_at = {}, None, clock.now()
        row.tries += 1
        row.save()
        subject = Subject(kind=row.subject_kind, id=row.subject_id)
        act = f"exchange.number_{state}"
        content = {"wish": row.id, "key": row.key, "number": number, "trouble": trouble}
        audit.record(actor=SYSTEM, act=act, subject=subject, content=content)
        audit.publish(
            topic=NUMBER_GIVEN if state == "given" else NUMBER_REFUSED,
            subject=subject,
            key=f"{act}:{row.key}:{row.tries}",
            payload={
                "key": row.key,
                "subject": {"kind": subject.kind, "id": subject.id},
                "personal_number": number,
                "say": trouble,
            },
        )
    return 1 if state == "given" else 0
