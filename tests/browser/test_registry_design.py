"""KT-e5: an official defines a registry in the browser, from nothing to a list with a sheet."""

import io
import time
from datetime import date

import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from cuaso.channels.desk.tests.walk import ADMIN, DESK, sign_in
from cuaso.wiring.running_house import RunningHouse

pytestmark = pytest.mark.browser
LEADER = "lanhdao.ubndtinhgialai"
FIVE_MINUTES = 300
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIELDS = (
    ("Sông", "river", "text"),
    ("Số chỗ", "seats", "integer"),
    ("Ngày mở bến", "opened", "date"),
)
ROWS = (
    ("BD-01", "Sông Côn", 40, date(2025, 9, 2)),
    ("BD-02", "Sông Hà Thanh", 25, date(2024, 4, 30)),
    ("BD-03", "Sông La Tinh", 12, date(2023, 1, 15)),
)


def judge(page: Page, accessibility) -> None:
    """See that a page fits a phone and breaks no rule of accessibility."""
    page.set_viewport_size({"width": 360, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    assert accessibility.violations(page) == [], page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def sheet() -> bytes:
    book = Workbook()
    book.active.append(["Mã bến", *(title for title, _, _ in FIELDS)])
    for row in ROWS:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def begin(page: Page, house: str, accessibility) -> str:
    """Begin the registry with its key; return the address of the draft."""
    page.goto(f"{house}{DESK}/thiet-ke-so/")
    judge(page, accessibility)
    page.get_by_role("link", name="Lập sổ mới").click()
    judge(page, accessibility)
    page.get_by_label("Tên sổ", exact=True).fill("Bến đò ngang")
    page.get_by_label("Căn cứ pháp lý").fill("Quyết định thử số 1 của Ủy ban nhân dân tỉnh")
    page.get_by_label("Ô làm khóa: tên trên màn hình").fill("Mã bến")
    page.get_by_label("Ô làm khóa: tên ngắn").fill("code")
    page.get_by_role("button", name="Lập bản nháp").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bến đò ngang")
    return page.url


def add_field(page: Page, title: str, name: str, kind: str) -> None:
    page.get_by_role("link", name="Thêm ô").click()
    page.get_by_label("Tên ô trên màn hình").fill(title)
    page.get_by_label("Tên ngắn").fill(name)
    page.get_by_label("Kiểu", exact=True).select_option(kind)
    page.get_by_role("button", name="Ghi vào bản nháp").click()
    expect(page.locator("main code", has_text=name).first).to_be_visible()


def look_around(page: Page, draft: str, accessibility) -> None:
    judge(page, accessibility)
    for part in ("o/river/", "luat/", "danh-sach/default/", "ten/", "khai-bao/", "tac-dong/"):
        page.goto(f"{draft}{part}")
        judge(page, accessibility)
    page.goto(draft)


def published(page: Page, draft: str) -> None:
    """Approve what another official wrote, and wait until the worker has published it."""
    page.goto(draft)
    page.get_by_role("button", name="Phê duyệt", exact=True).click()
    until = time.monotonic() + 60
    while page.get_by_text("Đang hiệu lực").count() == 0:
        assert time.monotonic() < until
        page.wait_for_timeout(500)
        page.reload()


def bring_in(page: Page) -> None:
    """Bring the first sheet in: read on trial, then written."""
    page.get_by_role("link", name="Nhập từ bảng tính").click()
    page.get_by_label("Tệp bảng tính").set_input_files(
        {"name": "ben-do.xlsx", "mimeType": SHEET, "buffer": sheet()}
    )
    page.get_by_role("button", name="Đọc thử").click()
    expect(page.locator("main dl.facts").first).to_contain_text("3")
    page.get_by_role("button", name="Nhập tất cả").click()
    expect(page.get_by_text("Đã nhập", exact=True)).to_be_visible()
    page.get_by_role("link", name="Về danh sách").click()


def rows(page: Page) -> list[list[str]]:
    """Return the rows of the list as they are read, without the boxes to choose them by."""
    found = page.locator("main table tbody tr").all()
    return [
        [text for cell in row.locator("th, td").all() if (text := cell.inner_text().strip())]
        for row in found
    ]


def test_KT_e5_an_official_defines_a_registry_from_nothing_to_a_list_with_a_sheet(
    live_house: RunningHouse, page: Page, browser: Browser, accessibility
) -> None:
    house = live_house.url
    sign_in(page, house, ADMIN)
    begun = time.monotonic()
    draft = begin(page, house, accessibility)
    for title, name, kind in FIELDS:
        add_field(page, title, name, kind)
    look_around(page, draft, accessibility)
    page.get_by_label("Lý do").fill("Tỉnh cần theo dõi các bến đò")
    page.get_by_role("button", name="Trình phê duyệt").click()
    expect(page.get_by_text("Chờ phê duyệt")).to_be_visible()
    context = browser.new_context(locale="vi-VN")
    leader = context.new_page()
    leader.set_default_timeout(15_000)
    sign_in(leader, house, LEADER)
    published(leader, draft)
    judge(leader, accessibility)
    leader.get_by_role("link", name="Mở sổ").click()
    judge(leader, accessibility)
    bring_in(leader)
    assert rows(leader) == [
        ["BD-01", "Sông Côn", "40", "02/09/2025"],
        ["BD-02", "Sông Hà Thanh", "25", "30/04/2024"],
        ["BD-03", "Sông La Tinh", "12", "15/01/2023"],
    ]
    judge(leader, accessibility)
    leader.goto(f"{house}{DESK}/thiet-ke-so/thung-rac/local/ben_do_ngang/")
    judge(leader, accessibility)
    assert time.monotonic() - begun < FIVE_MINUTES
    context.close()
