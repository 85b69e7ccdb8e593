"""KT-d5: a fee in the browser, from the portal through the gateway's own page to the receipt."""

import re

import pytest
from playwright.sync_api import Page, expect

from cuaso.channels.desk.tests import walk as desk
from cuaso.channels.portal.tests import walk
from cuaso.wiring.running_house import RunningHouse
from tests.support.answers import COPY

pytestmark = pytest.mark.browser


def submit_copies(page: Page, house: str) -> str:
    """Ask for certified copies online; return the tracking code."""
    walk.begin(page, house, "2.000815")
    while page.url.rstrip("/").split("/")[-2] == "ban-nhap":
        shown = page.locator("main [name]").count()
        walk.fill(page, COPY)
        page.get_by_role("button", name="Lưu và sang bước 2").last.click()
        page.wait_for_load_state()
        if page.locator("main [name]").count() == shown and "giay-to" not in page.url:
            raise AssertionError(page.locator(".errors").inner_text())
    page.get_by_role("link", name="Sang bước 3: xem lại").click()
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url("**/ho-so/*/")
    return page.url.rstrip("/").split("/")[-1]


def barriers(page: Page, accessibility) -> list[str]:
    """Return axe's findings and sideways scrolling at both widths."""
    found = accessibility.violations(page)
    page.set_viewport_size({"width": 360, "height": 800})
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    page.set_viewport_size({"width": 1280, "height": 900})
    return [f"{page.url}: {one}" for one in found]


def test_KT_d5_a_citizen_pays_at_the_gateway_and_comes_back_to_a_receipt(
    live_house: RunningHouse, page: Page, accessibility
):
    house = live_house.url
    walk.sign_in(page, house)
    code = submit_copies(page, house)
    expect(page.locator("main")).to_contain_text("Phải nộp 14.000 đồng")
    page.get_by_role("link", name="Nộp phí, lệ phí").click()
    expect(page.locator("h1")).to_contain_text("Nộp 14.000 đồng")
    assert barriers(page, accessibility) == []
    page.get_by_role("button", name="Thanh toán qua cổng").click()
    expect(page.locator("h1")).to_contain_text("Cổng thanh toán mô phỏng")
    page.get_by_role("button", name="Thanh toán", exact=True).click()
    page.wait_for_url(f"**/ho-so/{code}/nop-phi/tinh-trang/")
    expect(page.locator("h1")).to_contain_text("Bạn không còn khoản nào phải nộp")
    expect(page.locator("main")).to_contain_text(re.compile(r"\d{7}/\d{4}"))
    assert barriers(page, accessibility) == []


def test_KT_d5_the_desk_takes_cash_and_closes_its_day(
    live_house: RunningHouse, page: Page, accessibility
):
    house = live_house.url
    desk.sign_in(page, house, desk.RECEPTION)
    page.goto(f"{house}{desk.DESK}/tiep-nhan/2.000815/")
    desk.fill(page, {**desk.WALK_IN, **COPY})
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").last.click()
    page.wait_for_url("**/tiep-nhan/xong/*/")
    page.get_by_role("link", name="Thu tiền mặt").last.click()
    assert barriers(page, accessibility) == []
    page.get_by_role("link", name=re.compile("^Thu tiền H21")).first.click()
    expect(page.locator("h1")).to_contain_text("Thu 14.000 đồng")
    assert barriers(page, accessibility) == []
    page.get_by_role("button", name="Đã nhận đủ tiền").click()
    expect(page.locator("h1")).to_contain_text("Biên lai thu phí, lệ phí")
    assert barriers(page, accessibility) == []
    page.goto(f"{house}{desk.DESK}/thu-tien/chot/")
    page.get_by_label("Số tiền đếm được trong két").fill("13.000")
    page.get_by_role("button", name="Chốt quỹ").click()
    expect(page.locator(".errors")).to_contain_text("hãy ghi lý do")
    assert barriers(page, accessibility) == []
