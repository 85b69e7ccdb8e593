"""What is owed, once; what falls away; cash and the cashier's day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments import models
from cuaso.capabilities.payments.contracts import Line
from cuaso.capabilities.payments.tests.conftest import AGENCY, CITIZEN, DESK, MOMENT
from cuaso.capabilities.payments.tests.outbox import payloads
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.kernel.identifiers import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _morning():
    with clock.at(MOMENT):
        yield


def cash(owed, cashier):
    return payments.take_cash(obligation_id=owed.id, amount_vnd=owed.amount_vnd, actor=cashier)


def cash_rows():
    kept = (models.Obligation, models.CashDay, models.Taking, models.Receipt, models.ReceiptBook)
    return [list(model.objects.order_by("id").values()) for model in kept]


def test_the_same_key_owes_once(owe):
    first = owe("dossier:1")
    again = owe("dossier:1", amount_vnd=99_000)
    assert again == first
    assert len(payloads("payments.obliged")) == 1
    assert payments.obligations_about(first.subject) == (first,)


def test_what_costs_nothing_makes_no_obligation(owe):
    with pytest.raises(Invalid) as refused:
        owe(amount_vnd=0)
    assert refused.value.code == "payments.nothing_owed"
    assert models.Obligation.objects.count() == 0


def test_a_negative_line_is_refused(owe):
    whole = owe()
    line = Line(title="Giảm trừ", amount_vnd=-1, kind="phí", source="Không có")
    with pytest.raises(Invalid):
        payments.oblige(
            key="k", payer_id=new_id(), payer_name="A", title="T",
            lines=[line, *whole.lines], subject=whole.subject, agency_id=AGENCY, actor=CITIZEN,
        )  # fmt: skip
    assert models.Obligation.objects.count() == 1


def test_an_obligation_says_each_line_with_its_source(owe):
    owed = owe()
    (line,) = owed.lines
    assert (line.title, line.amount_vnd) == ("Phí chứng thực bản sao từ bản chính", 14_000)
    assert (line.source, line.unverified) == ("Thông tư 226/2016/TT-BTC", True)
    assert (owed.state_say, owed.reference[:3], len(owed.reference)) == ("Chưa nộp", "PHI", 15)


@pytest.mark.parametrize(
    ("end", "word", "state"),
    [(payments.waive, "ground", "waived"), (payments.cancel, "reason", "cancelled")],
)
def test_what_falls_away_before_it_is_paid_is_told_with_its_reason(owe, end, word, state):
    owed = owe()
    ended = end(obligation_id=owed.id, actor=CITIZEN, **{word: "Người thuộc hộ nghèo"})
    assert (ended.state, ended.reason) == (state, "Người thuộc hộ nghèo")
    assert audit.history(owed.subject)[-1].act == f"payments.{state}"
    (event,) = payloads(f"payments.{state}")
    assert event["reason"] == "Người thuộc hộ nghèo"
    with pytest.raises(Conflict):
        end(obligation_id=owed.id, actor=CITIZEN, **{word: "Lần nữa đây"})


def test_waiving_needs_a_ground_and_without_one_nothing_changed(owe):
    owed = owe()
    with pytest.raises(Invalid):
        payments.waive(obligation_id=owed.id, ground=" x ", actor=CITIZEN)
    assert payments.obligation(owed.id) == owed


def test_what_is_paid_is_not_waived(owe, cashier):
    owed = owe()
    cash(owed, cashier)
    before = cash_rows()
    with pytest.raises(Conflict) as refused:
        payments.waive(obligation_id=owed.id, ground="Hộ nghèo", actor=cashier)
    assert refused.value.why == "Tình trạng hiện nay: đã nộp."
    assert cash_rows() == before


def test_an_unknown_obligation_is_not_found(db, cashier):
    with pytest.raises(NotFound):
        payments.take_cash(obligation_id=new_id(), amount_vnd=1, actor=cashier)


def test_the_desk_takes_cash_and_receipts_are_numbered_without_gap(owe, cashier):
    given = [cash(owe(), cashier) for _ in range(3)]
    assert [one.written for one in given] == ["0000001/2026", "0000002/2026", "0000003/2026"]
    assert (given[0].agency_id, given[0].cashier) == (DESK, "Lê Thị Minh An")
    assert {event["method"] for event in payloads("payments.paid")} == {"cash"}
    with clock.at(MOMENT + timedelta(days=100)):
        assert cash(owe(), cashier).written == "0000001/2027"


def test_a_refused_payment_leaves_no_gap_in_the_receipts(owe, cashier):
    owed = owe()
    cash(owed, cashier)
    before = cash_rows()
    with pytest.raises(Conflict):
        cash(owed, cashier)
    with pytest.raises(Conflict) as refused:
        payments.take_cash(obligation_id=owe("k").id, amount_vnd=1, actor=cashier)
    assert refused.value.code == "payments.amount_changed"
    models.Obligation.objects.get(key="k").delete()
    assert cash_rows() == before


def test_a_citizen_takes_no_cash(owe):
    owed = owe()
    with pytest.raises(NotAllowed):
        cash(owed, CITIZEN)
    assert payments.obligation(owed.id).state == "open"
    assert models.CashDay.objects.count() == 0


def test_the_cashier_counts_and_closes_a_day_that_fits(owe, cashier):
    cash(owe(), cashier)
    cash(owe(amount_vnd=8_000), cashier)
    closed = payments.close_cash_day(counted_vnd=22_000, reason="", actor=cashier)
    assert (closed.recorded_vnd, closed.difference_vnd) == (22_000, 0)
    assert [one.amount_vnd for one in closed.takings] == [14_000, 8_000]
    (event,) = payloads("payments.cash_day_closed")
    assert (event["day"], event["difference_vnd"]) == ("2026-10-07", 0)


def test_a_difference_needs_a_reason_and_without_one_the_day_stays_open(owe, cashier):
    cash(owe(), cashier)
    before = cash_rows()
    with pytest.raises(Invalid) as refused:
        payments.close_cash_day(counted_vnd=13_000, reason=" ", actor=cashier)
    (problem,) = refused.value.problems
    assert (problem.field, problem.say) == (
        "reason",
        "Tiền đếm được thiếu 1.000 đồng so với sổ; hãy ghi lý do.",
    )
    assert cash_rows() == before
    closed = payments.close_cash_day(
        counted_vnd=13_000, reason="Trả thừa tiền lẻ cho người dân.", actor=cashier
    )
    assert (closed.difference_vnd, closed.reason) == (-1_000, "Trả thừa tiền lẻ cho người dân.")


def test_after_closing_nothing_of_the_day_changes(owe, cashier):
    paid, later = owe(), owe()
    cash(paid, cashier)
    payments.close_cash_day(counted_vnd=14_000, reason="", actor=cashier)
    before = cash_rows()
    with pytest.raises(Conflict) as refused:
        cash(later, cashier)
    assert refused.value.code == "payments.day_closed"
    with pytest.raises(Conflict):
        payments.refund(
            obligation_id=paid.id, amount_vnd=14_000, reason="Rút hồ sơ.", actor=cashier
        )
    with pytest.raises(Conflict):
        payments.close_cash_day(counted_vnd=14_000, reason="", actor=cashier)
    assert cash_rows() == before
    # Another cashier's drawer, and the next morning, are other days.
    cash(later, replace(cashier, person_id=new_id(), name="Phan Thị Bình"))
    with clock.at(MOMENT + timedelta(days=1)):
        payments.refund(
            obligation_id=paid.id, amount_vnd=14_000, reason="Rút hồ sơ.", actor=cashier
        )
        assert payments.cash_day(actor=cashier).recorded_vnd == -14_000
    assert payments.cash_day(actor=cashier).recorded_vnd == 14_000


def test_a_day_that_nobody_closed_is_named_the_next_morning(owe, cashier):
    cash(owe(), cashier)
    assert payments.days_to_close(actor=cashier) == ()
    with clock.at(MOMENT + timedelta(days=1)):
        assert payments.days_to_close(actor=cashier) == (date(2026, 10, 7),)
        payments.close_cash_day(counted_vnd=14_000, reason="", actor=cashier, day=date(2026, 10, 7))
        assert payments.days_to_close(actor=cashier) == ()


def test_cash_is_given_back_in_cash(owe, cashier):
    owed = owe()
    cash(owed, cashier)
    done = payments.refund(
        obligation_id=owed.id, amount_vnd=14_000, reason="Người dân rút hồ sơ.", actor=cashier
    )
    assert done.state == "done"
    assert payments.obligation(owed.id).state == "refunded"
    day = payments.cash_day(actor=cashier)
    assert ([one.amount_vnd for one in day.takings], day.recorded_vnd) == ([14_000, -14_000], 0)


def test_a_suggested_refund_waits_for_a_decision_and_is_suggested_once(owe, cashier):
    owed = owe()
    with pytest.raises(Conflict):
        payments.suggest_refund(
            obligation_id=owed.id, reason="Rút hồ sơ", key="closed:1", actor=CITIZEN
        )
    cash(owed, cashier)
    first = payments.suggest_refund(
        obligation_id=owed.id, reason="Rút hồ sơ", key="closed:1", actor=CITIZEN
    )
    again = payments.suggest_refund(
        obligation_id=owed.id, reason="Rút hồ sơ", key="closed:1", actor=CITIZEN
    )
    assert again.id == first.id
    assert payments.obligation(owed.id).refunded_vnd == 0
    declined = payments.decline_refund(
        refund_id=first.id, reason="Việc đã làm xong trước khi rút.", actor=cashier
    )
    assert declined.state == "declined"
    with pytest.raises(Conflict):
        payments.approve_refund(refund_id=first.id, actor=cashier)
    assert payments.obligation(owed.id).state == "paid"


def test_a_refund_decided_otherwise_answers_what_was_suggested(owe, cashier):
    owed = owe()
    cash(owed, cashier)
    suggested = payments.suggest_refund(
        obligation_id=owed.id, reason="Rút hồ sơ", key="closed:1", actor=CITIZEN
    )
    payments.refund(obligation_id=owed.id, amount_vnd=4_000, reason="Thu thừa.", actor=cashier)
    assert payments.refund_of(suggested.id).state == "declined"
    assert payments.refunds_to_decide(desk_agency_ids=[DESK]) == ()


def test_the_desk_sees_what_is_open_at_it(owe, cashier):
    owed, paid = owe(), owe()
    cash(paid, cashier)
    assert [one.id for one in payments.open_at_desk(desk_agency_ids=[DESK])] == [owed.id]
    assert payments.open_at_desk(desk_agency_ids=[AGENCY]) == ()
