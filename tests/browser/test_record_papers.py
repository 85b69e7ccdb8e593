"""DX-13: what waits for an officer, and the papers of a record, in a browser and on a phone."""

from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from cuaso.channels.desk.tests import walk
from cuaso.wiring.running_house import RunningHouse
from tests.support.apparatus import key
from tests.support.people import Api, official
from tests.support.registers import invented

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SO = f"{walk.DESK}/so/"
HANDLER, CHAIRMAN, CLERK = "thuly.sonoivu", "lanhdao.ubndtinhgialai", "vanthu.ubndtinhgialai"


def enter(api: Api, registry: str, **said: str) -> str:
    """Enter a record as a program does; return its id."""
    values = {
        path.removeprefix("record."): text
        for path, text in invented(key(registry), 1).items()
        if path.startswith("record.")
    }
    answer = api.send("POST", f"/so/{key(registry)}", {"values": {**values, **said}})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def judge(page: Page, accessibility) -> None:
    """See that a page breaks no rule of accessibility and fits a phone."""
    assert accessibility.violations(page) == [], page.url
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def signed_in(page: Page, house: str, name: str, address: str) -> None:
    page.context.clear_cookies()
    walk.sign_in(page, house, name)
    page.goto(f"{house}{address}")


def test_DX_13_an_officer_finds_what_waits_and_a_certificate_is_drawn_signed_and_sealed(
    live_house: RunningHouse, page: Page, accessibility
):
    house = live_house.url
    with closing(official(live_house, HANDLER)) as person:
        api = Api(person)
        enter(
            api,
            "organisation",
            **dict.fromkeys(("parent", "commune", "position", "autonomy"), ""),
            sector="general",
            code="H21.991",
            name="Sở Thử khen thưởng (minh hoạ)",
            kind="department",
            own_seal="no",
            founded_on="01/07/2025",
        )
        enter(
            api,
            "reward_proposal",
            years="5",
            reason="work",
            **dict.fromkeys(("campaign", "checked_by", "opinion", "refused_why", "official"), ""),
            code="ĐN-991001",
            name="Nguyễn Thị Mai",
            subject="person",
            form="hc_ld_3",
            level="state",
            organisation="H21.991",
            received_on="05/10/2026",
            due_on="30/12/2026",
            disciplined="no",
            late_taxes="no",
        )
        award = enter(
            api,
            "reward",
            **dict.fromkeys(("official", "organisation", "proposal", "given_on"), ""),
            certificate="KT-991001",
            name="Nguyễn Thị Mai",
            subject="person",
            form="bang_khen_tinh",
            level="province",
            reason="work",
            year="2025",
            decided_on="01/10/2026",
            decision="1188/QĐ-CTUBND",
        )
    record = f"{SO}{key('reward')}/{award}/"
    signed_in(page, house, HANDLER, f"{SO}cho-toi-xu-ly/")
    expect(page.get_by_role("link", name="ĐN-991001 – Nguyễn Thị Mai")).to_be_visible()
    judge(page, accessibility)
    page.goto(f"{house}{record}")
    page.get_by_role("button", name="Lập: Bằng khen").click()
    expect(page.get_by_role("heading", name="Giấy tờ của bản ghi")).to_be_visible()
    judge(page, accessibility)
    for name, button in ((CHAIRMAN, "Ký giấy này"), (CLERK, "Đóng dấu, lưu giấy")):
        signed_in(page, house, name, record)
        judge(page, accessibility)
        page.get_by_role("button", name=button).click()
    expect(page.locator("main")).to_contain_text("đang có hiệu lực")
    judge(page, accessibility)
    signed_in(page, house, CHAIRMAN, f"{SO}cho-toi-xu-ly/")
    judge(page, accessibility)
