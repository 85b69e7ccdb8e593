"""The simulator of the national portal, over its socket."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from cuaso_simulators.national_portal import signing
from cuaso_simulators.process import free_port, running

SECRET = "bi-mat"
STATUS = {"version": 2, "status": 1, "at": "2026-10-07T09:00:00+07:00"}


def start(folder: Path, *more: str) -> AbstractContextManager[str]:
    return running(
        "cuaso_simulators.national_portal",
        *("--folder", str(folder), *more),
        port=free_port(),
        environment={"CUASO_NATIONAL_SECRET": SECRET},
    )


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[str]:
    with start(tmp_path) as address:
        yield address


def ask(address: str, method: str, path: str, told: object = None, key: str = "") -> httpx.Response:
    body = json.dumps(told).encode() if told is not None else b""
    headers = signing.headers(secret=SECRET, method=method, path=path, body=body)
    return httpx.request(
        method, address + path, content=body, headers={**headers, "Idempotency-Key": key}
    )


def submit(address: str, code: str = "QG-1") -> None:
    httpx.post(f"{address}/submit", json={"code": code}).raise_for_status()


def tell(address: str, version: int, *, key: str = "", **changed: object) -> httpx.Response:
    told = {**STATUS, "version": version, **changed}
    return ask(address, "POST", "/dossiers/QG-1/statuses", told, key or f"k{version}")


def test_statuses_are_taken_once_and_in_order_and_survive_a_restart(tmp_path: Path) -> None:
    with start(tmp_path) as address:
        submit(address)
        assert tell(address, 2).json() == {"version": 2}
        assert tell(address, 4, status=4).json() == {"version": 4}
        assert tell(address, 2).json() == {"version": 2}
        late = tell(address, 3)
        assert (late.status_code, late.json()["version"]) == (409, 4)
    with start(tmp_path) as address:
        kept = ask(address, "GET", "/dossiers/QG-1").json()
        listed = ask(address, "GET", "/days/2026-10-07/1").json()
    assert [one["version"] for one in kept["statuses"]] == [2, 4]
    assert listed["more"] is False
    assert [(one["code"], one["status"], one["version"]) for one in listed["items"]] == [
        ("QG-1", 4, 4)
    ]


def test_what_is_unsigned_unknown_or_senseless_is_refused(simulator: str) -> None:
    submit(simulator)
    path = f"{simulator}/dossiers/QG-1/statuses"
    assert httpx.post(path, json=STATUS).status_code == 401
    assert ask(simulator, "POST", "/dossiers/khac/statuses", STATUS, "k").status_code == 404
    assert ask(simulator, "POST", "/dossiers/QG-1/statuses", {}, "k").status_code == 400
    assert ask(simulator, "GET", "/days/2026-10-07/mot").status_code == 400
    assert ask(simulator, "GET", "/dossiers/QG-1").json()["statuses"] == []


def test_a_result_comes_before_the_status_that_names_it_and_has_its_hash(simulator: str) -> None:
    submit(simulator)
    sha256 = hashlib.sha256(b"ket qua").hexdigest()
    file = {"name": "a.pdf", "sha256": sha256, "content": base64.b64encode(b"ket qua").decode()}
    assert tell(simulator, 9, result={"sha256": sha256}).status_code == 422
    spoilt = {**file, "content": base64.b64encode(b"khac").decode()}
    assert ask(simulator, "POST", "/dossiers/QG-1/results", spoilt).status_code == 422
    assert ask(simulator, "POST", "/dossiers/QG-1/results", file).json() == {"sha256": sha256}
    assert tell(simulator, 9, result={"sha256": sha256}).status_code == 200
    assert ask(simulator, "GET", f"/files/{sha256}").content == b"ket qua"


def test_the_mood_duplicate_hands_everything_in_twice(simulator: str) -> None:
    def tries() -> int:
        told = httpx.post(f"{simulator}/submit", json={"code": "QG-1"}).json()
        return len(told["answers"])

    assert tries() == 1
    httpx.post(f"{simulator}/faults", json={"mode": "duplicate"}).raise_for_status()
    assert tries() == 2
    httpx.post(f"{simulator}/faults", json={"mode": "down"}).raise_for_status()
    assert tell(simulator, 2).status_code == 503


def test_people_submit_on_its_page_and_read_what_became_of_it(simulator: str) -> None:
    page = httpx.post(f"{simulator}/submit", data={"x": ""}, follow_redirects=True).text
    assert "Tỉnh chưa báo trạng thái" in page
    assert "Đăng ký khai sinh: Trần Võ An Nhiên" in page


def test_a_submission_is_handed_out_again_signed_as_for_the_province(simulator: str) -> None:
    submit(simulator)
    told = ask(simulator, "GET", "/dossiers/QG-1/submission").json()
    body = base64.b64decode(told["body"])
    right = signing.sign(
        secret=SECRET,
        method="POST",
        path=told["path"],
        moment=told["timestamp"],
        key_id=told["key_id"],
        body=body,
    )
    assert (told["path"], told["signature"]) == ("/lien-thong/quoc-gia/ho-so", right)
    assert json.loads(body)["code"] == "QG-1"
    assert ask(simulator, "GET", "/dossiers/QG-2/submission").status_code == 404
    assert "submission" not in ask(simulator, "GET", "/dossiers/QG-1").json()


def test_a_fee_is_taken_and_listed_on_its_day(simulator: str) -> None:
    fee = {"code": "QG-1", "amount_vnd": 14_000, "transaction": "T1"}
    paid = {**fee, "paid_at": "2026-10-07T09:00:00+07:00"}
    httpx.post(f"{simulator}/pay", json=paid).raise_for_status()
    listed = ask(simulator, "GET", "/days/2026-10-07/payments/1").json()
    assert listed == {"items": [{**paid, "currency": "VND"}], "more": False}
    assert ask(simulator, "GET", "/days/2026-10-08/payments/1").json()["items"] == []


def refund(address: str, number: str, amount_vnd: int, *, payment: str = "T1") -> httpx.Response:
    told = {"refund": number, "code": "QG-1", "amount_vnd": amount_vnd, "at": STATUS["at"]}
    return ask(address, "POST", f"/payments/{payment}/refunds", told, number)


def test_a_fee_is_given_back_once_a_number_and_never_more_than_was_taken(tmp_path: Path) -> None:
    with start(tmp_path) as address:
        paid = {"code": "QG-1", "transaction": "T1", "amount_vnd": 14_000}
        httpx.post(f"{address}/pay", json=paid).raise_for_status()
        first = refund(address, "R1", 10_000)
        assert (first.status_code, first.json()["state"]) == (200, "done")
        assert refund(address, "R1", 10_000).json() == first.json()
        assert refund(address, "R2", 4_001).status_code == 422
        assert refund(address, "R3", 1, payment="T2").status_code == 404
    with start(tmp_path) as address:
        assert ask(address, "GET", "/refunds/R1").json() == first.json()
        listed = ask(address, "GET", "/days/2026-10-07/refunds/1").json()
        assert [one["refund"] for one in listed["items"]] == ["R1"]
        assert httpx.get(f"{address}/refunds/R1").status_code == 401


def test_a_refund_by_hand_waits_for_a_person_and_what_was_refused_may_be_asked_again(
    simulator: str,
) -> None:
    paid = {"code": "QG-1", "transaction": "T1", "amount_vnd": 14_000}
    httpx.post(f"{simulator}/pay", json=paid).raise_for_status()
    httpx.post(f"{simulator}/by-hand").raise_for_status()
    assert refund(simulator, "R1", 14_000).json()["state"] == "taken"
    told = {"refund": "R1", "state": "refused", "reason": "Thẻ đã đóng."}
    assert httpx.post(f"{simulator}/give-back", json=told).json()["state"] == "refused"
    assert ask(simulator, "GET", "/refunds/R1").json()["reason"] == "Thẻ đã đóng."
    assert refund(simulator, "R2", 14_000).json()["state"] == "taken"
