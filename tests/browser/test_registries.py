"""KT-e5: a declared registry in the browser: an officer enters, finds, changes, undoes."""

import re

import pytest
from playwright.sync_api import Page, expect

from cuaso.channels.desk.tests import walk
from cuaso.wiring.running_house import RunningHouse
from tests.support.vessels import BASE, VESSEL

pytestmark = pytest.mark.browser
OFFICER, CHIEF = "thuly.chicucthuysan", "lanhdao.chicucthuysan"


def enter(page: Page, house: str, number: str, **changed: str) -> str:
    """Enter a vessel by the form; return the address of its page."""
    page.goto(f"{house}{BASE}them/")
    named = {f"record.{name}": value for name, value in changed.items()}
    walk.fill(page, {**VESSEL, "record.number": number, **named})
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.get_by_role("status").or_(page.locator(".notice")).first).to_contain_text("Đã ghi")
    return page.url


def barriers(page: Page, accessibility) -> list[str]:
    """Return axe's findings and sideways scrolling at both widths."""
    found = accessibility.violations(page)
    page.set_viewport_size({"width": 360, "height": 800})
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    page.set_viewport_size({"width": 1280, "height": 900})
    return [f"{page.url}: {one}" for one in found]


def enter_by_keyboard(page: Page, number: str) -> None:
    """Enter a vessel with keys alone, the first time with a wrong number."""
    expect(page.locator(".keys")).to_be_visible()
    page.keyboard.press("n")
    page.wait_for_url(f"**{BASE}them/")
    walk.fill(page, {**VESSEL, "record.number": "BĐ-95"})
    page.locator('[name="record.number"]').press("Enter")
    expect(page.locator(".errors")).to_contain_text("Số đăng ký viết như BĐ-91234-TS.")
    page.locator(".errors a").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator(".notice").first).to_contain_text(f"Đã ghi “{number}”.")


def find(page: Page, house: str, words: str) -> None:
    """Search the registry with keys alone."""
    page.goto(f"{house}{BASE}")
    expect(page.locator(".keys")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")


def test_KT_e5_an_officer_enters_finds_changes_and_undoes(
    live_house: RunningHouse, page: Page, accessibility
):
    house = live_house.url
    walk.sign_in(page, house, OFFICER)
    page.get_by_role("link", name="Sổ, cơ sở dữ liệu").click()
    page.locator("summary", has_text="Nông nghiệp và môi trường").click()
    page.get_by_role("link", name=re.compile("^Sổ đăng ký tàu cá")).click()
    assert barriers(page, accessibility) == []
    enter_by_keyboard(page, "BĐ-95001-TS")
    assert barriers(page, accessibility) == []
    find(page, house, "hai au minh hoa")
    page.get_by_role("link", name="BĐ-95001-TS").click()
    expect(page.locator("[data-edit]")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("e")
    page.wait_for_url("**/sua/")
    page.locator('[name="record.vessel_name"]').fill("Hải Âu đổi tên")
    page.get_by_label("Vì sao sửa").fill("Chủ tàu đổi tên tàu")
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.locator("h1")).to_contain_text("BĐ-95001-TS")
    history = page.locator("#lich-su + ol")
    expect(history.locator("ins").first).to_have_text("Hải Âu đổi tên")
    history.get_by_text("Hoàn tác lần ghi này").first.click()
    page.get_by_role("button", name="Hoàn tác").first.click()
    expect(page.locator(".notice").first).to_contain_text("Đã hoàn tác trên 1 bản ghi.")
    expect(page.locator("main dl").first).to_contain_text("Hải Âu Minh Hoạ")


def test_KT_e5_the_other_ways_to_look_at_a_registry_stand_open_to_everybody(
    live_house: RunningHouse, page: Page, accessibility
):
    house = live_house.url
    walk.sign_in(page, house, OFFICER)
    enter(page, house, "BĐ-95002-TS", vessel_name="Biển Xanh Minh Hoạ")
    for view in ("bang/", "lich/licences/?thang=2026-12", "so-lieu/power/", "?o=gear", "?o=length"):
        page.goto(f"{house}{BASE}{view}")
        assert barriers(page, accessibility) == []
    page.goto(f"{house}{BASE}")
    page.locator("[name=ids]").first.check()
    expect(page.locator("[data-chosen]")).to_have_text("Đã chọn 1 bản ghi")
    page.get_by_role("button", name="Sửa cùng lúc").click()
    page.get_by_label("Sửa ô nào?").select_option("port")
    page.get_by_role("button", name="Tiếp").click()
    assert barriers(page, accessibility) == []
    page.get_by_label("Cảng cá Đề Gi").check()
    page.get_by_label("Lý do").fill("Chuyển cảng")
    page.get_by_role("button", name="Ghi vào các bản ghi đã chọn").click()
    expect(page.locator("h1")).to_have_text("Đã sửa 1 trong 1 bản ghi")
    assert barriers(page, accessibility) == []
    page.get_by_role("button", name="Hoàn tác tất cả").click()
    expect(page.locator(".notice").first).to_contain_text("Đã hoàn tác")
