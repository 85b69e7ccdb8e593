"""Fees paid online: from the portal through a real gateway over a socket to the receipt."""

from datetime import date, timedelta

import pytest

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.models import Credit, Obligation, Receipt
from cuaso.kernel import clock
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.services.procedures import api as procedures
from tests.rest.conftest import signed_in
from tests.support.dossiers import let_the_house_work, open_steps, rows_of, see, submit_birth
from tests.support.fees import BACK, finance_state, owed_by, pay, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]


def test_kt_d5_a_citizen_pays_the_fee_online_and_the_dossier_follows(
    client, gateway, copies, mother
):
    owed = owed_by(copies, mother)
    assert (owed.amount_vnd, owed.state, finance_state(copies)) == (14_000, "open", "due")
    (line,) = owed.lines
    assert (line.title, line.kind) == ("Phí chứng thực bản sao từ bản chính", "phí")
    assert line.source.startswith("Bản ghi 2.000815")
    assert tell(client, pay(gateway, copies, mother)).status_code == 204
    let_the_house_work()
    paid = owed_by(copies, mother)
    assert (paid.state, paid.receipt.written) == ("paid", "0000001/2026")
    assert finance_state(copies) == "paid"
    view = see(copies, mother)
    assert view.fee_say == "14.000 đồng, đã nộp, biên lai số 0000001/2026"
    assert [line.say for line in view.log] == [
        "ghi nhận phí, lệ phí phải nộp",
        "nộp hồ sơ",
        "nộp phí, lệ phí",
    ]
    assert view.log[-1].detail == "14.000 đồng, biên lai số 0000001/2026"
    assert "pay" not in [offer.act for offer in view.acts]
    sent = [one.headline for one in messages.messages_about(owed.subject) if one.headline]
    assert any("Đã nhận phí, lệ phí" in headline for headline in sent)


def test_the_same_callback_twice_pays_once(client, gateway, copies, mother):
    gateway.callbacks("duplicate")
    first = pay(gateway, copies, mother)
    second = gateway.call()
    assert [tell(client, one).status_code for one in (first, second, first)] == [204, 204, 204]
    assert (Receipt.objects.count(), Credit.objects.count()) == (1, 1)


def test_a_forged_callback_and_a_replayed_one_change_nothing(
    client, gateway, copies, mother, working_morning
):
    gateway.callbacks("forged")
    assert tell(client, pay(gateway, copies, mother)).status_code == 403
    before = rows_of(copies)
    with clock.at(working_morning + timedelta(hours=1)):
        gateway.callbacks("ok")
        gateway.transfer("PHIKHAC", 14_000)
        assert tell(client, gateway.call()).status_code == 403
    let_the_house_work()
    assert rows_of(copies) == before
    assert (Credit.objects.count(), owed_by(copies, mother).state) == (0, "open")


def test_a_day_without_the_gateway_is_made_good_the_next_morning(
    gateway, copies, mother, working_morning
):
    gateway.callbacks("silent")
    page = procedures.pay_fee(id=copies, return_url=BACK, actor=mother)
    gateway.press_pay(page.url)
    gateway.fault("down")
    assert payments.retry_due() == 0
    let_the_house_work()
    assert finance_state(copies) == "due"
    gateway.fault("ok")
    with clock.at(working_morning + timedelta(days=1)):
        payments.retry_due()
        let_the_house_work()
    assert (owed_by(copies, mother).state, finance_state(copies)) == ("paid", "paid")
    report = payments.report(day=date(2026, 10, 7))
    assert report is not None
    assert (report.matching + len(report.mended), report.missing_there) == (1, ())


def test_kt_d5_a_free_procedure_has_no_payment_page_and_owes_nothing(mother, official, gateway):
    birth = submit_birth(mother).dossier_id
    view = see(birth, mother)
    assert (view.fee_say, finance_state(birth)) == ("Miễn phí", "none")
    assert procedures.fees(id=birth, actor=mother) == ()
    assert "pay" not in [offer.act for offer in view.acts]
    with pytest.raises(Conflict) as refused:
        procedures.pay_fee(id=birth, return_url=BACK, actor=mother)
    assert refused.value.code == "procedures.nothing_to_pay"
    procedures.receive(id=birth, actor=official("reception"))
    assert Obligation.objects.count() == 0
    page = f"/ho-so/{view.tracking_code}/"
    browser = signed_in(mother).client
    assert f"{page}nop-phi/" not in browser.get(page).content.decode()
    for address in (f"{page}nop-phi/", f"{page}nop-phi/tinh-trang/"):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
    assert browser.post(f"{page}nop-phi/").headers["Location"] == page


