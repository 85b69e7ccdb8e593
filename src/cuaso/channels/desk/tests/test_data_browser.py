"""The data pages in a real browser: narrow and wide, judged by axe."""

import pytest
from playwright.sync_api import Page

from cuaso.channels.desk.tests.walk import ADMIN, DESK, sign_in

pytestmark = pytest.mark.browser
PAGES = (
    "tu-dien/",
    "tu-dien/?q=so dinh danh",
    "tu-dien/phan-tu/person.personal_number/?doi=pattern&thanh=x",
    "tu-dien/danh-muc/sex/?ngay=30/06/2025&bo=female",
    "quy-hoach-du-lieu/",
    "quy-hoach-du-lieu/?nganh=agriculture",
    "ung-dung/",
    "ung-dung/dang-ky/",
)


def test_the_data_pages_fit_a_phone_and_break_no_rule_of_accessibility(
    live_house, page: Page, accessibility
):
    sign_in(page, live_house.url, ADMIN)
    page.set_viewport_size({"width": 360, "height": 900})
    for path in PAGES:
        page.goto(f"{live_house.url}{DESK}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert accessibility.violations(page) == [], path


def test_a_registration_that_resembles_something_is_warned_of_before_the_eyes(
    live_house, page: Page
):
    sign_in(page, live_house.url, ADMIN)
    page.goto(f"{live_house.url}{DESK}/ung-dung/dang-ky/")
    page.get_by_label("Tên ứng dụng").fill("Phần mềm hồ sơ cán bộ")
    page.get_by_label("Dùng để làm gì").fill("Giữ hồ sơ cán bộ, công chức và quá trình công tác")
    page.get_by_label("Dữ liệu sẽ giữ").fill("person.full_name\nperson.birth_date")
    page.get_by_label("Cấp độ an toàn").select_option("1")
    page.get_by_role("button", name="Xem đã có gì giống").click()
    warned = page.get_by_role("region", name="Đã có ứng dụng giống")
    assert "Cùng giữ 2 phần tử dữ liệu" in warned.inner_text()
