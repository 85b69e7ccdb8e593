"""KT-h3 in a whole running house: a SIM given up and taken up again, then a draft signed by it."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from cuaso.channels.desk.tests import walk
from cuaso.channels.desk.tests.test_browser import barriers, dossier, seated, wait_for_row
from cuaso.channels.desk.tests.walk import DESK, HANDLER, LEADER

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
__all__ = ["barriers", "dossier", "seated"]
NUMBER = "+84900021583"


def test_kt_h3_a_leader_renews_the_key_in_the_sim_and_signs_by_it(
    live_house, seated, barriers, dossier
):
    house = live_house.url + DESK
    walk.act(seated(HANDLER), live_house.url, dossier, "trinh", "Lập dự thảo và trình")
    desk = seated(LEADER, viewport={"width": 360, "height": 740}, has_touch=True)
    desk.goto(f"{house}/ky/khoa/")
    give_up(desk)
    phone, operator = desk.context.new_page(), live_house.address_of("mobile_signature")
    ask_anew(desk, operator)
    assert barriers(desk, desk.url) == []
    answer_on(phone, operator, code_on(desk))
    desk.get_by_role("button", name="Tôi đã xác nhận trên điện thoại").click()
    expect(desk.get_by_text("Đã đăng ký khóa.")).to_be_visible()
    wait_for_row(desk, f"{house}/ky/", dossier)
    ask_to_sign(desk, dossier)
    answer_on(phone, operator, code_on(desk))
    expect(desk.get_by_text("Đã ký xong tất cả văn bản.")).to_be_visible(timeout=30_000)
    expect(desk.get_by_text("Đã ký, chờ cấp số và đóng dấu")).to_be_visible(timeout=30_000)


def give_up(desk):
    """Give up the key that the demonstration's SIM began with."""
    row = wait_for_key(desk, NUMBER)
    expect(row).to_contain_text("Cơ yếu giả lập - Chứng thư công vụ")
    row.locator("summary").click()
    row.get_by_label("Lý do trả khóa").fill("Đổi SIM")
    row.get_by_role("button", name="Trả khóa này").click()
    expect(desk.get_by_text("Đã trả lúc")).to_be_visible()


def ask_anew(desk, operator):
    """Have the operator put another key into the SIM, and ask it."""
    told = {"kind": "person", "name": "Đặng Thị Thùy Dương", "organisation": "UBND phường"}
    httpx.post(f"{operator}/sims", json={"number": NUMBER, **told}).raise_for_status()
    desk.get_by_label("SIM ký số của nhà mạng").check()
    desk.get_by_label("Mã khóa hoặc số máy").fill("0900 021 583")
    desk.get_by_role("button", name="Hỏi điện thoại của tôi").click()
    expect(desk.get_by_text("Đang chờ xác nhận trên điện thoại")).to_be_visible()


def ask_to_sign(desk, dossier):
    desk.locator(f'[name="ids"][value="{dossier}"]').check()
    desk.get_by_role("button", name="Xem lại và ký").click()
    desk.get_by_label("Tôi đã xem nội dung từng bản").check()
    desk.get_by_role("button", name="Ký bằng SIM").click()
    desk.wait_for_url("**/ky/dien-thoai/*/")


def wait_for_key(desk, number):
    """Reload until the worker has taken up the key in this leader's SIM."""
    row = desk.locator("tr", has_text=number)
    for _ in range(60):
        if row.count():
            break
        desk.wait_for_timeout(500)
        desk.reload()
    return row.first


def code_on(desk):
    """Return the control code that the desk shows."""
    found = re.search(r"mã kiểm tra (\d{4})", desk.locator("main").inner_text())
    assert found
    return found[1]


def answer_on(phone, operator, code):
    """Type the PIN where the phone shows the same code."""
    phone.goto(operator)
    asked = phone.locator("section", has_text=f"mã kiểm tra {code}").first
    asked.locator("[name=pin]").fill("2468")
    asked.get_by_role("button", name="Ký").click()
