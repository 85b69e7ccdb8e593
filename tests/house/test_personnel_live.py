"""TT-III.3: a running house: who leaves by decision is out of every session within seconds."""

import time
from collections.abc import Callable
from contextlib import ExitStack, closing

import httpx
import pytest
from playwright.sync_api import Page, expect

from cuaso.channels.desk.tests import walk
from cuaso.kernel import clock
from cuaso.wiring.running_house import RunningHouse
from tests.support.apparatus import key
from tests.support.connected import connected
from tests.support.people import Api, guest, official, post
from tests.support.registers import invented

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
OWN = "Con-thuyen-nho-tren-dam-Thi-Nai"
DESK, DOOR = "/ban-lam-viec/", "/dang-nhap/can-bo/"
MOST_SECONDS = 30.0
SYSTEMS = ("Quản lý văn bản (minh hoạ)", "Báo cáo (minh hoạ)")


class Department:
    """The department of home affairs and the province's administrator, before a running house."""

    def __init__(self, house: RunningHouse, stack: ExitStack) -> None:
        self.handler, self.leader = (
            Api(stack.enter_context(closing(official(house, f"{role}.sonoivu"))))
            for role in ("thuly", "lanhdao")
        )
        self.admin = stack.enter_context(closing(official(house, "quantri.ubndtinhgialai")))

    def enter(self, registry: str, /, **said: str) -> httpx.Response:
        """Enter a record as its form would."""
        values = {
            path.removeprefix("record."): text
            for path, text in invented(key(registry), 1).items()
            if path.startswith("record.")
        }
        fixed = {path.replace("__", "."): text for path, text in said.items()}
        sent = {"values": {**values, **fixed}}
        answer = self.handler.send("POST", f"/so/{key(registry)}", sent)
        assert answer.status_code == 201, answer.text
        return answer

    def decide(self, number: str, act: str, **said: str) -> None:
        """Write, check and issue a decision that is in force today."""
        today = f"{clock.today():%d/%m/%Y}"
        empty = dict.fromkeys(("from_org", "to_org", "post", "until", "term_months", "planned"), "")
        days = {"signed_on": today, "effective": today, "official": "CB-990001"}
        last = self.enter("personnel_decision", number=number, act=act, **{**empty, **days, **said})
        path = f"/so/{key('personnel_decision')}/{last.json()['id']}/moves"
        for who, step in ((self.handler, "check"), (self.leader, "issue")):
            asked = {"values": {}, "reason": ""}
            last = who.send("POST", f"{path}/{step}", asked, If_Match=last.headers["ETag"])
            assert last.status_code == 200, last.text


def within(seconds: float, condition: Callable[[], bool]) -> float:
    """Wait until a condition holds; return after how many seconds it did."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "it did not happen"
        time.sleep(0.1)
    return time.monotonic() - begun


def signed_in(house: RunningHouse) -> httpx.Client:
    person = guest(house)
    post(person, DOOR, {"login": "noiltt", "password": OWN})
    assert person.get(DESK).url.path == DESK
    return person


def activated(house: RunningHouse, department: Department) -> None:
    """Let the newcomer get a code at the counter and type it."""
    page = "/ban-lam-viec/nhan-su/"

    def offered() -> str:
        shown = department.admin.get(page).text
        return shown.partition('value="code:')[2].partition('"')[0] if "noiltt" in shown else ""

    within(MOST_SECONDS, lambda: bool(offered()))
    shown = post(department.admin, page, {"act": f"code:{offered()}"}).text
    code = shown.partition("Mã kích hoạt</dt>")[2].partition('class="code">')[2].partition("<")[0]
    typed = {"username": "noiltt", "code": code, "password": OWN, "again": OWN}
    with closing(guest(house)) as person:
        assert post(person, "/tai-khoan/kich-hoat/", typed).url.path == DOOR


def test_TT_III_3_who_retires_is_out_of_every_session_and_connected_system_within_thirty_seconds(
    live_house: RunningHouse,
):
    with ExitStack() as stack:
        department = Department(live_house, stack)
        department.enter(
            "organisation",
            code="H21.990",
            name="Phòng Thử nghỉ hưu (minh hoạ)",
            kind="department",
            parent="",
            commune="",
            position="",
            autonomy="",
            own_seal="no",
            founded_on="01/07/2025",
        )
        department.enter(
            "official",
            code="CB-990001",
            person__full_name="Lê Thị Thử Nội",
            person__personal_number="052180990001",
            person__birth_date="02/01/1980",
            person__sex="female",
            organisation="H21.990",
            commune="",
            kind="civil_servant",
            email="",
            post="specialist",
            post_since="",
            recruited_on="01/11/2012",
            placed_on="",
            party_member="no",
            party_joined_on="",
            left_on="",
        )
        department.decide("QĐNS-99001/2026", "recruit", to_org="H21.990")
        activated(live_house, department)
        live = [stack.enter_context(closing(signed_in(live_house))) for _ in range(2)]
        systems = [stack.enter_context(connected(live_house, name)) for name in SYSTEMS]
        for system in systems:
            system.is_approved(department.admin)
            sids = {system.lets_in(person) for person in live}
            assert (len(sids), system.sessions) == (2, sids)
        department.decide("QĐNS-99002/2026", "retire")

        def is_out() -> bool:
            here = all(one.get(DESK).url.path != DESK for one in live)
            return here and not any(system.sessions for system in systems)

        # Every page and both systems, each over its own socket, told by the live worker.
        assert within(MOST_SECONDS, is_out) < MOST_SECONDS
        outside = stack.enter_context(closing(guest(live_house)))
        post(outside, DOOR, {"login": "noiltt", "password": OWN})
        assert outside.get(DESK).url.path != DESK


@pytest.mark.browser
def test_TT_IV_13_comings_and_differences_are_read_and_decided_on_a_phone(
    live_house: RunningHouse, page: Page, accessibility
):
    told = {"code": "CB-770001", "fields": {"person.full_name": "Người Lạ Minh Hoạ"}}
    httpx.post(f"{live_house.address_of('officials')}/edit", json=told).raise_for_status()
    page.set_viewport_size({"width": 360, "height": 800})
    walk.sign_in(page, live_house.url, "quantri.ubndtinhgialai")
    page.goto(f"{live_house.url}{DESK}nhan-su/")
    expect(page.get_by_role("heading", name="Người mới, người chuyển, người nghỉ")).to_be_visible()
    assert accessibility.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.clear_cookies()
    walk.sign_in(page, live_house.url, "thuly.sonoivu")
    page.goto(f"{live_house.url}{DESK}so/home-affairs/official/")
    page.get_by_role("link", name="Đối soát").click()
    page.get_by_role("button", name="Đối soát ngay").click()
    expect(page.get_by_text("Đã đối soát xong.")).to_be_visible()
    assert accessibility.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    line = page.locator("form", has_text="CB-770001")
    line.get_by_label("Lập hồ sơ ở tỉnh").check()
    line.get_by_label("Căn cứ").fill("Công văn của Bộ")
    line.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_text("Đã ghi quyết định.")).to_be_visible()
    expect(page.get_by_text("CB-770001")).to_have_count(0)
