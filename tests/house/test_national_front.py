"""KT-d5, KT-e3: a running house and the portal's simulator, each a process of its own."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import httpx
import psycopg
import pytest

from cuaso.wiring.running_house import RunningHouse
from tests.support.people import Api, official

pytestmark = pytest.mark.slow
CODE = re.compile(r"[A-Z0-9.]+-\d{6}-\d{4}")


def submit(portal: str, code: str) -> list[dict[str, object]]:
    told = httpx.post(f"{portal}/submit", json={"code": code}, timeout=60).json()
    return [{"status": one["status"], **one["body"]} for one in told["answers"]]


def page_of(portal: str, code: str) -> str:
    """Return the portal's article of one dossier, as a person reads it."""
    found = httpx.get(portal).text.partition(f"<h2>{code}</h2>")[2]
    return found.partition("</article>")[0]


def test_kt_d5_what_people_submit_at_the_national_portal_is_received_here_and_told_there(
    live_house: RunningHouse,
):
    portal = live_house.address_of("national_portal").replace("localhost", "127.0.0.1")
    code = f"QG-LIVE-{time.monotonic_ns()}"
    with ThreadPoolExecutor(8) as pool:
        answers = [one for got in pool.map(lambda _: submit(portal, code), range(8)) for one in got]
    httpx.post(f"{portal}/faults", json={"mode": "duplicate"}).raise_for_status()
    answers += submit(portal, code)
    httpx.post(f"{portal}/faults", json={"mode": "ok"}).raise_for_status()
    assert len(answers) == 10
    assert answers == [answers[0]] * 10
    assert answers[0]["status"] == 1

    with psycopg.connect(live_house.owner_url) as database:
        found = database.execute(
            "select id, tracking_code from procedures_dossier where key = %s", [f"national:{code}"]
        ).fetchall()
        drafts = database.execute(
            "select count(*) from procedures_draft where dossier_id = %s", [found[0][0]]
        ).fetchone()
    assert [tracking for _, tracking in found] == [answers[0]["tracking_code"]]
    assert drafts == (1,)

    with closing(official(live_house, "tiepnhan.quynhon")) as person:
        desk = Api(person)
        got = desk.act(str(found[0][0]), "receive").raise_for_status().json()
    assert CODE.fullmatch(got["dossier_code"])
    until = time.monotonic() + 30
    while "Đang xử lý" not in (said := page_of(portal, code)):
        assert time.monotonic() < until, said
        time.sleep(0.2)
    assert said.count("<li>") == 2
