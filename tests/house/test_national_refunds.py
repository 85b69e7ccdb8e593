"""KT-d5, KT-e3: money that the national portal took goes back there, decided at the desk."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from cuaso.capabilities.messages.models import Notice
from cuaso.capabilities.payments import api as payments
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Conflict, Invalid
from cuaso.kernel.subjects import Subject
from cuaso.services.national_portal import api as national_portal
from cuaso.services.national_portal.models import FeeNotice, FeeRefund
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.models import Dossier
from tests.rest.conftest import signed_in
from tests.support.dossiers import let_the_house_work
from tests.support.fees import finance_state
from tests.support.national import DOOR, birth, copies, kept, synchronise

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
TODAY = date(2026, 10, 7)
FEE = 14_000
REASON = "Hồ sơ nộp trùng."


@pytest.fixture
def paid(portal, qg_code):
    """Return a dossier of the portal whose 14.000 đồng the portal took."""
    portal.knows(qg_code)
    answer = portal.post(DOOR, copies(qg_code))
    notice = portal.pays(qg_code, FEE, transaction=f"T-{qg_code}")
    assert portal.post(f"{DOOR}/{qg_code}/nop-phi", notice).status_code == 200
    let_the_house_work()
    return Dossier.objects.get(tracking_code=answer.json()["tracking_code"])


@pytest.fixture
def decide(paid, official):
    """Decide at the desk to give money back, and let the event reach its reader."""

    def now(amount_vnd=FEE):
        refund = procedures.refund_fee(
            id=paid.id,
            obligation_id=owed_by(paid).id,
            amount_vnd=amount_vnd,
            reason=REASON,
            actor=official("reception"),
        )
        let_the_house_work()
        return refund

    return now


def about(dossier):
    return Subject(kind="procedures.dossier", id=dossier.id)


def owed_by(dossier):
    (owed,) = payments.obligations_about(about(dossier))
    return owed


def refunds(dossier):
    return [(one.state, one.trouble) for one in payments.refunds_about(about(dossier))]


def told_of_refund(dossier):
    rows = Notice.objects.filter(subject_id=dossier.id, template="fee_refunded")
    return rows.count()


def test_kt_d5_the_desk_decides_the_portal_gives_back_and_the_applicant_is_told(paid, decide):
    decided = decide()
    assert (decided.state, decided.method) == ("asked", "national")
    assert owed_by(paid).state == "paid"
    assert national_portal.send_refunds_due() == 1
    let_the_house_work()
    owed = owed_by(paid)
    assert (owed.state, owed.refunded_vnd) == ("refunded", FEE)
    assert (finance_state(paid.id), refunds(paid)) == ("refunded", [("done", "")])
    assert told_of_refund(paid) == 1
    entries = audit.history(about(paid))
    done = [one for one in entries if one.act == "payments.refunded"]
    assert [(one.actor_name, one.reason) for one in done] == [
        ("Cổng Dịch vụ công quốc gia", REASON)
    ]
    assert national_portal.send_refunds_due() == 0


def test_kt_d5_a_receipt_whose_money_went_back_no_longer_stands(paid, decide):
    receipt = owed_by(paid).receipt
    found = payments.check_receipt(code=receipt.verify_code, number=receipt.written)
    assert (found.ok, found.sentence) == (True, "Cơ quan đã thu 14.000 đồng.")
    decide()
    national_portal.send_refunds_due()
    found = payments.check_receipt(code=receipt.verify_code, number=receipt.written)
    assert (found.ok, found.sentence) == (
        False,
        "Cơ quan đã thu 14.000 đồng, sau đó đã hoàn 14.000 đồng.",
    )


def test_kt_e3_the_portal_is_down_and_slow_to_decide_and_the_money_goes_back_once(
    portal, qg_code, paid, decide
):
    portal.gives_back_by_hand()
    decide()
    portal.fault("down")
    assert national_portal.send_refunds_due() == 0
    row = FeeRefund.objects.get()
    assert (row.state, row.tries) == ("waiting", 1)
    assert row.trouble != ""
    portal.fault("ok")
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert national_portal.send_refunds_due() == 1
    row.refresh_from_db()
    assert (row.state, refunds(paid)) == ("taken", [("asked", "")])
    assert national_portal.standing().refunds_waiting == 1
    notice = portal.gives_back(str(row.id))
    first = portal.post(f"{DOOR}/{qg_code}/hoan-phi", notice)
    assert (first.status_code, first.json()["tracking_code"]) == (200, paid.tracking_code)
    before = kept()
    assert portal.post(f"{DOOR}/{qg_code}/hoan-phi", notice).json() == first.json()
    assert kept() == before
    assert (owed_by(paid).refunded_vnd, refunds(paid)) == (FEE, [("done", "")])


def test_part_goes_back_and_not_more_than_is_left(paid, decide):
    decide(4_000)
    with pytest.raises(Invalid) as refused:
        decide(10_001)
    assert refused.value.code == "payments.refund_amount"
    national_portal.send_refunds_due()
    owed = owed_by(paid)
    assert (owed.state, owed.refunded_vnd, owed.going_back_vnd) == ("partly_refunded", 4_000, 0)
    decide(10_000)
    assert owed_by(paid).going_back_vnd == 10_000


def test_a_cashier_gives_back_on_the_page_and_the_citizen_reads_that_it_is_under_way(
    paid, official, citizen
):
    desk = signed_in(official("reception")).client
    at = f"/ban-lam-viec/thu-tien/{paid.id}/{owed_by(paid).id}"
    page = desk.get(f"{at}/hoan/").content.decode()
    assert "nên Cổng trả lại cho người nộp, theo quyết định ghi ở đây." in page
    answer = desk.post(f"{at}/hoan/", {"amount": "14.000", "reason": REASON}, follow=True)
    assert "Đang hoàn 14.000 đồng" in answer.content.decode()
    assert f"{at}/hoan/" not in answer.content.decode()
    mine = signed_in(citizen()).client.get(f"/ho-so/{paid.tracking_code}/nop-phi/tinh-trang/")
    assert "Đang hoàn" in mine.content.decode()


def test_kt_d5_what_the_portal_refuses_returns_to_the_desk_which_decides_again(
    portal, qg_code, paid, decide, official
):
    portal.gives_back_by_hand()
    decide()
    national_portal.send_refunds_due()
    told = portal.gives_back(
        str(FeeRefund.objects.get().id), state="refused", reason="Thẻ của người nộp đã đóng."
    )
    assert portal.post(f"{DOOR}/{qg_code}/hoan-phi", told).status_code == 200
    officer = official("reception")
    (waiting,) = procedures.refunds_at_desk(actor=officer)
    assert (waiting.refund.state, waiting.refund.trouble) == (
        "failed",
        "Thẻ của người nộp đã đóng.",
    )
    assert (owed_by(paid).state, told_of_refund(paid)) == ("paid", 0)
    procedures.decide_refund(refund_id=waiting.refund.id, granted=True, reason="", actor=officer)
    let_the_house_work()
    assert national_portal.send_refunds_due() == 1
    assert sorted(FeeRefund.objects.values_list("state", flat=True)) == ["refused", "taken"]
    assert refunds(paid) == [("asked", "")]


def test_a_forged_a_strange_and_a_contradicting_notice_change_nothing(
    portal, qg_code, paid, decide
):
    portal.gives_back_by_hand()
    decide()
    national_portal.send_refunds_due()
    path = f"{DOOR}/{qg_code}/hoan-phi"
    told = {"refund": str(FeeRefund.objects.get().id), "state": "done", "amount_vnd": FEE}
    before = kept(), refunds(paid)
    for secret, changed, status, code in (
        ("khac", {}, 403, None),
        (None, {"refund": str(uuid4())}, 404, "national_portal.refund_unknown"),
        (None, {"refund": "R1"}, 422, None),
        (None, {"state": "taken"}, 422, None),
        (None, {"amount_vnd": 1_000}, 409, "national_portal.refund_amount"),
    ):
        more = {"secret": secret} if secret else {}
        answer = portal.post(path, {**told, **changed}, **more)
        assert answer.status_code == status, answer.content.decode()
        assert code in (None, answer.json()["code"])
        assert (kept(), refunds(paid)) == before
    assert portal.post(f"{DOOR}/khac/hoan-phi", told).status_code == 404
    assert portal.post(path, told).status_code == 200
    before = kept(), refunds(paid)
    other = portal.post(path, {**told, "state": "refused", "reason": "Thẻ đã đóng."})
    assert (other.status_code, other.json()["code"]) == (409, "national_portal.refund_settled")
    assert (kept(), refunds(paid)) == before


def test_kt_e3_the_daily_comparison_hears_what_nobody_told_and_sends_again_what_was_lost(
    portal, qg_code, paid, decide
):
    portal.gives_back_by_hand()
    decide()
    national_portal.send_refunds_due()
    synchronise()
    assert national_portal.reconcile(TODAY).fees_differing == 0
    portal.loses_refunds()
    found = national_portal.reconcile(TODAY)
    assert [one.kind for one in found.differences] == ["refund_unknown_there"]
    assert national_portal.send_refunds_due() == 1
    portal.gives_back(str(FeeRefund.objects.get().id))
    found = national_portal.reconcile(TODAY)
    assert [(one.kind, one.code) for one in found.differences] == [("refund_unheard", qg_code)]
    assert (owed_by(paid).state, refunds(paid)) == ("refunded", [("done", "")])
    again = national_portal.reconcile(TODAY)
    assert (again.fees_same, again.fees_differing) == (2, 0)


def wrongly_paid(portal, code, *, taken=20_000):
    """Return a dossier that owes 14.000 đồng, whose applicant had paid another amount before."""
    portal.knows(code)
    notice = portal.pays(code, taken, transaction=f"W-{code}")
    assert portal.post(f"{DOOR}/{code}/nop-phi", notice).status_code == 200
    answer = portal.post(DOOR, copies(code))
    return Dossier.objects.get(tracking_code=answer.json()["tracking_code"])


def test_kt_d5_money_of_another_amount_is_decided_at_the_desk_and_goes_back_once(
    portal, qg_code, official
):
    dossier = wrongly_paid(portal, qg_code)
    desk = signed_in(official("reception")).client
    (waiting,) = procedures.refunds_at_desk(actor=official("reception"))
    assert (waiting.refund.state, waiting.refund.amount_vnd) == ("suggested", 20_000)
    assert "Cổng đã thu 20.000 đồng, hồ sơ phải nộp 14.000 đồng." in (
        desk.get("/ban-lam-viec/thu-tien/").content.decode()
    )
    page = f"/ban-lam-viec/thu-tien/hoan/{waiting.refund.id}/"
    assert "Hoàn 20.000 đồng?" in desk.get(page).content.decode()
    assert desk.post(page, {"answer": "grant"}).status_code == 302
    let_the_house_work()
    assert FeeNotice.objects.get().trouble == (
        "Cơ quan đã quyết định hoàn 20.000 đồng; đang chờ Cổng trả lời."
    )
    assert (national_portal.send_refunds_due(), national_portal.send_refunds_due()) == (1, 0)
    assert (FeeNotice.objects.get().state, refunds(dossier)) == ("returned", [("done", "")])
    assert (owed_by(dossier).state, owed_by(dossier).refunded_vnd) == ("open", 0)
    notice = portal.pays(qg_code, FEE, transaction=f"R-{qg_code}")
    assert portal.post(f"{DOOR}/{qg_code}/nop-phi", notice).status_code == 200
    assert owed_by(dossier).state == "paid"
    synchronise()
    found = national_portal.reconcile(TODAY)
    assert (found.fees_same, found.fees_differing) == (3, 0)


def test_money_that_is_going_back_pays_nothing_any_more(portal, qg_code, official):
    dossier = wrongly_paid(portal, qg_code)
    (waiting,) = procedures.refunds_at_desk(actor=official("reception"))
    procedures.decide_refund(
        refund_id=waiting.refund.id, granted=True, reason="", actor=official("reception")
    )
    with pytest.raises(Conflict) as refused:
        payments.take_national(
            obligation_id=owed_by(dossier).id,
            transaction_number=f"W-{qg_code}",
            amount_vnd=FEE,
            paid_at=clock.now(),
            actor=system("Cổng"),
        )
    assert refused.value.code == "payments.going_back"
    assert owed_by(dossier).state == "open"


def test_the_administrator_gives_back_money_that_came_for_a_free_dossier(portal, qg_code, official):
    portal.knows(qg_code)
    assert portal.post(DOOR, birth(qg_code)).status_code == 200
    portal.pays(qg_code, FEE, transaction="F1")
    synchronise()
    assert payments.status().unclaimed == ()
    found = national_portal.reconcile(TODAY)
    assert [one.kind for one in found.differences] == ["fee_unknown_here"]
    national_portal.reconcile(TODAY)
    (waiting,) = payments.status().unclaimed
    assert (waiting.reference, waiting.amount_vnd, waiting.reason) == (
        qg_code,
        FEE,
        "Cổng đã thu 14.000 đồng, hồ sơ không có khoản nào phải nộp.",
    )
    payments.approve_refund(refund_id=waiting.id, actor=official("admin"))
    let_the_house_work()
    assert national_portal.send_refunds_due() == 1
    assert FeeNotice.objects.get().state == "returned"
    assert payments.status().unclaimed == ()
    found = national_portal.reconcile(TODAY)
    assert (found.fees_same, found.fees_differing) == (2, 0)


def test_kt_e3_money_whose_return_the_portal_refuses_waits_for_a_decision_again(
    portal, qg_code, official
):
    dossier = wrongly_paid(portal, qg_code)
    portal.gives_back_by_hand()
    officer = official("reception")
    (waiting,) = procedures.refunds_at_desk(actor=officer)
    procedures.decide_refund(refund_id=waiting.refund.id, granted=True, reason="", actor=officer)
    let_the_house_work()
    national_portal.send_refunds_due()
    told = portal.gives_back(
        str(FeeRefund.objects.get().id), state="refused", reason="Thẻ của người nộp đã đóng."
    )
    assert portal.post(f"{DOOR}/{qg_code}/hoan-phi", told).status_code == 200
    assert refunds(dossier) == [("failed", "Thẻ của người nộp đã đóng.")]
    assert (FeeNotice.objects.get().state, FeeNotice.objects.get().trouble) == (
        "kept",
        "Thẻ của người nộp đã đóng.",
    )
    (waiting,) = procedures.refunds_at_desk(actor=officer)
    assert waiting.refund.state == "failed"
