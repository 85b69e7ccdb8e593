"""Paying through the gateway: a real simulator over sockets, with its bad days."""

import hashlib
import hmac
import json
from datetime import date, timedelta

import pytest

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments import models
from cuaso.capabilities.payments.logic.callback import sign
from cuaso.capabilities.payments.tests.conftest import CITIZEN, MOMENT
from cuaso.capabilities.payments.tests.gateway import SECRET
from cuaso.capabilities.payments.tests.outbox import payloads
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, Unavailable

pytestmark = pytest.mark.django_db
BACK = "http://localhost/ho-so/CSX7K2/nop-phi/"
TODAY = date(2026, 10, 7)


def start(owed):
    return payments.start_payment(obligation_id=owed.id, return_url=BACK, actor=CITIZEN)


def told(call):
    return payments.receive_callback(
        body=call.body, signed_at=call.signed_at, signature=call.signature
    )


def rows():
    """Return all that money may change."""
    return [
        list(model.objects.order_by("id").values())
        for model in (
            models.Obligation,
            models.Attempt,
            models.Credit,
            models.Refund,
            models.Receipt,
            models.ReceiptBook,
        )
    ]


def test_a_citizen_pays_at_the_gateway_and_has_a_receipt(gateway, owe):
    owed = owe()
    page = start(owed)
    answer = gateway.press_pay(page.url)
    assert (answer.status_code, answer.headers["location"]) == (303, BACK)
    assert told(gateway.call()) is True
    paid = payments.obligation(owed.id)
    assert (paid.state, paid.method, paid.settled_at) == ("paid", "gateway", MOMENT)
    assert paid.receipt is not None
    assert (paid.receipt.written, paid.receipt.amount_vnd) == ("0000001/2026", 14_000)
    assert paid.receipt.amount_words == "Mười bốn nghìn đồng"
    (event,) = payloads("payments.paid")
    assert (event["obligation"], event["amount_vnd"]) == (str(owed.id), 14_000)
    acts = [entry.act for entry in audit.history(owed.subject)]
    assert acts == ["payments.obliged", "payments.started", "payments.paid"]
    assert models.Attempt.objects.get().state == "paid"


def test_the_same_callback_twice_pays_once(gateway, owe):
    owed = owe()
    gateway.callbacks("duplicate")
    gateway.press_pay(start(owed).url)
    first, second = gateway.call(), gateway.call()
    assert told(first) is True
    before = rows()
    assert told(second) is False
    assert told(first) is False
    assert rows() == before
    assert len(payloads("payments.paid")) == 1


def test_a_forged_callback_is_refused_and_nothing_changed(gateway, owe):
    owed = owe()
    gateway.callbacks("forged")
    gateway.press_pay(start(owed).url)
    before = rows()
    with pytest.raises(NotAllowed) as refused:
        told(gateway.call())
    assert refused.value.code == "payments.callback_unsigned"
    assert rows() == before
    assert payments.obligation(owed.id).state == "open"


def test_a_callback_whose_amount_was_changed_on_the_way_is_refused(gateway, owe):
    gateway.press_pay(start(owe()).url)
    call = gateway.call()
    before = rows()
    with pytest.raises(NotAllowed):
        payments.receive_callback(
            body=call.body.replace(b"14000", b"14"),
            signed_at=call.signed_at,
            signature=call.signature,
        )
    assert rows() == before


def test_an_old_callback_sent_again_later_is_refused(gateway, owe):
    gateway.press_pay(start(owe()).url)
    call = gateway.call()
    before = rows()
    for minutes in (-11, 11):
        with (
            clock.at(MOMENT + timedelta(minutes=minutes)),
            pytest.raises(NotAllowed) as refused,
        ):
            told(call)
        assert refused.value.code == "payments.callback_stale"
    assert rows() == before


