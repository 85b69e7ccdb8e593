"""Fees at the desk: cash, the cashier's day, refunds that officials decide."""

import pytest

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.models import Taking
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier
from tests.rest.conftest import signed_in
from tests.support.dossiers import let_the_house_work, see, submit_birth
from tests.support.fees import finance_state, owed_by, pay, tell, walk_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


def test_a_wrong_amount_does_not_pay_and_waits_for_the_desk(
    client, gateway, copies, mother, official
):
    assert tell(client, pay(gateway, copies, mother, amount_vnd="1400")).status_code == 204
    let_the_house_work()
    assert (owed_by(copies, mother).state, finance_state(copies)) == ("open", "due")
    (waiting,) = procedures.refunds_at_desk(actor=official("reception"))
    assert (waiting.dossier_id, waiting.refund.amount_vnd) == (copies, 1_400)


def test_kt_d5_cash_at_the_desk_and_then_a_late_callback_wants_a_refund(
    client, gateway, copies, mother, official
):
    late = pay(gateway, copies, mother)
    officer = official("reception")
    owed = owed_by(copies, mother)
    given = procedures.collect_fee(
        id=copies, obligation_id=owed.id, amount_vnd=14_000, actor=officer
    )
    assert (given.written, finance_state(copies)) == ("0000001/2026", "paid")
    assert tell(client, late).status_code == 204
    let_the_house_work()
    (waiting,) = procedures.refunds_at_desk(actor=officer)
    assert (waiting.code, waiting.refund.surplus) == (
        Dossier.objects.get(id=copies).tracking_code,
        True,
    )
    procedures.decide_refund(refund_id=waiting.refund.id, granted=True, reason="", actor=officer)
    assert payments.retry_due() >= 1
    assert gateway.returned_vnd() == ["14.000 đồng"]
    assert finance_state(copies) == "paid"
    assert Taking.objects.count() == 1


def test_paper_at_the_counter_owes_from_its_receipt_on(official, mother):
    view = walk_in(official("reception"))
    assert (view.fee_say, finance_state(view.id)) == ("14.000 đồng", "due")
    assert "Phí, lệ phí 14.000 đồng chưa nộp" in [check.say for check in view.checks]
    (waiting,) = procedures.fees_at_desk(actor=official("reception"))
    assert (waiting.code, waiting.owed.amount_vnd) == (view.dossier_code, 14_000)
    assert procedures.fees_at_desk(actor=official("reception", "21592")) == ()
    assert owed_by(view.id, mother).key == f"dossier:{view.id}:receipt:1"


def test_kt_d5_the_cashier_counts_and_after_closing_nothing_of_the_day_changes(official, mother):
    officer = official("reception")
    first, second = (walk_in(officer, key=key) for key in "12")
    owed = owed_by(first.id, mother)
    procedures.collect_fee(id=first.id, obligation_id=owed.id, amount_vnd=14_000, actor=officer)
    with pytest.raises(Invalid):
        payments.close_cash_day(counted_vnd=10_000, reason="", actor=officer)
    closed = payments.close_cash_day(
        counted_vnd=10_000, reason="Trả nhầm tiền thừa cho người dân.", actor=officer
    )
    assert (closed.recorded_vnd, closed.difference_vnd) == (14_000, -4_000)
    later = owed_by(second.id, mother)
    with pytest.raises(Conflict) as refused:
        procedures.collect_fee(
            id=second.id, obligation_id=later.id, amount_vnd=14_000, actor=officer
        )
    assert refused.value.code == "payments.day_closed"
    assert (owed_by(second.id, mother).state, Taking.objects.count()) == ("open", 1)


def test_only_the_desk_takes_cash_and_nobody_for_their_own_affair(official, copies, mother):
    owed = owed_by(copies, mother)
    take = {"id": copies, "obligation_id": owed.id, "amount_vnd": 14_000}
    for actor in (official("handler"), official("leader"), mother):
        with pytest.raises(NotAllowed):
            procedures.collect_fee(**take, actor=actor)
    with pytest.raises(NotFound):
        procedures.collect_fee(**take, actor=official("reception", "21592"))
    other = submit_birth(mother).dossier_id
    with pytest.raises(NotFound) as refused:
        procedures.collect_fee(**{**take, "id": other}, actor=official("reception"))
    assert refused.value.code == "procedures.fee_unknown"
    assert owed_by(copies, mother).state == "open"


def test_withdrawing_before_payment_ends_what_is_owed(copies, mother):
    procedures.withdraw(id=copies, reason="Tôi không cần bản sao nữa.", actor=mother)
    let_the_house_work()
    owed = owed_by(copies, mother)
    assert (owed.state, owed.reason) == ("cancelled", "Người nộp đã rút hồ sơ.")
    assert finance_state(copies) == "cancelled"


