"""Money that the national portal took, and acts that a program repeats with a key."""

import pytest

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.models import Credit, KeyedAct, Receipt, Taking
from cuaso.capabilities.payments.tests.conftest import MOMENT
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Conflict

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
    with pytest.raises(Conflict) as refused:
        payments.refund(
            obligation_id=owed.id, amount_vnd=14_000, reason="Thu nhầm người.", actor=PORTAL
        )
    assert refused.value.code == "payments.refund_elsewhere"
    assert payments.refunds_about(owed.subject) == ()


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