def test_a_moment_put_on_an_old_callback_breaks_its_signature(gateway, owe):
    gateway.press_pay(start(owe()).url)
    call = gateway.call()
    later = MOMENT + timedelta(days=1)
    with clock.at(later), pytest.raises(NotAllowed) as refused:
        payments.receive_callback(
            body=call.body, signed_at=str(int(later.timestamp())), signature=call.signature
        )
    assert refused.value.code == "payments.callback_unsigned"


def test_without_a_secret_no_callback_is_believed(gateway, owe, monkeypatch):
    gateway.press_pay(start(owe()).url)
    call = gateway.call()
    monkeypatch.delenv("CUASO_PAYMENTS_SECRET")
    unsigned = hmac.new(b"", f"{call.signed_at}.".encode() + call.body, hashlib.sha256)
    with pytest.raises(NotAllowed):
        payments.receive_callback(
            body=call.body, signed_at=call.signed_at, signature=unsigned.hexdigest()
        )


def signed(words):
    body = words if isinstance(words, bytes) else json.dumps(words).encode()
    at = str(int(clock.now().timestamp()))
    return {
        "body": body,
        "signed_at": at,
        "signature": sign(secret=SECRET, signed_at=at, body=body),
    }


def test_a_signed_callback_without_sense_is_refused_and_nothing_changed(gateway, owe):
    whole = {
        "transaction": "gw-1",
        "reference": owe().reference,
        "session": "",
        "amount_vnd": 14_000,
        "currency": "VND",
        "paid_at": MOMENT.isoformat(),
    }
    before = rows()
    wrong = [
        {**whole, "amount_vnd": "14000"},
        {**whole, "amount_vnd": True},
        {**whole, "amount_vnd": -1},
        {**whole, "paid_at": "hôm nay"},
        {**whole, "paid_at": "2026-10-07T08:30:00"},
        {**whole, "transaction": ""},
        {**whole, "session": 5},
        {name: one for name, one in whole.items() if name != "currency"},
        [whole],
        b"<<khong phai JSON>>",
    ]
    for words in wrong:
        with pytest.raises(Invalid) as refused:
            payments.receive_callback(**signed(words))
        assert refused.value.code == "payments.callback_unreadable"
    assert rows() == before
    assert payments.receive_callback(**signed(whole)) is True


@pytest.mark.parametrize("other", [{"amount_vnd": "13000"}, {"currency": "USD"}])
def test_a_wrong_amount_is_kept_and_the_fee_stays_open(gateway, owe, other):
    owed = owe()
    gateway.press_pay(start(owed).url, **other)
    told(gateway.call())
    after = payments.obligation(owed.id)
    assert (after.state, after.receipt) == ("open", None)
    credit = models.Credit.objects.get()
    assert (credit.state, credit.obligation_id) == ("wrong_amount", owed.id)
    assert [event["state"] for event in payloads("payments.discrepancy")] == ["wrong_amount"]
    # Đồng can be given back; another currency is for people to look at.
    wanted = [(one.amount_vnd, one.surplus) for one in payments.refunds_about(owed.subject)]
    assert wanted == ([(13_000, True)] if "amount_vnd" in other else [])


def test_after_a_wrong_amount_the_right_one_still_pays(gateway, owe):
    owed = owe()
    gateway.transfer(owed.reference, 13_000)
    told(gateway.call())
    gateway.transfer(owed.reference.lower(), 14_000)
    told(gateway.call())
    assert payments.obligation(owed.id).state == "paid"
    assert sorted(models.Credit.objects.values_list("state", flat=True)) == [
        "matched",
        "wrong_amount",
    ]


def test_money_with_an_unknown_content_is_kept_for_people_to_look_at(gateway, owe):
    owed = owe()
    gateway.transfer("TIENDIEN", 14_000)
    assert told(gateway.call()) is True
    credit = models.Credit.objects.get()
    assert (credit.state, credit.obligation_id) == ("unknown", None)
    assert payments.obligation(owed.id).state == "open"
    (unclaimed,) = payments.status().unclaimed
    assert (unclaimed.reference, unclaimed.amount_vnd) == ("TIENDIEN", 14_000)
    payments.approve_refund(refund_id=unclaimed.id, actor=CITIZEN)
    payments.retry_due()
    assert (gateway.returned_vnd(), payments.status().unclaimed) == (["14.000 đồng"], ())


