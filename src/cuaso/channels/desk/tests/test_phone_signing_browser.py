"""KT-h3 in a whole running house: drafts on the desk, one consent on the phone, signed papers."""

import httpx
import pytest
from playwright.sync_api import expect

from cuaso.channels.desk.tests import walk
from cuaso.channels.desk.tests.test_browser import (
    barriers,
    dossier,
    seated,
    wait_for_row,
)
from cuaso.channels.desk.tests.walk import DESK, HANDLER, LEADER, RECEPTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
__all__ = ["barriers", "dossier", "seated"]


def test_kt_h3_a_leader_signs_two_papers_with_one_consent_on_the_phone(
    live_house, seated, barriers, dossier
):
    house = live_house.url + DESK
    second = walk.receive_birth(seated(RECEPTION), live_house.url)
    handler = seated(HANDLER)
    for one in (dossier, second):
        walk.act(handler, live_house.url, one, "trinh", "Lập dự thảo và trình")
    desk = seated(LEADER, viewport={"width": 360, "height": 740}, has_touch=True)
    for one in (dossier, second):
        wait_for_row(desk, f"{house}/ky/", one)
    wait_for_phone_key(desk, f"{house}/ky/dien-thoai/", f"{house}/ky/")
    for one in (dossier, second):
        desk.locator(f'[name="ids"][value="{one}"]').check()
    desk.get_by_role("button", name="Xem lại và ký").click()
    desk.get_by_label("Tôi đã xem nội dung từng bản").check()
    desk.get_by_role("button", name="Ký trên điện thoại").click()
    desk.wait_for_url("**/ky/dien-thoai/*/")
    expect(desk.get_by_text("Đang chờ người ký xác nhận trên điện thoại.")).to_be_visible()
    expect(desk.locator(".page-picture img")).to_have_count(2)
    assert barriers(desk, desk.url, f"{house}/ky/dien-thoai/") == []

    phone = desk.context.new_page()
    phone.goto(live_house.address_of("remote_signing"))
    expect(phone.locator("section").first).to_contain_text("đang chờ; 2 văn bản")
    expect(phone.locator("img")).to_have_count(2)
    phone.get_by_role("button", name="Đồng ý ký").click()

    # The page looks again by itself.
    expect(desk.get_by_text("Đã ký xong tất cả văn bản.")).to_be_visible(timeout=30_000)
    expect(desk.get_by_text("Đã ký, chờ cấp số và đóng dấu")).to_have_count(2, timeout=30_000)
    draft = desk.context.request.get(f"{house}/ho-so/{dossier}/du-thao.pdf")
    paper = {"file": ("ket-qua.pdf", draft.body(), "application/pdf")}
    told = httpx.post(f"{live_house.url}/api/v1/signature-checks", files=paper).json()
    (one,) = told["signatures"]
    assert (told["ok"], one["issuer"]) == (True, "Cơ yếu giả lập - Chứng thư công vụ")
    assert one["signer"] == "Đặng Thị Thùy Dương"


def wait_for_phone_key(desk, asks, sign):
    """Reload until the worker has taken up the key of this leader's phone."""
    link = desk.get_by_role("link", name="Đã gửi lên điện thoại")
    for _ in range(60):
        desk.goto(sign)
        if link.count():
            break
        desk.wait_for_timeout(500)
    desk.goto(asks)
    expect(desk.get_by_role("heading", name="Đã gửi lên điện thoại")).to_be_visible()
    desk.goto(sign)
