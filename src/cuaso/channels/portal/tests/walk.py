"""A citizen before a running house, in a real browser."""

import re

from playwright.sync_api import Page

from tests.support.answers import BIRTH, PDF

MOTHER = "052196000122"


def sign_in(page: Page, house: str, number: str = MOTHER) -> None:
    """Sign in through the identity provider's own pages."""
    page.goto(f"{house}/dang-nhap/")
    page.get_by_role("button", name="Công dân đăng nhập bằng VNeID").click()
    page.get_by_label("Số định danh cá nhân (12 chữ số)").fill(number)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Đồng ý chia sẻ").click()
    page.wait_for_url(f"{house}/**")


def begin(page: Page, house: str, code: str = "1.001193") -> None:
    page.goto(f"{house}/thu-tuc/{code}/")
    page.get_by_role("button", name="Bắt đầu làm").click()
    page.wait_for_url("**/ban-nhap/*/")


def fill(page: Page, answers: dict[str, str]) -> None:
    """Fill every input that the page shows now; inputs that other answers reveal come later."""
    for name, value in answers.items():
        places = page.locator(f'[name="{name}"]')
        if places.count() == 0:
            continue
        kind = places.first.evaluate("input => input.type")
        if kind in ("radio", "checkbox"):
            page.locator(f'[name="{name}"][value="{value}"]').check()
        elif kind == "select-one":
            places.first.select_option(value)
        else:
            places.first.fill(value)


def submit_birth(page: Page, house: str) -> str:
    """Register a birth from the first page to the receipt; return the tracking code."""
    begin(page, house)
    while page.url.rstrip("/").split("/")[-2] == "ban-nhap":
        shown = page.locator("main [name]").count()
        fill(page, BIRTH)
        page.get_by_role("button", name="Lưu và sang bước 2").last.click()
        page.wait_for_load_state()
        if page.locator("main [name]").count() == shown and "giay-to" not in page.url:
            raise AssertionError(page.locator(".errors").inner_text())
    page.locator("#f-papers-birth-notice-tep").set_input_files(
        {"name": "chung-sinh.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name=re.compile("Tải lên.*Giấy chứng sinh")).click()
    page.get_by_role("link", name="Sang bước 3: xem lại").click()
    page.get_by_role("button", name="Nộp hồ sơ").click()
    page.wait_for_url("**/ho-so/*/")
    return page.url.rstrip("/").split("/")[-1]
