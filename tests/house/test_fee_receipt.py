"""KT-d5: the receipt of a paid fee as a paper: for who paid, at the desk, checked by anybody."""

import pytest

from cuaso.capabilities.payments.models import Receipt
from cuaso.kernel.errors import Conflict, NotFound
from cuaso.services.procedures import api as procedures
from tests.rest.conftest import signed_in
from tests.support.dossiers import submit_birth
from tests.support.fees import owed_by, pay, tell
from tests.support.pdf import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]


@pytest.fixture
def paid_in_cash(copies, mother, official):
    """Return the obligation of a certified copy, 14.000 đồng, paid at the desk."""
    owed = owed_by(copies, mother)
    procedures.collect_fee(
        id=copies, obligation_id=owed.id, amount_vnd=14_000, actor=official("reception")
    )
    return owed_by(copies, mother)


def drawn(dossier_id, owed, actor):
    content = procedures.fee_receipt_content(
        dossier_id=dossier_id, obligation_id=owed.id, actor=actor
    )
    return content.name, b"".join(content.chunks)


def said(pdf):
    return " ".join(text_of(pdf).split())


def test_kt_d5_who_paid_downloads_the_receipt_of_the_payment(
    copies, paid_in_cash, mother, official
):
    name, pdf = drawn(copies, paid_in_cash, mother)
    text = said(pdf)
    row = Receipt.objects.get(obligation_id=paid_in_cash.id)
    assert name == "bien-lai-2026-0000001.pdf"
    for words in (
        "BIÊN LAI THU PHÍ, LỆ PHÍ",
        "Số: 0000001/2026",
        "Võ Thị Hạ Lam",
        "14.000 đồng",
        "Mười bốn nghìn đồng",
        "Tiền mặt tại quầy",
        official("reception").name,
        "Nghị định 123/2020/NĐ-CP",
        "chưa mang mẫu số và ký hiệu",
        f"{row.verify_code[:4]}-{row.verify_code[4:8]}-{row.verify_code[8:]}",
    ):
        assert words in text
    assert "Đã hoàn lại" not in text
    assert drawn(copies, paid_in_cash, mother)[1] == pdf


def test_a_receipt_is_offered_in_the_portal_and_at_the_desk(copies, paid_in_cash, mother, official):
    citizen, cashier = signed_in(mother).client, signed_in(official("reception")).client
    tracking = procedures.dossier(id=copies, actor=mother).tracking_code
    there = f"/ho-so/{tracking}/nop-phi/bien-lai/{paid_in_cash.id}.pdf"
    assert there in citizen.get(f"/ho-so/{tracking}/nop-phi/tinh-trang/").content.decode()
    at_desk = f"/ban-lam-viec/thu-tien/{copies}/{paid_in_cash.id}/bien-lai.pdf"
    page = f"/ban-lam-viec/thu-tien/{copies}/{paid_in_cash.id}/bien-lai/"
    assert at_desk in cashier.get(page).content.decode()
    for browser, address in ((citizen, there), (cashier, at_desk)):
        answer = browser.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_nobody_else_reads_a_receipt_and_there_is_none_before_payment(
    copies, mother, citizen, official
):
    owed = owed_by(copies, mother)
    with pytest.raises(Conflict) as refused:
        drawn(copies, owed, mother)
    assert refused.value.code == "procedures.no_receipt"
    with pytest.raises(NotFound):
        drawn(copies, owed, citizen("052083000125"))
    other = submit_birth(mother).dossier_id
    with pytest.raises(NotFound):
        drawn(other, owed, mother)
    assert Receipt.objects.count() == 0


def test_anybody_verifies_a_printed_receipt_by_its_code_and_number(
    client, copies, paid_in_cash, mother, official
):
    code = Receipt.objects.get().verify_code
    assert code in client.get(f"/xac-minh/{code}/").content.decode()

    def check(number, typed=code):
        told = {"way": "code", "code": typed, "number": number}
        return client.post("/xac-minh/", told).content.decode()

    page = check("0000001/2026", f"{code[:4]}-{code[4:8]}-{code[8:]}".lower())
    assert "Biên lai có thật" in page
    assert "Cơ quan đã thu 14.000 đồng." in page
    assert "Võ Thị Hạ Lam" not in page
    assert "Biên lai có thật" not in check("0000002/2026")
    assert "Biên lai có thật" not in check("0000001/2026", "ABCDEFGHJKMN")
    procedures.refund_fee(
        id=copies,
        obligation_id=paid_in_cash.id,
        amount_vnd=4_000,
        reason="Thu thừa một bản.",
        actor=official("reception"),
    )
    assert "sau đó đã hoàn 4.000 đồng" in check("1/2026")
    assert "Đã hoàn lại: 4.000 đồng" in said(drawn(copies, owed_by(copies, mother), mother)[1])


def test_what_was_paid_at_the_gateway_says_so(client, gateway, copies, mother):
    assert tell(client, pay(gateway, copies, mother)).status_code == 204
    text = said(drawn(copies, owed_by(copies, mother), mother)[1])
    assert "Qua cổng thanh toán, chuyển khoản" in text
