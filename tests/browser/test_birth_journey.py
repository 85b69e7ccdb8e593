"""KT-d5, KT-e3: 1.001193 in the browser, from the portal to a signed result in the locker."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from cuaso.channels.portal.tests import walk
from cuaso.wiring.running_house import RunningHouse

pytestmark = pytest.mark.browser

PASSWORD = "Dung-thu-Cua-So-2026"

TITLE = re.compile("khai sinh", re.IGNORECASE)


@pytest.fixture
def desk_of(live_house: RunningHouse, browser: Browser):
    """Return a function that signs an official in, in a browser of their own, at the dossier."""
    contexts = []

    def open_as(name: str, code: str) -> Page:
        context = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{live_house.url}/dang-nhap/can-bo/")
        page.get_by_label("Tên đăng nhập").fill(name)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        page.wait_for_url("**/ban-lam-viec/**")
        _open_dossier(page, live_house.url, code)
        return page

    yield open_as
    for context in contexts:
        context.close()


def _open_dossier(page: Page, house: str, code: str) -> None:
    """Find the dossier by its code; the worker may still be at it."""
    link = page.locator("main").get_by_role("link", name=TITLE).first
    for _ in range(40):
        page.goto(f"{house}/ban-lam-viec/?q={code}")
        if link.count():
            break
        page.wait_for_timeout(500)
    link.click()
    page.wait_for_url("**/ban-lam-viec/ho-so/**")


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def _settle(page: Page, house: str, code: str, desk_of: Callable[[str, str], Page]) -> None:
    """Let the officials and the mother do their parts, each on their own pages."""
    reception = desk_of("tiepnhan.quynhon", code)
    _press(reception, "Tiếp nhận hồ sơ")
    expect(reception.locator("main")).to_contain_text(re.compile(r"H21\.\S+-\d{6}-\d{4}"))

    handler = desk_of("thuly.quynhon", code)
    handler.get_by_role("link", name="Lập dự thảo kết quả và trình").click()
    _press(handler, "Lập dự thảo và trình")

    page.goto(f"{house}/ho-so/{code}/ban-thao/")
    page.get_by_role("radio").first.check()
    _press(page, "Gửi ý kiến")

    leader = desk_of("lanhdao.quynhon", code)
    leader.get_by_role("link", name="Phê duyệt và ký số").click()
    leader.get_by_label("Tôi đã xem nội dung bản dự thảo này").check()
    _press(leader, "Ký bằng chứng thư của tôi")

    _press(desk_of("vanthu.quynhon", code), "Cấp số, đóng dấu và ban hành")


def _download(page: Page, house: str, folder: Path) -> Path:
    page.goto(f"{house}/kho/")
    page.get_by_role("link", name=re.compile("Giấy khai sinh – Trần Võ An Nhiên")).click()
    page.wait_for_url("**/kho/*/")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Tải bản điện tử").click()
    pdf = folder / "ket-qua.pdf"
    coming.value.save_as(pdf)
    return pdf


def test_KT_d5_KT_e3_a_birth_goes_from_the_portal_to_a_signed_certificate_in_the_locker(
    live_house: RunningHouse, page: Page, desk_of: Callable[[str, str], Page], tmp_path: Path
):
    house = live_house.url
    walk.sign_in(page, house)
    code = walk.submit_birth(page, house)
    expect(page.locator("main")).to_contain_text(code)

    _settle(page, house, code, desk_of)
    page.goto(f"{house}/ho-so/{code}/")
    expect(page.locator("h1")).to_contain_text("Đã trả kết quả")

    pdf = _download(page, house, tmp_path)
    seen = subprocess.run(["pdfsig", "-nocert", pdf], capture_output=True, text=True, check=False)
    assert seen.stdout.count("Signature Validation: Signature is Valid.") == 2, seen.stdout

    page.goto(f"{house}/xac-minh/")
    page.locator('input[type="file"]').set_input_files(pdf)
    _press(page, "Kiểm tra chữ ký")
    expect(page.locator("main")).to_contain_text("Đặng Thị Thùy Dương")
    expect(page.locator("main")).to_contain_text("Ủy ban nhân dân phường Quy Nhơn")

    assert httpx.get(f"{house}/api/v1/ledger/head").json()["size"] > 0
