"""The simulated gateway as a person, a bank and a product meet it."""

import httpx
import pytest

from cuaso_simulators.process import free_port, running

MODULE = "cuaso_simulators.payments"
HEADERS = {"Authorization": "Bearer t", "Idempotency-Key": "k1"}
WANTED = {
    "reference": "PHI2345",
    "amount_vnd": 14_000,
    "title": "Chứng thực bản sao",
    "return_url": "http://localhost/ve",
}


@pytest.fixture(scope="module")
def address():
    with running(MODULE, port=free_port(), environment={"CUASO_PAYMENTS_TOKEN": "t"}) as address:
        yield address


def opened(address, **changed):
    answer = httpx.post(f"{address}/payments", json={**WANTED, **changed}, headers=HEADERS)
    answer.raise_for_status()
    return answer.json()


def test_a_person_pays_on_the_page_and_is_sent_back(address):
    httpx.post(f"{address}/clock", json={"at": "2026-10-07T08:30:00+07:00"})
    page = opened(address)
    assert opened(address) == page
    shown = httpx.get(page["url"])
    assert "14.000 đồng" in shown.text
    paid = httpx.post(page["url"], data={"answer": "pay"})
    assert (paid.status_code, paid.headers["location"]) == (303, "http://localhost/ve")
    standing = httpx.get(f"{address}/payments/{page['session']}", headers=HEADERS).json()
    assert (standing["state"], standing["transaction"]["amount_vnd"]) == ("paid", 14_000)
    # Who comes back to a paid page is sent on and does not pay again.
    assert httpx.get(page["url"]).status_code == 303
    httpx.post(page["url"], data={"answer": "pay"})
    assert len(_listed(address, "2026-10-07")) == 1


def _listed(address, day):
    return httpx.get(f"{address}/transactions/{day}", headers=HEADERS).json()["items"]


def test_a_person_who_leaves_has_paid_nothing(address):
    page = httpx.post(
        f"{address}/payments", json=WANTED, headers={**HEADERS, "Idempotency-Key": "k2"}
    ).json()
    assert httpx.post(page["url"], data={"answer": "leave"}).status_code == 303
    standing = httpx.get(f"{address}/payments/{page['session']}", headers=HEADERS).json()
    assert standing["state"] == "open"


def test_a_stranger_without_the_token_opens_nothing(address):
    assert httpx.post(f"{address}/payments", json=WANTED).status_code == 401
    assert httpx.get(f"{address}/transactions/2026-10-07").status_code == 401


@pytest.mark.parametrize("changed", [{"amount_vnd": 0}, {"amount_vnd": "9"}, {"reference": ""}])
def test_an_unfit_wish_is_refused(address, changed):
    headers = {**HEADERS, "Idempotency-Key": f"unfit-{changed}"}
    body = {**WANTED, **changed}
    assert httpx.post(f"{address}/payments", json=body, headers=headers).status_code == 400


def test_no_more_is_given_back_than_came_and_the_same_key_gives_back_once(address):
    httpx.post(f"{address}/forget", json={})
    httpx.post(f"{address}/clock", json={"at": "2026-10-07T08:30:00+07:00"})
    httpx.post(f"{address}/transfers", data={"reference": "phi9", "amount_vnd": "5.000"})
    (taken,) = _listed(address, "2026-10-07")
    assert (taken["reference"], taken["amount_vnd"]) == ("PHI9", 5_000)

    def back(key, amount_vnd):
        body = {"transaction": taken["transaction"], "amount_vnd": amount_vnd}
        headers = {**HEADERS, "Idempotency-Key": key}
        return httpx.post(f"{address}/refunds", json=body, headers=headers).status_code

    assert [back("a", 3_000), back("a", 3_000), back("b", 2_001)] == [200, 200, 400]
    assert back("c", 2_000) == 200


def test_what_was_taken_is_there_after_a_restart(tmp_path):
    arguments = ("--folder", str(tmp_path))
    environment = {"CUASO_PAYMENTS_TOKEN": "t"}
    for told in (1, 2):
        with running(MODULE, *arguments, port=free_port(), environment=environment) as address:
            httpx.post(f"{address}/clock", json={"at": "2026-10-07T08:30:00+07:00"})
            httpx.post(f"{address}/transfers", data={"reference": "P", "amount_vnd": "1000"})
            assert len(_listed(address, "2026-10-07")) == told
