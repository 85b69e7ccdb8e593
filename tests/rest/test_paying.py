"""KT-d5: people and officials pay, take, give back and read receipts by HTTP alone."""

import pytest

from cuaso.capabilities.payments.models import Attempt, Refund, Taking
from cuaso.capabilities.payments.models import Receipt as ReceiptRow
from tests.rest.test_refusals import problem
from tests.support.dossiers import let_the_house_work
from tests.support.fees import gateway, one_gateway, submit_copies, tell  # noqa: F401 fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning", "outside")]
REASON = "Thu thừa một bản sao."


@pytest.fixture
def copies(citizen):
    """Return the id of a certified copy that owes 14.000 đồng."""
    return submit_copies(citizen())


@pytest.fixture
def owed(mother, copies):
    (found,) = mother.get(f"/dossiers/{copies}/fees").json()
    assert (found["amount_vnd"], found["state"], found["receipt"]) == (14_000, "open", None)
    return f"/dossiers/{copies}/fees/{found['id']}"


def test_kt_d5_a_citizen_pays_by_http_and_the_same_key_gives_the_same_page(
    client,
    mother,
    copies,
    gateway,  # noqa: F811
):
    address = f"/dossiers/{copies}/fees/pay"
    page = mother.post(address, Idempotency_Key="p1")
    assert page.status_code == 200, page.content.decode()
    assert mother.post(address, Idempotency_Key="p1").json() == page.json()
    assert Attempt.objects.count() == 1
    problem(mother.post(address), 422)
    gateway.press_pay(page.json()["url"])
    assert tell(client, gateway.call()).status_code == 204
    let_the_house_work()
    (found,) = mother.get(f"/dossiers/{copies}/fees").json()
    assert (found["state"], found["method"]) == ("paid", "gateway")
    refused = problem(mother.post(address, Idempotency_Key="p2"), 409)
    assert refused["code"] == "procedures.nothing_to_pay"


def test_when_the_gateway_is_down_a_payment_may_be_tried_again_with_its_key(
    mother,
    copies,
    gateway,  # noqa: F811
):
    address = f"/dossiers/{copies}/fees/pay"
    gateway.fault("down")
    problem(mother.post(address, Idempotency_Key="p1"), 503)
    gateway.fault("ok")
    assert mother.post(address, Idempotency_Key="p1").status_code == 200
    assert Attempt.objects.count() == 1


def test_cash_is_taken_once_whatever_is_sent_again(officer, owed):
    cashier = officer("reception")
    wrong = cashier.post(f"{owed}/collect", {"amount_vnd": 1_000}, Idempotency_Key="c1")
    assert problem(wrong, 409)["code"] == "payments.amount_changed"
    first = cashier.post(f"{owed}/collect", {"amount_vnd": 14_000}, Idempotency_Key="c1")
    assert (first.status_code, first.json()["written"]) == (200, "0000001/2026")
    again = cashier.post(f"{owed}/collect", {"amount_vnd": 14_000}, Idempotency_Key="c1")
    assert again.json() == first.json()
    other = cashier.post(f"{owed}/collect", {"amount_vnd": 13_000}, Idempotency_Key="c1")
    assert problem(other, 409)["code"] == "payments.key_reused"
    late = cashier.post(f"{owed}/collect", {"amount_vnd": 14_000}, Idempotency_Key="c2")
    assert problem(late, 409)["code"] == "payments.not_open"
    assert (Taking.objects.count(), ReceiptRow.objects.count()) == (1, 1)


def test_a_citizen_takes_no_cash_and_gives_none_back(mother, owed):
    taken = mother.post(f"{owed}/collect", {"amount_vnd": 14_000}, Idempotency_Key="c1")
    assert problem(taken, 403)["code"] == "procedures.not_at_desk"
    body = {"amount_vnd": 14_000, "reason": REASON}
    problem(mother.post(f"{owed}/refund", body, Idempotency_Key="r1"), 403)
    problem(mother.get("/refunds"), 403)
    assert (Taking.objects.count(), Refund.objects.count()) == (0, 0)


def test_a_refund_is_decided_once_by_its_key(officer, owed):
    cashier = officer("reception")
    cashier.post(f"{owed}/collect", {"amount_vnd": 14_000}, Idempotency_Key="c1")
    body = {"amount_vnd": 4_000, "reason": REASON}
    first = cashier.post(f"{owed}/refund", body, Idempotency_Key="r1")
    assert (first.status_code, first.json()["state"]) == (200, "done")
    assert cashier.post(f"{owed}/refund", body, Idempotency_Key="r1").json() == first.json()
    assert [one.amount_vnd for one in Taking.objects.order_by("at", "id")] == [14_000, -4_000]
    rest = cashier.post(f"{owed}/refund", {**body, "amount_vnd": 10_001}, Idempotency_Key="r2")
    assert problem(rest, 422)["code"] == "payments.refund_amount"


@pytest.mark.parametrize(("granted", "state"), [(True, "done"), (False, "declined")])
def test_a_suggested_refund_is_answered_by_http_once(mother, officer, owed, granted, state):
    dossier_id = owed.split("/")[2]
    cashier = officer("reception")
    cashier.post(f"{owed}/collect", {"amount_vnd": 14_000}, Idempotency_Key="c1")
    told = mother.post(f"/dossiers/{dossier_id}/withdraw", {"reason": "Tôi không cần bản sao nữa."})
    assert told.status_code == 200, told.content.decode()
    let_the_house_work()
    (waiting,) = cashier.get("/refunds").json()
    assert (waiting["dossier_id"], waiting["refund"]["amount_vnd"]) == (dossier_id, 14_000)
    address = f"/refunds/{waiting['refund']['id']}/decide"
    body = {"granted": granted, "reason": REASON}
    first = cashier.post(address, body, Idempotency_Key="d1")
    assert (first.status_code, first.json()["state"]) == (200, state)
    assert cashier.post(address, body, Idempotency_Key="d1").json() == first.json()
    late = cashier.post(address, body, Idempotency_Key="d2")
    assert problem(late, 409)["code"] == "payments.refund_decided"
    assert Taking.objects.count() == 1 + int(granted)
    assert cashier.get("/refunds").json() == []


def test_a_receipt_is_read_by_http(mother, officer, owed):
    assert problem(mother.get(f"{owed}/receipt"), 409)["code"] == "procedures.no_receipt"
    officer("reception").post(f"{owed}/collect", {"amount_vnd": 14_000}, Idempotency_Key="c1")
    answer = mother.get(f"{owed}/receipt")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
