"""The simulator of the national database of officials, over its socket."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from cuaso_simulators.officials import signing
from cuaso_simulators.officials.book import sha256_of
from cuaso_simulators.process import free_port, running

SECRET = "bi-mat"
FIELDS = {"person.full_name": "Võ Thị Hạ Lam", "rank": "01.003"}


FIRST = {"version": 1, "based_on": ""}


def start(folder: Path) -> AbstractContextManager[str]:
    return running(
        "cuaso_simulators.officials",
        *("--folder", str(folder)),
        port=free_port(),
        environment={"CUASO_OFFICIALS_SECRET": SECRET},
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


def tell(
    address: str, version: int, *, code: str = "CB-1", based_on: str = "", **fields: str
) -> httpx.Response:
    told = {"version": version, "based_on": based_on, "fields": {**FIELDS, **fields}}
    return ask(address, "POST", f"/officials/{code}", told, f"{code}/{version}")


def test_an_official_is_taken_once_and_in_order_with_a_receipt_and_survives_a_restart(
    tmp_path: Path,
) -> None:
    with start(tmp_path) as address:
        receipt = tell(address, 2).json()
        assert receipt["sha256"] == sha256_of(FIELDS)
        mark = receipt.pop("mark")
        assert mark == signing.receipt_mark(secret=SECRET, **receipt)
        changed = tell(address, 3, based_on=receipt["sha256"], rank="01.002")
        assert changed.status_code == 200
        assert tell(address, 2).json()["version"] == 2
        late = ask(address, "POST", "/officials/CB-1", {**FIRST, "fields": FIELDS}, "other")
        assert (late.status_code, late.json()["version"]) == (409, 3)
    with start(tmp_path) as address:
        kept = ask(address, "GET", "/officials/CB-1").json()
        assert (kept["version"], kept["fields"]["rank"]) == (3, "01.002")
        assert ask(address, "GET", "/lists/1").json() == {
            "items": [
                {
                    "code": "CB-1",
                    "version": 3,
                    "sha256": sha256_of({**FIELDS, "rank": "01.002"}),
                    "name": "Võ Thị Hạ Lam",
                }
            ],
            "more": False,
        }


def test_what_is_unsigned_unknown_or_senseless_is_refused(simulator: str) -> None:
    path = f"{simulator}/officials/CB-1"
    assert httpx.post(path, json={**FIRST, "fields": FIELDS}).status_code == 401
    assert ask(simulator, "GET", "/officials/CB-9").status_code == 404
    assert ask(simulator, "POST", "/officials/CB-1", FIRST, "k").status_code == 400
    nameless = {**FIRST, "fields": {"rank": "01.003"}}
    assert ask(simulator, "POST", "/officials/CB-1", nameless, "k").status_code == 422
    assert ask(simulator, "GET", "/officials/CB-1").status_code == 404


def test_a_list_in_the_mood_duplicate_says_everybody_twice(simulator: str) -> None:
    tell(simulator, 1)
    httpx.post(f"{simulator}/faults", json={"mode": "duplicate"}).raise_for_status()
    items = ask(simulator, "GET", "/lists/1").json()["items"]
    assert [one["code"] for one in items] == ["CB-1", "CB-1"]
    httpx.post(f"{simulator}/faults", json={"mode": "down"}).raise_for_status()
    assert tell(simulator, 2).status_code == 503


def test_what_the_ministry_changed_is_not_written_over_by_who_has_not_seen_it(
    simulator: str,
) -> None:
    known = tell(simulator, 1).json()["sha256"]
    edited = {"code": "CB-1", "fields": {"rank": "01.001"}}
    httpx.post(f"{simulator}/edit", json=edited).raise_for_status()
    assert ask(simulator, "GET", "/officials/CB-1").json()["fields"]["rank"] == "01.001"
    assert "Võ Thị Hạ Lam" in httpx.get(f"{simulator}/").text
    unseen = tell(simulator, 2, based_on=known, rank="01.002")
    assert (unseen.status_code, unseen.json()["sha256"]) == (
        409,
        sha256_of({**FIELDS, "rank": "01.001"}),
    )
    assert tell(simulator, 2, based_on=known, rank="01.001").status_code == 200


def test_a_withdrawn_official_leaves_the_list(simulator: str) -> None:
    known = tell(simulator, 1).json()["sha256"]
    gone = {"version": 2, "based_on": known, "fields": {}, "withdrawn": True}
    assert ask(simulator, "POST", "/officials/CB-1", gone, "k2").status_code == 200
    assert ask(simulator, "GET", "/lists/1").json()["items"] == []
