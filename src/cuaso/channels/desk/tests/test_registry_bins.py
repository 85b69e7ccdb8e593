"""The pages on which a field gets another type, and on which what was removed waits for its day."""

import re

import pytest
from django.test import Client

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk.tests.test_registry_design import FERRY, ROOT, post, said
from cuaso.kernel.actors import system

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("working_morning")]
KEY, BASE = "local/ben_do_ngang", "/ban-lam-viec/so/local/ben_do_ngang/"
BIN = f"{ROOT}thung-rac/{KEY}/"


@pytest.fixture
def seats(sign_in, official) -> tuple[Client, Client, str]:
    """Return the ward's administrator and leader, seated, and the id of a pier with its seats."""

    def seated(role: str) -> Client:
        client: Client = sign_in(role)
        client.post("/tu-cach/", {"capacity": f"post:{official(role).post_id}"})
        return client

    admin, leader = seated("admin"), seated("leader")
    base = admin.post(f"{ROOT}moi/", FERRY)["Location"]
    field = {"title": "Số chỗ", "name": "seats", "type": "text", "required": "no"}
    assert post(admin, base, f"{base}o/", **field).url == base
    publish(admin, leader, base)
    entered = {"record.code": "BD-01", "record.seats": "bốn mươi"}
    made = leader.post(f"{BASE}them/", entered)
    return admin, leader, re.findall(r"[0-9a-f-]{36}", made["Location"])[0]


def publish(admin: Client, leader: Client, base: str) -> None:
    assert post(admin, base, base, act="submit", reason="Phường cần").url == base
    assert post(leader, base, base, act="approve").url == base
    assert registries.publish_due(actor=system("Sổ dữ liệu")) == 1


def test_an_official_turns_a_field_and_says_what_replaces_a_value_that_does_not_fit(seats) -> None:
    admin, leader, record = seats
    base = admin.post(f"{ROOT}bat-dau/", {"registry": KEY}).url
    field = {"title": "Số chỗ", "type": "integer", "required": "no"}
    assert post(admin, base, f"{base}o/seats/", **field).url == base
    page = said(admin.get(f"{base}tac-dong/"))
    assert "Từ “Chữ, một dòng” sang “Số nguyên”." in page
    assert "Số chỗ phải là số nguyên, ví dụ 3." in page
    assert f'<a href="{BASE}{record}/">BD-01</a>' in page
    given = {"path": "seats", "old.0": "bốn mươi", "new.0": "nhiều"}
    wrong = post(admin, base, f"{base}thay-gia-tri/", **given)
    assert wrong.status_code == 422
    assert 'value="nhiều"' in said(wrong)
    assert 'aria-invalid="true"' in said(wrong)
    done = post(admin, base, f"{base}thay-gia-tri/", **{**given, "new.0": "40"})
    assert done.url == f"{base}tac-dong/"
    assert "Bản này chưa ban hành được" not in said(admin.get(f"{base}tac-dong/"))
    assert "bốn mươi" in said(leader.get(base))
    publish(admin, leader, base)
    shown = said(leader.get(f"{BASE}{record}/"))
    assert "Đổi kiểu ô, thay giá trị" in shown
    assert "bốn mươi" in shown
    assert "giá trị theo kiểu cũ" in said(admin.get(BIN))


def test_a_leader_withdraws_a_registry_and_brings_it_back(seats) -> None:
    admin, leader, record = seats
    assert "Bỏ cả sổ" in said(leader.get(BIN))
    missing = leader.post(f"{BIN}bo-so/", {"reason": ""})
    assert (missing.status_code, "Chưa ghi lý do." in said(missing)) == (422, True)
    held = admin.post(f"{BIN}bo-so/", {"reason": "Thôi"})
    assert (held.status_code, "Sổ còn bản ghi" in said(held)) == (409, True)
    assert leader.post(f"{BIN}bo-so/", {"reason": "Sáp nhập"}).url == ROOT
    assert leader.get(f"{BASE}{record}/").status_code == 404
    shelf = said(leader.get(ROOT))
    assert "Sổ đã bỏ, còn trong thùng rác" in shelf
    assert "Sáp nhập. 1 bản ghi" in shelf
    assert leader.post(f"{ROOT}lay-lai/", {"registry": KEY}).url == ROOT
    assert leader.get(f"{BASE}{record}/").status_code == 200


def test_an_officer_without_the_right_opens_no_bin(seats, sign_in) -> None:
    officer = sign_in("reception")
    assert officer.get(BIN).status_code == 404
    assert officer.post(f"{BIN}bo-so/", {"reason": "Thôi"}).status_code in (403, 404)
