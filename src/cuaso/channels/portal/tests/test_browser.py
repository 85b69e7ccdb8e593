"""The portal in Chromium, before a whole running house."""

import pytest
from playwright.sync_api import Browser, Page

from cuaso.channels.portal.tests import walk
from tests.support.keyboard import tabbed

pytestmark = pytest.mark.browser

OPEN_TO_ALL = (
    "/",
    "/thu-tuc/",
    "/thu-tuc/?q=khai%20sinh",
    "/thu-tuc/?q=zzqqxx",
    "/thu-tuc/1.001193/",
    "/thu-tuc/9.999999/",
    "/tra-cuu/",
    "/tra-cuu/dia-chi-cu/?cu=canh%20hiep",
    "/xac-minh/",
    "/chia-se/khong-co/",
    "/dieu-khoan/tro-giup/",
)
OF_A_CITIZEN = ("/", "/ho-so/", "/kho/", "/ai-da-xem/", "/ho-so/KHONG-CO/")
WIDTHS = (1280, 360)


@pytest.fixture
def narrow_and_wide(browser: Browser):
    """Return a function that looks at addresses at both widths, in light and dark."""
    contexts = []

    def look(cookies=()):
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                context = browser.new_context(
                    locale="vi-VN", viewport={"width": width, "height": 900}, color_scheme=scheme
                )
                context.add_cookies(list(cookies))
                contexts.append(context)
                yield context.new_page()

    yield look
    for context in contexts:
        context.close()


def troubles(page: Page, url: str, accessibility) -> list[str]:
    """Return axe's findings, sideways scrolling, and what the CSP blocked on a page."""
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    page.goto(url)
    found = accessibility.violations(page)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("scrolls sideways")
    blocked = [line for line in said if "status of 404" not in line]
    return [f"{url}: {line}" for line in (*found, *blocked)]


def test_a_guest_finds_no_barrier_on_any_page(live_house, narrow_and_wide, accessibility):
    found = [
        trouble
        for page in narrow_and_wide()
        for path in OPEN_TO_ALL
        for trouble in troubles(page, live_house.url + path, accessibility)
    ]
    assert found == []


def test_a_citizen_finds_no_barrier_from_the_form_to_the_dossier(
    live_house, page, narrow_and_wide, accessibility
):
    walk.sign_in(page, live_house.url)
    walk.begin(page, live_house.url)
    draft = page.url.removeprefix(live_house.url)
    page.get_by_role("button", name="Lưu và sang bước 2").last.click()
    page.locator(".errors").wait_for()
    assert accessibility.violations(page) == []
    code = walk.submit_birth(page, live_house.url)
    paths = (
        *OF_A_CITIZEN,
        draft,
        f"{draft}giay-to/",
        f"{draft}xem-lai/",
        f"/ho-so/{code}/",
        f"/ho-so/{code}/rut/",
        f"/ho-so/{code}/ban-thao/",
    )
    found = [
        trouble
        for one in narrow_and_wide(page.context.cookies())
        for path in paths
        for trouble in troubles(one, live_house.url + path, accessibility)
    ]
    assert found == []


def test_a_citizen_submits_and_tracks_without_any_script(live_house, browser):
    context = browser.new_context(locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    walk.sign_in(page, live_house.url)
    code = walk.submit_birth(page, live_house.url)
    assert "Mới đăng ký" in page.locator("h1").inner_text()
    page.goto(f"{live_house.url}/tra-cuu/?ma={code}")
    page.get_by_label("4 số cuối").fill(walk.MOTHER[-4:])
    page.get_by_role("button", name="Tra cứu").click()
    assert "Mới đăng ký" in page.locator("h1").inner_text()
    context.close()


def test_results_appear_while_a_guest_types(live_house, page):
    page.goto(f"{live_house.url}/thu-tuc/")
    page.get_by_label("Việc bạn cần làm").press_sequentially("dang ky khai sinh")
    page.get_by_role("heading", name="hợp với “dang ky khai sinh”").wait_for()
    assert page.locator("#ket-qua a").first.get_attribute("href") == "/thu-tuc/1.001193/"


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(live_house, page):
    walk.sign_in(page, live_house.url)
    walk.begin(page, live_house.url)
    walk.fill(page, {"child.birth_date": "31/11/2025"})
    page.get_by_role("button", name="Lưu và sang bước 2").last.click()
    page.locator(".errors:focus").wait_for()
    page.get_by_role("link", name="tháng 11 chỉ có 30 ngày").click()
    page.locator('[name="child.birth_date"]:focus').wait_for()


def test_kt_b3_what_an_answer_calls_for_appears_at_once_and_nothing_typed_is_lost(live_house, page):
    walk.sign_in(page, live_house.url)
    walk.begin(page, live_house.url, "1.004873")
    assert page.locator('[name="subject.decision_number"]').count() == 0
    page.locator('[name="subject.full_name"]').fill("Võ Thị Hạ Lam")
    divorced = page.locator('[name="subject.status"][value="divorced"]')
    divorced.check()
    page.locator('[name="subject.decision_number"]').wait_for()
    assert divorced.is_checked()
    assert page.locator('[name="subject.full_name"]').input_value() == "Võ Thị Hạ Lam"
    page.locator('[name="subject.status"][value="divorced"]:focus').wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_citizen_walks_the_portal_by_tab_and_sees_each_stop(live_house, page, width):
    page.set_viewport_size({"width": width, "height": 640})
    walk.sign_in(page, live_house.url)
    walk.begin(page, live_house.url)
    form = page.url.removeprefix(live_house.url)
    for url in ("/", "/thu-tuc/", "/thu-tuc/1.001193/", form, "/kho/", "/tra-cuu/"):
        assert page.goto(live_house.url + url).ok
        said, wrong = tabbed(page)
        assert said[0] == "Đến nội dung chính"
        assert wrong == []