def test_cash_and_then_a_late_callback_suggests_a_refund(gateway, owe, cashier):
    owed = owe()
    gateway.press_pay(start(owed).url)
    late = gateway.call()
    payments.take_cash(obligation_id=owed.id, amount_vnd=14_000, actor=cashier)
    assert told(late) is True
    after = payments.obligation(owed.id)
    assert (after.state, after.method, after.refunded_vnd) == ("paid", "cash", 0)
    (wanted,) = payments.refunds_to_decide(desk_agency_ids=[cashier.agency_id])
    assert (wanted.amount_vnd, wanted.surplus, wanted.state) == (14_000, True, "suggested")
    assert wanted.reason == "Cổng thanh toán nhận 14.000 đồng cho khoản đã nộp trước đó."
    payments.approve_refund(refund_id=wanted.id, actor=cashier)
    assert payments.retry_due() >= 1
    assert payments.refund_of(wanted.id).state == "done"
    assert gateway.returned_vnd() == ["14.000 đồng"]
    # What was paid in cash stays paid.
    assert payments.obligation(owed.id).state == "paid"
    assert models.Credit.objects.get().state == "returned"


def test_pressing_pay_twice_meets_the_same_page(gateway, owe):
    owed = owe()
    assert start(owed).url == start(owed).url
    assert models.Attempt.objects.count() == 1
    with clock.at(MOMENT + timedelta(minutes=11)):
        assert start(owed).session != models.Attempt.objects.earliest("started_at").session


def test_what_is_paid_opens_no_page_any_more(gateway, owe, cashier):
    owed = owe()
    payments.take_cash(obligation_id=owed.id, amount_vnd=14_000, actor=cashier)
    before = rows()
    with pytest.raises(Conflict) as refused:
        start(owed)
    assert refused.value.code == "payments.not_open"
    assert rows() == before


@pytest.mark.parametrize("mode", ["down", "garbage", "refuse"])
def test_with_the_gateway_out_of_order_a_citizen_reads_what_else_to_do(gateway, owe, mode):
    owed = owe()
    gateway.fault(mode)
    with pytest.raises(Unavailable) as refused:
        start(owed)
    assert "VietQR" in refused.value.mend
    assert "tiền mặt tại quầy" in refused.value.mend
    assert payments.obligation(owed.id).state == "open"
    gateway.fault("ok")
    assert start(owed).url.startswith(gateway.address)


def test_a_day_without_the_gateway_is_mended_by_the_comparison(gateway, owe):
    by_page, by_bank, elsewhere = owe(), owe(), owe()
    gateway.callbacks("silent")
    gateway.press_pay(start(by_page).url)
    gateway.transfer(by_bank.reference, 14_000)
    gateway.transfer("KHONGRO", 5_000)
    gateway.fault("down")
    with pytest.raises(Unavailable):
        payments.reconcile(day=TODAY)
    assert payments.report(day=TODAY) is None
    assert payments.retry_due() == 0
    tomorrow = MOMENT + timedelta(days=1)
    gateway.fault("ok")
    with clock.at(tomorrow):
        # The page, the day of the outage and the day before it.
        assert payments.retry_due() == 3
    states = [payments.obligation(one.id).state for one in (by_page, by_bank, elsewhere)]
    assert states == ["paid", "paid", "open"]
    found = payments.report(day=TODAY)
    assert found is not None
    # The page was asked for by itself before the day was compared.
    assert (found.matching, len(found.mended), len(found.kept)) == (1, 1, 1)
    assert (found.differing, found.missing_there) == ((), ())
    assert len(payloads("payments.paid")) == 2


