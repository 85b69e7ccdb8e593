"""Money that the national portal took, and acts that a program repeats with a key."""

import pytest

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.models import Credit, KeyedAct, Receipt, Taking
from cuaso.capabilities.payments.tests.conftest import MOMENT
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db
PORTAL = system("Cổng Dịch vụ công quốc gia")


def take(owed, *, number="T1", amount_vnd=14_000):
    return payments.take_national(
        obligation_id=owed.id,
        transaction_number=number,
        amount_vnd=amount_vnd,
        paid_at=clock.now(),
        actor=PORTAL,
    )


def test_money_of_the_national_portal_pays_once_and_the_gateway_is_not_asked_for_it(owe, gateway):
    owed = owe()
    paid = take(owed)
    assert (paid.state, paid.method, paid.receipt.written) == ("paid", "national", "0000001/2026")
    assert take(owed) == paid
    found = payments.reconcile(day=clock.legal_date(MOMENT))
    assert (found.matching, found.missing_there) == (0, ())


def decided(owe, reason="Thu nhầm người."):
    """Return a refund of money of the national portal that an official decided."""
    owed = owe()
    take(owed)
    return payments.refund(obligation_id=owed.id, amount_vnd=14_000, reason=reason, actor=PORTAL)


def test_money_of_the_national_portal_goes_back_there_and_the_gateway_is_not_asked(owe, gateway):
    refund = decided(owe)
    assert (refund.state, refund.method, refund.transaction) == ("asked", "national", "T1")
    assert refund.state_say == "Đang hoàn tại Cổng Dịch vụ công quốc gia"
    payments.retry_due()
    assert payments.status().waiting == 0
    assert payments.refund_of(refund.id) == refund
    assert payments.settle_national_refund(refund_id=refund.id, actor=PORTAL) == 1
    owed = payments.obligation(refund.obligation_id)
    assert (owed.state, owed.refunded_vnd) == ("refunded", 14_000)
    assert payments.settle_national_refund(refund_id=refund.id, actor=PORTAL) == 0
    assert payments.obligation(refund.obligation_id) == owed


def test_what_the_portal_refuses_waits_for_an_official_who_may_decide_again(owe):
    refund = decided(owe)
    payments.settle_national_refund(refund_id=refund.id, trouble="Thẻ đã đóng.", actor=PORTAL)
    (waiting,) = payments.refunds_about(refund.subject)
    assert (waiting.state, waiting.trouble) == ("failed", "Thẻ đã đóng.")
    assert payments.obligation(refund.obligation_id).state == "paid"
    again = payments.approve_refund(refund_id=refund.id, actor=PORTAL)
    assert (again.state, again.trouble) == ("asked", "")


def test_the_portal_settles_nothing_that_it_did_not_take(owe, cashier):
    owed = owe()
    with clock.at(MOMENT):
        payments.take_cash(obligation_id=owed.id, amount_vnd=14_000, actor=cashier)
        refund = payments.suggest_refund(
            obligation_id=owed.id, reason="Rút.", key="k", actor=PORTAL
        )
    with pytest.raises(NotFound):
        payments.settle_national_refund(refund_id=refund.id, actor=PORTAL)
    assert payments.refund_of(refund.id).state == "suggested"


def test_a_wrong_amount_and_a_transaction_that_paid_something_else_change_nothing(owe):
    owed, other = owe(), owe()
    with pytest.raises(Conflict) as wrong:
        take(owed, amount_vnd=13_999)
    assert (wrong.value.code, wrong.value.data) == (
        "payments.wrong_amount",
        {"came_vnd": 13_999, "owed_vnd": 14_000},
    )
    take(other)
    with pytest.raises(Conflict) as used:
        take(owed)
    assert used.value.code == "payments.transaction_used"
    assert payments.obligation(owed.id).state == "open"
    assert (Credit.objects.count(), Receipt.objects.count()) == (1, 1)


def set_aside(owed, *, amount_vnd=14_000):
    payments.set_national_aside(
        obligation_id=owed.id,
        reference="QG-1",
        transaction_number="T1",
        amount_vnd=amount_vnd,
        paid_at=clock.now(),
        reason="Số tiền không khớp.",
        actor=PORTAL,
    )


def test_money_set_aside_pays_after_all_and_its_suggested_return_falls_away(owe):
    owed = owe()
    set_aside(owed)
    set_aside(owed)
    (waiting,) = payments.refunds_about(owed.subject)
    assert (waiting.state, waiting.surplus, waiting.method, waiting.transaction) == (
        "suggested",
        True,
        "national",
        "T1",
    )
    assert take(owed).state == "paid"
    (answered,) = payments.refunds_about(owed.subject)
    assert answered.state == "declined"
    assert (Credit.objects.get().state, Credit.objects.count()) == ("matched", 1)


def test_money_set_aside_goes_back_and_then_pays_nothing(owe):
    owed = owe()
    set_aside(owed, amount_vnd=20_000)
    (waiting,) = payments.refunds_about(owed.subject)
    payments.approve_refund(refund_id=waiting.id, actor=PORTAL)
    with pytest.raises(Conflict) as going:
        take(owed)
    assert going.value.code == "payments.going_back"
    payments.settle_national_refund(refund_id=waiting.id, actor=PORTAL)
    with pytest.raises(Conflict) as gone:
        take(owed)
    assert gone.value.code == "payments.transaction_used"
    after = payments.obligation(owed.id)
    assert (after.state, after.refunded_vnd, Credit.objects.get().state) == ("open", 0, "returned")


def test_a_cashier_repeats_with_a_key_and_the_money_is_taken_once(owe, cashier):
    owed = owe()
    with clock.at(MOMENT):
        with pytest.raises(Conflict):
            payments.take_cash(obligation_id=owed.id, amount_vnd=1, actor=cashier, key="k")
        assert KeyedAct.objects.count() == 0
        first = payments.take_cash(obligation_id=owed.id, amount_vnd=14_000, actor=cashier, key="k")
        again = payments.take_cash(obligation_id=owed.id, amount_vnd=14_000, actor=cashier, key="k")
        assert again == first
        with pytest.raises(Conflict) as other:
            payments.take_cash(obligation_id=owe().id, amount_vnd=14_000, actor=cashier, key="k")
    assert other.value.code == "payments.key_reused"
    assert (Taking.objects.count(), Receipt.objects.count()) == (1, 1)
