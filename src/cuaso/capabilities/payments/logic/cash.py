"""Cash at a desk, and the cashier's day: after closing nothing of it changes."""

from datetime import date
from uuid import UUID

from django.db import transaction

from cuaso.capabilities.payments import contracts, models
from cuaso.capabilities.payments.logic import keyed, oblige, viewing
from cuaso.capabilities.payments.logic.pay import mark_paid
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Problem
from cuaso.kernel.money import format_vnd
from cuaso.kernel.subjects import Subject

CLOSED = "payments.cash_day_closed"


def take_cash(
    *, obligation_id: UUID, amount_vnd: int, actor: Actor, key: str = ""
) -> contracts.Receipt:
    """Take the whole of an open obligation in cash and give a numbered receipt, once per key.

    `amount_vnd` is what the cashier's page said. Raises Conflict when it is paid already, owes
    another amount, or when the cashier's day is closed.
    """
    with transaction.atomic():
        given_id = keyed.once(
            key=key,
            asked=("take_cash", str(obligation_id), str(amount_vnd)),
            actor=actor,
            act=lambda: _take(obligation_id, amount_vnd, actor).id,
        )
        given = models.Receipt.objects.select_related("obligation").get(id=given_id)
    return viewing.receipt(given)


def _take(obligation_id: UUID, amount_vnd: int, actor: Actor) -> models.Receipt:
    owed = viewing.locked(obligation_id)
    oblige.require_open(owed)
    if owed.amount_vnd != amount_vnd:
        raise Conflict(
            code="payments.amount_changed",
            what="Chưa thu tiền.",
            why=f"Số phải nộp bây giờ là {format_vnd(owed.amount_vnd)}.",
            mend="Hãy tải lại trang rồi thu đúng số này.",
        )
    day = _open_day(actor)
    _note(day, owed, amount_vnd=amount_vnd)
    return mark_paid(owed, method="cash", agency_id=day.agency_id, actor=actor, cashier=actor.name)


def pay_out(owed: models.Obligation, *, amount_vnd: int, actor: Actor) -> None:
    """Give cash back out of the actor's day, in the refund's transaction."""
    _note(_open_day(actor), owed, amount_vnd=-amount_vnd)


def cash_day(*, actor: Actor, day: date | None = None) -> contracts.CashDay:
    """Return the actor's cash of a day (today); an empty day when nothing was taken."""
    person_id, agency_id = _cashier(actor)
    wanted = day or clock.today()
    row = models.CashDay.objects.filter(
        person_id=person_id, agency_id=agency_id, day=wanted
    ).first()
    if row is None:
        row = models.CashDay(day=wanted, cashier=actor.name)
        return _seen(row, ())
    return _seen(row, tuple(models.Taking.objects.filter(day=row).order_by("at", "id")))


def days_to_close(*, actor: Actor) -> tuple[date, ...]:
    """Return the actor's earlier days that nobody closed, oldest first."""
    person_id, agency_id = _cashier(actor)
    rows = models.CashDay.objects.filter(
        person_id=person_id, agency_id=agency_id, closed_at=None, day__lt=clock.today()
    )
    return tuple(rows.order_by("day").values_list("day", flat=True))


def close_cash_day(
    *, counted_vnd: int, reason: str, actor: Actor, day: date | None = None
) -> contracts.CashDay:
    """Close the actor's day: what was counted against what was recorded.

    A difference needs a reason. Raises Conflict when the day is closed, or in the future.
    """
    person_id, agency_id = _cashier(actor)
    wanted = day or clock.today()
    with transaction.atomic():
        row = _locked_day(person_id, agency_id, wanted, actor)
        _refuse_closed(row)
        _refuse_count(row, counted_vnd, reason.strip())
        row.counted_vnd, row.reason, row.closed_at = counted_vnd, reason.strip(), clock.now()
        row.save()
        content = {
            "day": row.day.isoformat(),
            "recorded_vnd": row.recorded_vnd,
            "counted_vnd": counted_vnd,
            "difference_vnd": counted_vnd - row.recorded_vnd,
        }
        about = Subject(kind="payments.cash_day", id=row.id)
        audit.record(actor=actor, act=CLOSED, subject=about, content=content, reason=row.reason)
        audit.publish(topic=CLOSED, subject=about, payload={**content, "agency_id": agency_id})
    return cash_day(actor=actor, day=wanted)


