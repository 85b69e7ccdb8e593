"""Phrases in Chromium: with a script a choice goes into the text, without one a button does it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from cuaso.channels.desk.tests import walk
from cuaso.channels.desk.tests.walk import DESK, LEADER, RECEPTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
AGREED = "Đồng ý với đề xuất."
CHECK = "Đề nghị kiểm tra lại nội dung sau:"


def sit(browser: Browser, house: str, name: str, *, script: bool, width: int = 1280) -> Page:
    context = browser.new_context(
        locale="vi-VN", java_script_enabled=script, viewport={"width": width, "height": 900}
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    walk.sign_in(page, house, name)
    return page


def test_an_officer_chooses_a_phrase_and_then_another_with_and_without_a_script(
    live_house, browser: Browser
):
    page = sit(browser, live_house.url, RECEPTION, script=True)
    dossier_id = walk.receive_birth(page, live_house.url)
    page.goto(f"{live_house.url}{DESK}/ho-so/{dossier_id}/")
    text, choice = page.locator("[name=text]"), page.locator("[name=phrase]")
    expect(page.get_by_role("button", name="Chèn")).to_be_hidden()
    text.fill("Đã xem.")
    choice.select_option("opinion_agree")
    expect(text).to_have_value(f"Đã xem.\n{AGREED}")
    choice.select_option("any_recheck")
    expect(text).to_have_value(f"Đã xem.\n{CHECK}")
    choice.select_option("")
    expect(text).to_have_value("Đã xem.")
    page.context.close()

    plain = sit(browser, live_house.url, RECEPTION, script=False, width=360)
    plain.goto(f"{live_house.url}{DESK}/ho-so/{dossier_id}/")
    plain.locator("[name=text]").fill("Đã xem.")
    plain.locator("[name=phrase]").select_option("opinion_agree")
    plain.get_by_role("button", name="Chèn").click()
    expect(plain.locator("[name=text]")).to_have_value(f"Đã xem.\n{AGREED}")
    plain.context.close()


def test_a_leader_keeps_a_phrase_on_a_phone(live_house, browser: Browser, accessibility):
    page = sit(browser, live_house.url, LEADER, script=True, width=360)
    page.goto(f"{live_house.url}{DESK}/mau-cau/")
    page.get_by_role("radio", name="Của cơ quan").check()
    page.get_by_label("Tên mẫu câu").fill("Căn cứ chưa rõ")
    page.get_by_label("Nội dung mẫu câu").fill("Hồ sơ {mã hồ sơ}: đề nghị nêu rõ căn cứ.")
    page.get_by_role("button", name="Lưu mẫu câu").click()
    expect(page.get_by_text("Đã lưu mẫu câu.")).to_be_visible()
    expect(page.get_by_role("button", name="Bỏ Căn cứ chưa rõ")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert accessibility.violations(page) == []
    page.context.close()
