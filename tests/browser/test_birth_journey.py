"""KT-d5, KT-e3: 1.001193 in the browser, from the portal to a signed result in the locker."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from cuaso.channels.portal.tests import walk
from cuaso.wiring.running_house import RunningHouse

pytestmark = pytest.mark.browser

PASSWORD = "Dung-thu-Cua-So-2026"


def officer(browser: Browser, house: str, name: str) -> Page:
    """Sign an official in, in a browser of their own."""
    page = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{house}/dang-nhap/can-bo/")
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/ban-lam-viec/**")
    return page


def open_dossier(page: Page, house: str, child: str) -> None:
    """Find the dossier by the child's name, typed without diacritics, and open it."""
    page.goto(f"{house}/ban-lam-viec/?q={child}")
    page.locator("main").get_by_role("link", name=re.compile("Khai sinh|khai sinh")).first.click()
    page.wait_for_url("**/ban-lam-viec/ho-so/**")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()


def test_KT_d5_KT_e3_a_birth_goes_from_the_portal_to_a_signed_certificate_in_the_locker(
    live_house: RunningHouse, browser: Browser, page: Page, tmp_path: Path
):
    house = live_house.url
    walk.sign_in(page, house)
    code = walk.submit_birth(page, house)
    expect(page.locator("main")).to_contain_text(code)

    reception = officer(browser, house, "tiepnhan.quynhon")
    open_dossier(reception, house, "tran vo an nhien")
    press(reception, "Tiếp nhận hồ sơ")
    expect(reception.locator("main")).to_contain_text(re.compile(r"H21\.\S+-\d{6}-\d{4}"))

    handler = officer(browser, house, "thuly.quynhon")
    open_dossier(handler, house, "tran vo an nhien")
    handler.get_by_role("link", name="Lập dự thảo kết quả và trình").click()
    press(handler, "Lập dự thảo và trình")

    page.goto(f"{house}/ho-so/{code}/ban-thao/")
    page.get_by_role("radio", name=re.compile("đúng|Đúng|đồng ý|Đồng ý")).first.check()
    press(page, "Gửi ý kiến")

    leader = officer(browser, house, "lanhdao.quynhon")
    for _ in range(20):
        leader.goto(f"{house}/ban-lam-viec/?q=tran vo an nhien")
        if leader.locator("main").get_by_role("link", name=re.compile("hai sinh")).count():
            break
        leader.wait_for_timeout(500)
    open_dossier(leader, house, "tran vo an nhien")
    leader.get_by_role("link", name="Phê duyệt và ký số").click()
    press(leader, "Ký bằng chứng thư của tôi")

    clerk = officer(browser, house, "vanthu.quynhon")
    open_dossier(clerk, house, "tran vo an nhien")
    press(clerk, "Cấp số, đóng dấu và ban hành")

    page.goto(f"{house}/ho-so/{code}/")
    expect(page.locator("h1")).to_contain_text("Đã trả kết quả")
    page.goto(f"{house}/kho/")
    page.get_by_role("link", name=re.compile("Giấy khai sinh – Trần Võ An Nhiên")).click()
    page.wait_for_url("**/kho/*/")
    with page.expect_download() as coming:
        page.get_by_role("link", name=re.compile("Tải")).first.click()
    pdf = tmp_path / "ket-qua.pdf"
    coming.value.save_as(pdf)

    accepted = subprocess.run(
        ["pdfsig", "-nocert", pdf], capture_output=True, text=True, check=False
    )
    assert accepted.stdout.count("Signature Validation: Signature is Valid.") == 2, accepted.stdout

    page.goto(f"{house}/xac-minh/")
    page.locator('input[type="file"]').set_input_files(pdf)
    page.get_by_role(
        "button", name=re.compile("Kiểm tra tệp|Kiểm tra chữ ký|Xác minh")
    ).last.click()
    expect(page.locator("main")).to_contain_text(re.compile("hợp lệ|đáng tin"))

    ledger = httpx.get(f"{house}/api/v1/ledger/head")
    assert ledger.json()["size"] > 0