def _refuse_count(row: models.CashDay, counted_vnd: int, reason: str) -> None:
    problems = []
    if counted_vnd < 0:
        problems.append(Problem(field="counted", say="Số tiền đếm được không thể âm."))
    elif counted_vnd != row.recorded_vnd and len(reason) < oblige.SHORTEST_REASON:
        apart = format_vnd(abs(counted_vnd - row.recorded_vnd))
        word = "thừa" if counted_vnd > row.recorded_vnd else "thiếu"
        say = f"Tiền đếm được {word} {apart} so với sổ; hãy ghi lý do."
        problems.append(Problem(field="reason", say=say))
    if row.day > clock.today():
        problems.append(Problem(field="day", say="Chưa đến ngày này."))
    if problems:
        raise Invalid(
            code="payments.cash_up_unfit",
            what="Chưa chốt được quỹ.",
            why="Tiền đếm được phải khớp với sổ, hoặc chênh lệch phải có lý do.",
            mend="Hãy sửa rồi chốt lại. Chưa có gì thay đổi.",
            problems=tuple(problems),
        )


def _open_day(actor: Actor) -> models.CashDay:
    person_id, agency_id = _cashier(actor)
    row = _locked_day(person_id, agency_id, clock.today(), actor)
    _refuse_closed(row)
    return row


def _locked_day(person_id: UUID, agency_id: UUID, day: date, actor: Actor) -> models.CashDay:
    own = {"person_id": person_id, "agency_id": agency_id, "day": day}
    models.CashDay.objects.bulk_create(
        [models.CashDay(**own, cashier=actor.name)], ignore_conflicts=True
    )
    return models.CashDay.objects.select_for_update().get(**own)


def _refuse_closed(row: models.CashDay) -> None:
    if row.closed_at is not None:
        raise Conflict(
            code="payments.day_closed",
            what="Quỹ tiền mặt của ngày này đã chốt.",
            why="Sau khi chốt, không khoản thu hay chi nào của ngày thay đổi được nữa.",
            mend="Hãy thu vào ngày làm việc sau, hoặc nhờ cán bộ khác chưa chốt quỹ thu giúp.",
        )


def _cashier(actor: Actor) -> tuple[UUID, UUID]:
    if actor.kind != "official" or actor.person_id is None or actor.agency_id is None:
        raise NotAllowed(
            code="payments.not_a_cashier",
            what="Ông/bà không thu tiền mặt.",
            why="Chỉ cán bộ tại quầy của một cơ quan thu tiền mặt.",
        )
    return actor.person_id, actor.agency_id


def _note(day: models.CashDay, owed: models.Obligation, *, amount_vnd: int) -> None:
    models.Taking.objects.create(day=day, obligation=owed, amount_vnd=amount_vnd, at=clock.now())
    day.recorded_vnd += amount_vnd
    day.save(update_fields=["recorded_vnd"])


def _seen(row: models.CashDay, takings: tuple[models.Taking, ...]) -> contracts.CashDay:
    owed = [taking.obligation_id for taking in takings]
    given = {
        one.obligation_id: viewing.receipt(one).written
        for one in models.Receipt.objects.filter(obligation__in=owed).select_related("obligation")
    }
    about = models.Obligation.objects.in_bulk(owed)
    return contracts.CashDay(
        day=row.day,
        cashier=row.cashier,
        takings=tuple(
            contracts.Taking(
                at=one.at,
                amount_vnd=one.amount_vnd,
                title=about[one.obligation_id].title,
                payer_name=about[one.obligation_id].payer_name,
                receipt=given.get(one.obligation_id, ""),
            )
            for one in takings
        ),
        recorded_vnd=row.recorded_vnd,
        counted_vnd=row.counted_vnd,
        difference_vnd=None if row.counted_vnd is None else row.counted_vnd - row.recorded_vnd,
        reason=row.reason,
        closed_at=row.closed_at,
    )
