"""The desk in Chromium, before a whole running house."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from cuaso.channels.desk.tests import walk
from cuaso.channels.desk.tests.walk import ADMIN, DESK, HANDLER, LEADER, RECEPTION
from tests.support.keyboard import tabbed

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
# Each width once, each colour scheme once.
LOOKS: tuple[tuple[int, Any], ...] = ((1280, "light"), (360, "dark"))


@pytest.fixture
def seated(live_house, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that signs an official in, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def sit(name: str, **options: object) -> Page:
        window: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, **options}
        context = browser.new_context(locale="vi-VN", **window)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        walk.sign_in(page, live_house.url, name)
        return page

    yield sit
    for context in contexts:
        context.close()


@pytest.fixture
def barriers(browser: Browser, accessibility) -> Callable[..., list[str]]:
    """Return a function that tells what axe, the CSP and the width of pages complain of."""

    def told(page: Page, *urls: str) -> list[str]:
        found: list[str] = []
        for width, scheme in LOOKS:
            context = browser.new_context(
                locale="vi-VN", viewport={"width": width, "height": 900}, color_scheme=scheme
            )
            cookies: list[Any] = list(page.context.cookies())
            context.add_cookies(cookies)
            other = context.new_page()
            for url in urls:
                found += [f"{width} {scheme} {url}: {one}" for one in _barriers(other, url)]
            context.close()
        return found

    def _barriers(page: Page, url: str) -> list[str]:
        said: list[str] = []
        page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
        page.goto(url)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            said.append("scrolls sideways")
        blocked = [line for line in said if "status of 4" not in line]
        return [*accessibility.violations(page), *blocked]

    return told


@pytest.fixture
def dossier(live_house, seated) -> str:
    """Return a dossier that was received at the counter and waits for the handler."""
    return walk.receive_birth(seated(RECEPTION), live_house.url)


def test_reception_finds_no_barrier_from_the_queue_to_the_receipt(live_house, seated, barriers):
    house = live_house.url + DESK
    page = seated(RECEPTION)
    id_ = walk.receive_birth(page, live_house.url)
    found = barriers(
        page,
        f"{house}/",
        f"{house}/?xem=all",
        f"{house}/?q=zzqqxx",
        f"{house}/tiep-nhan/",
        f"{house}/tiep-nhan/1.001193/",
        f"{house}/tiep-nhan/2.000815/",
        f"{house}/tiep-nhan/xong/{id_}/",
        f"{house}/ho-so/{id_}/",
    )
    assert found == []


def test_the_handler_finds_no_barrier_on_any_act(live_house, seated, barriers, dossier):
    house = f"{live_house.url}{DESK}/ho-so/{dossier}"
    found = barriers(
        seated(HANDLER),
        f"{live_house.url}{DESK}/",
        f"{house}/",
        f"{house}/duong-di/",
        f"{house}/viec/trinh/",
        f"{house}/viec/yeu-cau-bo-sung/",
        f"{house}/viec/hoi-y-kien/",
        f"{house}/viec/giao-viec/",
        f"{house}/viec/tu-choi/",
    )
    assert found == []


def test_the_leader_signs_a_batch_on_a_phone(live_house, seated, barriers, dossier):
    walk.act(seated(HANDLER), live_house.url, dossier, "trinh", "Lập dự thảo và trình")
    phone = seated(LEADER, viewport={"width": 360, "height": 740}, has_touch=True)
    sign = f"{live_house.url}{DESK}/ky/"
    wait_for_row(phone, sign, dossier)
    house = f"{live_house.url}{DESK}/ho-so/{dossier}"
    complaints = f"{live_house.url}{DESK}/phan-anh/"
    acts = (f"{house}/viec/ky/", f"{house}/viec/tra-lai/")
    assert barriers(phone, sign, complaints, *acts) == []
    phone.goto(sign)
    phone.locator(f'[name="ids"][value="{dossier}"]').check()
    expect(phone.get_by_text("1 văn bản sẽ được ký")).to_be_visible()
    phone.get_by_role("button", name="Xem lại và ký").click()
    phone.get_by_role("button", name="Ký 1 văn bản").click()
    expect(phone.locator(".errors")).to_contain_text("Hãy xác nhận rằng ông/bà đã xem")
    phone.get_by_label("Tôi đã xem nội dung từng bản").check()
    phone.get_by_role("button", name="Ký 1 văn bản").click()
    expect(phone.locator("h1")).to_have_text("Đã ký 1 văn bản")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def wait_for_row(page: Page, url: str, dossier_id: str) -> None:
    """Reload until the worker has brought the dossier to this list."""
    row = page.locator(f'[name="ids"][value="{dossier_id}"]')
    for _ in range(60):
        page.goto(url)
        if row.count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{dossier_id} did not come to {url}")


def test_an_administrator_finds_no_barrier(live_house, seated, barriers):
    house = f"{live_house.url}{DESK}/quan-tri"
    assert barriers(seated(ADMIN), f"{house}/", f"{house}/lich/") == []


def test_an_auditor_is_asked_for_the_purpose_without_a_barrier(
    live_house, seated, barriers, dossier
):
    url = f"{live_house.url}{DESK}/ho-so/{dossier}/"
    page = seated("kiemtra.thanhtratinh")
    assert barriers(page, url) == []
    page.goto(url)
    page.get_by_label("Mục đích xem").fill("Kiểm tra định kỳ quý IV")
    page.get_by_role("button", name="Ghi mục đích và mở hồ sơ").click()
    expect(page.locator("h1")).to_contain_text("Trần Võ An Nhiên")


def test_keys_move_mark_and_open(live_house, seated, dossier):
    page = seated(HANDLER)
    page.goto(f"{live_house.url}{DESK}/")
    rows = page.locator("tbody .cell-main")
    page.keyboard.press("j")
    expect(rows.first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator('[name="ids"]').first).to_be_checked()
    expect(page.get_by_text("Đã chọn 1 hồ sơ")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#loc")).to_be_focused()
    page.keyboard.press("Tab")
    rows.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ho-so/*/")
    page.keyboard.press("v")
    expect(page.locator(".acts .btn").first).to_be_focused()
    page.get_by_role("link", name="Yêu cầu bổ sung").click()
    page.wait_for_url("**/viec/*/")
    page.keyboard.press("v")
    expect(page.locator("main form .btn.main")).to_be_focused()


def test_an_officer_works_without_any_script(live_house, seated):
    page = seated(RECEPTION, java_script_enabled=False)
    id_ = walk.receive_birth(page, live_house.url)
    page.goto(f"{live_house.url}{DESK}/ho-so/{id_}/")
    page.get_by_label("Ghi ý kiến").fill("Người dân hẹn lấy buổi chiều.")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.locator("main")).to_contain_text("Người dân hẹn lấy buổi chiều.")


def test_a_paper_is_shown_inside_the_dossiers_page(live_house, seated, dossier):
    page = seated(HANDLER)
    blocked: list[str] = []
    page.on("console", lambda one: blocked.append(one.text) if one.type == "error" else None)
    page.goto(f"{live_house.url}{DESK}/ho-so/{dossier}/")
    frame = page.locator("iframe.sheet-view")
    answer = page.request.get(live_house.url + str(frame.get_attribute("src")))
    assert answer.headers["content-type"] == "application/pdf"
    assert blocked == []


def test_a_leader_walks_the_desk_by_tab_and_sees_each_stop(live_house, seated, dossier):
    walk.act(seated(HANDLER), live_house.url, dossier, "trinh", "Lập dự thảo và trình")
    house = f"{live_house.url}{DESK}"
    page = seated(LEADER, viewport={"width": 360, "height": 560})
    wait_for_row(page, f"{house}/ky/", dossier)
    for url in ("/", "/ky/", f"/ho-so/{dossier}/", f"/ho-so/{dossier}/viec/tra-lai/", "/quyen/"):
        page.goto(house + url)
        said, wrong = tabbed(page)
        assert said[0] == "Đến nội dung chính"
        assert wrong == []


def test_a_refused_act_puts_the_focus_on_what_is_wrong(live_house, seated, dossier):
    page = seated(HANDLER)
    page.goto(f"{live_house.url}{DESK}/ho-so/{dossier}/viec/tu-choi/")
    page.locator("main form .btn.main").click()
    expect(page.locator(".errors")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".errors a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator('[name="reason"]')).to_be_focused()