def test_a_second_comparison_of_a_day_changes_no_money(gateway, owe):
    gateway.callbacks("silent")
    gateway.transfer(owe().reference, 14_000)
    assert len(payments.reconcile(day=TODAY).mended) == 1
    before = rows()
    again = payments.reconcile(day=TODAY)
    assert (again.matching, again.mended, again.kept) == (1, (), ())
    assert rows() == before


def test_the_comparison_says_what_the_gateway_does_not_know_or_tells_otherwise(gateway, owe):
    owed = owe()
    gateway.transfer(owed.reference, 14_000)
    told(gateway.call())
    models.Credit.objects.update(amount_vnd=15_000)
    real = models.Credit.objects.get().transaction
    ours = models.Credit.objects.create(
        transaction="gw-la", reference="X", amount_vnd=1, currency="VND", state="unknown",
        told_by="callback", paid_at=MOMENT, told_at=MOMENT,
    )  # fmt: skip
    found = payments.reconcile(day=TODAY)
    assert found.missing_there == (ours.transaction,)
    assert found.differing == (real,)


def test_a_page_that_no_callback_told_of_is_asked_for_and_settled(gateway, owe):
    owed = owe()
    gateway.callbacks("silent")
    page = start(owed)
    gateway.press_pay(page.url)
    with clock.at(MOMENT + timedelta(minutes=5)):
        payments.retry_due()
    assert payments.obligation(owed.id).state == "paid"


def test_a_refund_through_a_gateway_that_is_down_waits_and_is_made_once(gateway, owe, cashier):
    owed = owe()
    gateway.press_pay(start(owed).url)
    told(gateway.call())
    gateway.fault("down")
    asked = payments.refund(
        obligation_id=owed.id, amount_vnd=4_000, reason="Thu thừa hai bản.", actor=cashier
    )
    assert payments.retry_due() == 0
    assert payments.refund_of(asked.id).state == "asked"
    gateway.fault("ok")
    with clock.at(MOMENT + timedelta(hours=2)):
        assert payments.retry_due() >= 1
        payments.retry_due()
    assert gateway.returned_vnd() == ["4.000 đồng"]
    after = payments.obligation(owed.id)
    assert (after.state, after.refunded_vnd) == ("partly_refunded", 4_000)
    (event,) = payloads("payments.refunded")
    assert (event["obligation"], event["state"]) == (str(owed.id), "partly_refunded")


def test_no_more_is_given_back_than_was_paid(gateway, owe, cashier):
    owed = owe()
    gateway.press_pay(start(owed).url)
    told(gateway.call())
    before = rows()
    for amount_vnd in (14_001, 0, -1):
        with pytest.raises(Invalid):
            payments.refund(
                obligation_id=owed.id, amount_vnd=amount_vnd, reason="Thu thừa.", actor=cashier
            )
    assert rows() == before
    payments.refund(obligation_id=owed.id, amount_vnd=14_000, reason="Thu thừa.", actor=cashier)
    with pytest.raises(Conflict) as refused:
        payments.refund(obligation_id=owed.id, amount_vnd=1, reason="Lần nữa.", actor=cashier)
    assert refused.value.code == "payments.nothing_to_refund"


def test_a_refund_that_the_gateway_refuses_comes_back_to_the_officials(gateway, owe, cashier):
    owed = owe()
    gateway.press_pay(start(owed).url)
    told(gateway.call())
    asked = payments.refund(
        obligation_id=owed.id, amount_vnd=14_000, reason="Rút hồ sơ.", actor=cashier
    )
    gateway.fault("refuse")
    payments.retry_due()
    (failed,) = payments.refunds_to_decide(desk_agency_ids=[cashier.agency_id])
    assert (failed.id, failed.state) == (asked.id, "failed")
    assert failed.trouble == "Cổng thanh toán từ chối (mã 400)."
    gateway.fault("ok")
    payments.approve_refund(refund_id=failed.id, actor=cashier)
    payments.retry_due()
    assert payments.obligation(owed.id).state == "refunded"
