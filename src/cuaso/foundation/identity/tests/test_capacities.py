"""A person acts in one capacity at a time, and only in their own."""

from uuid import uuid4

import pytest
from django.test import Client

from cuaso.foundation.identity.tests import world


@pytest.fixture
def busy(db):
    return world.official(username="nhieu.chuc", roles={"handler"}, posts=2, number="052188000010")


def test_who_has_two_posts_is_asked_which_one(busy, client, path_of):
    assert path_of(world.sign_in(client, username="nhieu.chuc")) == "/tu-cach/"
    page = client.get("/tu-cach/").content.decode()
    assert "Chức vụ 1" in page
    assert "Chức vụ 2" in page


def test_switching_to_the_second_post_is_an_act(busy, client):
    world.sign_in(client, username="nhieu.chuc")
    answer = client.post("/tu-cach/", {"capacity": f"post:{busy.post_ids[1]}"})
    assert answer["Location"] == "/ban-lam-viec/"
    assert world.who(client).endswith(str(busy.post_ids[1]))
    assert world.acts()[-1] == "identity.capacity_switched"


@pytest.mark.parametrize("key", ["self", f"post:{uuid4()}", f"ward:{uuid4()}", "", "post:x"])
def test_switching_to_what_is_not_yours_changes_nothing(busy, client, key):
    world.sign_in(client, username="nhieu.chuc")
    before = (world.who(client), world.counts())
    answer = client.post("/tu-cach/", {"capacity": key})
    assert answer.status_code == 403
    assert "Không chuyển được sang tư cách này." in answer.content.decode()
    assert (world.who(client), world.counts()) == before


def test_another_officials_post_is_refused(busy, signed_in):
    before = world.who(signed_in)
    answer = signed_in.post("/tu-cach/", {"capacity": f"post:{busy.post_ids[0]}"})
    assert answer.status_code == 403
    assert world.who(signed_in) == before


def test_an_ended_post_is_gone_at_the_next_request(busy, client):
    world.sign_in(client, username="nhieu.chuc")
    client.post("/tu-cach/", {"capacity": f"post:{busy.post_ids[1]}"})
    world.end_post(busy.post_ids[1])
    assert world.who(client).endswith(str(busy.post_ids[0]))
    world.end_post(busy.post_ids[0])
    assert world.who(client).startswith("anonymous")
    assert client.get("/can-bo/").status_code == 403


def test_a_guardian_acts_for_the_ward(citizen):
    person = world.person(world.HOA)
    ward = world.add_ward(person.id, name="Nguyễn Gia Bảo")
    citizen.post("/tu-cach/", {"capacity": f"ward:{ward.id}"})
    assert world.who(citizen) == f"guardian|Nguyễn Thị Hoa Mai|{ward.id}|None"
    citizen.post("/tu-cach/", {"capacity": "self"})
    assert world.who(citizen) == "citizen|Nguyễn Thị Hoa Mai|None|None"


def test_a_guest_is_led_to_the_right_door(client, db):
    assert client.get("/can-bo/")["Location"] == "/dang-nhap/can-bo/?next=%2Fcan-bo%2F"
    assert client.get("/cong-dan/?a=1")["Location"] == "/dang-nhap/?next=%2Fcong-dan%2F%3Fa%3D1"
    partial = client.get("/cong-dan/", headers={"HX-Request": "true"})
    assert (partial.status_code, partial["HX-Redirect"]) == (
        204,
        "/dang-nhap/?next=%2Fcong-dan%2F",
    )


def test_an_official_without_the_role_reads_why(signed_in):
    answer = signed_in.get("/lanh-dao/")
    assert answer.status_code == 403
    assert "không có vai trò ký duyệt" in answer.content.decode()


def test_an_official_may_not_enter_as_a_citizen_nor_the_reverse(signed_in, citizen):
    assert signed_in.get("/cong-dan/").status_code == 403
    assert citizen.get("/can-bo/").status_code == 403
    assert citizen.get("/cong-dan/").status_code == 200


def test_a_low_account_may_not_do_what_needs_level_two(db, vneid):
    client = Client()
    world.sign_in_by_vneid(client, vneid, level="1")
    answer = client.get("/cong-dan-muc-2/")
    assert answer.status_code == 403
    assert "Việc này cần tài khoản định danh điện tử mức 2." in answer.content.decode()
    again = Client()
    world.sign_in_by_vneid(again, vneid, level="2")
    assert again.get("/cong-dan-muc-2/").status_code == 200