def test_kt_d5_withdrawing_after_payment_puts_a_refund_before_the_desk_and_never_makes_it(
    client, gateway, copies, mother, official
):
    tell(client, pay(gateway, copies, mother))
    procedures.withdraw(id=copies, reason="Tôi không cần bản sao nữa.", actor=mother)
    let_the_house_work()
    payments.retry_due()
    assert (owed_by(copies, mother).state, gateway.returned_vnd()) == ("paid", [])
    officer = official("reception")
    (waiting,) = procedures.refunds_at_desk(actor=officer)
    assert (waiting.refund.reason, waiting.refund.amount_vnd) == ("Người nộp đã rút hồ sơ.", 14_000)
    procedures.decide_refund(refund_id=waiting.refund.id, granted=True, reason="", actor=officer)
    payments.retry_due()
    let_the_house_work()
    assert gateway.returned_vnd() == ["14.000 đồng"]
    assert (owed_by(copies, mother).state, finance_state(copies)) == ("refunded", "refunded")
    assert see(copies, mother).log[-1].say == "hoàn phí, lệ phí"


def test_refusing_a_paid_dossier_suggests_a_refund_that_may_be_declined_with_a_reason(
    client, gateway, copies, mother, official
):
    tell(client, pay(gateway, copies, mother))
    officer = official("reception")
    procedures.refuse(id=copies, reason="Bản chính bị tẩy xoá.", actor=officer)
    let_the_house_work()
    (waiting,) = procedures.refunds_at_desk(actor=officer)
    with pytest.raises(Invalid):
        procedures.decide_refund(
            refund_id=waiting.refund.id, granted=False, reason=" ", actor=officer
        )
    procedures.decide_refund(
        refund_id=waiting.refund.id,
        granted=False,
        reason="Việc đã làm xong trước khi từ chối.",
        actor=officer,
    )
    assert procedures.refunds_at_desk(actor=officer) == ()
    assert owed_by(copies, mother).state == "paid"


def test_the_officer_takes_cash_prints_a_receipt_and_closes_the_day_on_the_pages(official, mother):
    officer = official("reception")
    view = walk_in(officer)
    owed = owed_by(view.id, mother)
    desk = signed_in(officer).client
    listed = desk.get("/ban-lam-viec/thu-tien/").content.decode()
    one = f"/ban-lam-viec/thu-tien/{view.id}/{owed.id}/"
    assert f'href="{one}"' in listed
    assert "Thu 14.000 đồng của Võ Thị Hạ Lam" in desk.get(one).content.decode()
    stale = desk.post(one, {"act": "take", "amount": "13000"})
    assert stale.status_code == 409
    assert "Số phải nộp bây giờ là 14.000 đồng." in stale.content.decode()
    taken = desk.post(one, {"act": "take", "amount": "14000"})
    assert taken.headers["Location"] == f"{one}bien-lai/"
    receipt = desk.get(f"{one}bien-lai/").content.decode()
    for words in ("0000001/2026", "Mười bốn nghìn đồng", officer.name, "Hoàn tiền"):
        assert words in receipt
    unequal = desk.post("/ban-lam-viec/thu-tien/chot/", {"counted": "15.000", "reason": ""})
    assert unequal.status_code == 422
    assert "thừa 1.000 đồng so với sổ" in unequal.content.decode()
    assert desk.post("/ban-lam-viec/thu-tien/chot/", {"counted": "x"}).status_code == 422
    assert desk.post("/ban-lam-viec/thu-tien/chot/", {"counted": "14.000"}).status_code == 302
    assert "Đã chốt." in desk.get("/ban-lam-viec/thu-tien/chot/").content.decode()
    refused = desk.post(f"{one}hoan/", {"amount": "14.000", "reason": "Thu nhầm người."})
    assert refused.status_code == 409
    assert owed_by(view.id, mother).state == "paid"


def test_the_officer_gives_cash_back_on_the_page(official, mother):
    officer = official("reception")
    view = walk_in(officer)
    owed = owed_by(view.id, mother)
    procedures.collect_fee(id=view.id, obligation_id=owed.id, amount_vnd=14_000, actor=officer)
    desk = signed_in(officer).client
    address = f"/ban-lam-viec/thu-tien/{view.id}/{owed.id}/hoan/"
    assert desk.post(address, {"amount": "14.001", "reason": "Thu nhầm."}).status_code == 422
    assert desk.post(address, {"amount": "4.000", "reason": "Thu nhầm."}).status_code == 302
    let_the_house_work()
    assert owed_by(view.id, mother).state == "partly_refunded"
    assert finance_state(view.id) == "part_refund"


def test_the_page_of_cash_is_the_desks_alone(official):
    assert signed_in(official("handler")).client.get("/ban-lam-viec/thu-tien/").status_code == 403