def test_a_citizen_reads_what_for_why_and_how_and_is_led_to_the_gateway(
    client, gateway, copies, mother
):
    owed = owed_by(copies, mother)
    page = f"/ho-so/{see(copies, mother).tracking_code}/"
    browser = signed_in(mother).client
    assert f'href="{page}nop-phi/"' in browser.get(page).content.decode()
    shown = browser.get(f"{page}nop-phi/").content.decode()
    for words in (
        "Nộp 14.000 đồng",
        "Phí chứng thực bản sao từ bản chính",
        "Bản ghi 2.000815",
        "Thanh toán qua cổng",
        owed.reference,
        "9990000000052",
        "<svg",
    ):
        assert words in shown
    transfer = payments.transfer(owed)
    assert transfer is not None
    assert transfer.qr.startswith(
        "00020101021238570010A00000072701270006970403011399900000000520208"
    )
    assert f"0815{owed.reference}6304" in transfer.qr
    led = browser.post(f"{page}nop-phi/")
    assert led.status_code == 302
    assert led.headers["Location"].startswith(f"{gateway.address}/pay/")
    back = gateway.press_pay(led.headers["Location"]).headers["location"]
    assert back == f"http://localhost:8000{page}nop-phi/tinh-trang/"
    waiting = browser.get(f"{page}nop-phi/tinh-trang/").content.decode()
    assert "Chưa có xác nhận tiền đã đến" in waiting
    tell(client, gateway.call())
    settled = browser.get(f"{page}nop-phi/tinh-trang/").content.decode()
    assert "Bạn không còn khoản nào phải nộp" in settled
    assert "0000001/2026" in settled
    assert "Mười bốn nghìn đồng" in settled


def test_with_the_gateway_down_the_pay_page_says_what_else_to_do(gateway, copies, mother):
    gateway.fault("down")
    page = f"/ho-so/{see(copies, mother).tracking_code}/nop-phi/"
    answer = signed_in(mother).client.post(page)
    shown = answer.content.decode()
    assert answer.status_code == 503
    assert "Cổng thanh toán đang gián đoạn." in shown
    assert "Chuyển khoản bằng mã VietQR" in shown


def test_another_citizen_sees_no_payment_page_of_mine(copies, citizen, mother):
    tracking = see(copies, mother).tracking_code
    other = signed_in(citizen("052094000123")).client
    assert other.get(f"/ho-so/{tracking}/nop-phi/").status_code == 404
    with pytest.raises(NotFound):
        procedures.pay_fee(id=copies, return_url=BACK, actor=citizen("052094000123"))


def test_kt_d5_status_six_only_when_the_agency_asks_and_the_payment_lets_it_go_on(
    client, gateway, copies, mother, official
):
    assert see(copies, mother).status == 1
    officer = official("reception")
    asked = procedures.ask_payment(id=copies, actor=officer)
    assert (asked.status, asked.status_say) == (6, "Yêu cầu thực hiện nghĩa vụ tài chính")
    assert see(copies, mother).plain_say == "Cơ quan chờ nộp 14.000 đồng rồi giải quyết tiếp."
    before = rows_of(copies)
    with pytest.raises(Conflict) as refused:
        procedures.receive(id=copies, actor=officer)
    assert refused.value.code == "procedures.payment_awaited"
    with pytest.raises(Conflict):
        procedures.ask_payment(id=copies, actor=officer)
    assert rows_of(copies) == before
    tell(client, pay(gateway, copies, mother))
    let_the_house_work()
    assert see(copies, mother).status == 1
    assert procedures.receive(id=copies, actor=officer).status == 4


def test_the_clock_of_a_received_dossier_stands_while_a_payment_is_awaited(
    client, gateway, copies, mother, official
):
    procedures.receive(id=copies, actor=official("reception"))
    handler = official("handler")
    asked = procedures.ask_payment(id=copies, actor=handler)
    assert asked.due.state == "paused"
    with pytest.raises(Conflict):
        procedures.propose(id=copies, values={}, note="", actor=handler)
    later = clock.now() + timedelta(hours=2)
    with clock.at(later):
        gateway.hold_clock(later.isoformat())
        tell(client, pay(gateway, copies, mother))
        let_the_house_work()
        view = see(copies, handler)
    assert (view.status, view.due.state) == (4, "soon")
    assert open_steps(copies) == ["examine"]
    assert view.log[-1].say == "giải quyết tiếp sau khi phí, lệ phí đã nộp"


def test_a_free_dossier_is_never_asked_to_pay(mother, official):
    birth = submit_birth(mother).dossier_id
    before = rows_of(birth)
    with pytest.raises(Conflict) as refused:
        procedures.ask_payment(id=birth, actor=official("reception"))
    assert refused.value.code == "procedures.nothing_to_pay"
    assert rows_of(birth) == before


def test_answers_changed_before_receipt_change_what_is_owed(copies, mother, official):
    procedures.ask_supplement(
        id=copies, items=["Số trang đúng"], reason="Đếm lại trang.", actor=official("reception")
    )
    procedures.supplement(
        id=copies, note="", files=[], values={"papers.0.pages": "2"}, actor=mother
    )
    procedures.receive(id=copies, actor=official("reception"))
    earlier, now = procedures.fees(id=copies, actor=mother)
    assert (earlier.state, now.state, now.amount_vnd) == ("cancelled", "open", 8_000)
    assert finance_state(copies) == "due"
    assert see(copies, mother).fee_say == "8.000 đồng"
