"""The biometric result of the national service counts by the same procedure."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from cuaso.foundation.identity.tests import world
from cuaso.kernel import clock


def show(client, vneid, *, number=world.HOA, level="face", door="/xac-thuc-them/khuon-mat/"):
    asked = client.post(door, {"next": "/ai/"})["Location"]
    assert "acr_values=vneid-bio" in asked
    return client.get(world.consent(asked, vneid, number=number, level=level))


@pytest.fixture
def hoa(db, vneid):
    """An official who is the person of the national service's first number."""
    return world.official(username="hoa.mai", roles={"handler"}, number=world.HOA)


@pytest.fixture
def hoa_in(hoa):
    client = Client()
    world.sign_in(client, username="hoa.mai")
    return client


def test_an_officials_face_strengthens_the_session_and_is_linked_once(hoa_in, vneid):
    assert hoa_in.session["identity_assurance"] == 1
    assert show(hoa_in, vneid)["Location"] == "/ai/"
    assert hoa_in.session["identity_assurance"] == 2
    assert SocialAccount.objects.get().provider == "vneid-face"
    assert world.acts()[-2:] == ["identity.face_linked", "identity.proven_again"]


def test_the_linked_face_lets_the_official_in(hoa_in, vneid, client):
    show(hoa_in, vneid)
    answer = show(client, vneid, door="/dang-nhap/khuon-mat/")
    assert answer["Location"] == "/ai/"
    assert world.who(client).startswith("official")
    assert client.session["identity_assurance"] == 2


def test_a_face_that_no_official_linked_lets_nobody_in(hoa, vneid, client):
    before = world.counts()
    answer = show(client, vneid, door="/dang-nhap/khuon-mat/")
    assert answer.status_code == 403
    assert "Chưa có tài khoản cán bộ nào liên kết" in answer.content.decode()
    assert world.who(client).startswith("anonymous")
    assert world.counts() == before


def test_another_persons_face_proves_nothing(hoa_in, vneid):
    before = world.counts()
    answer = show(hoa_in, vneid, number=world.BINH)
    assert answer.status_code == 403
    assert "không phải của chủ tài khoản này" in answer.content.decode()
    assert hoa_in.session["identity_assurance"] == 1
    assert world.counts() == before
    assert SocialAccount.objects.count() == 0


def test_an_account_of_level_two_is_no_face(hoa_in, vneid):
    answer = show(hoa_in, vneid, level="2")
    assert answer.status_code == 400
    assert "Chưa nhận được kết quả xác thực sinh trắc." in answer.content.decode()
    assert hoa_in.session["identity_assurance"] == 1


def test_a_citizen_of_level_one_reaches_sensitive_data_by_the_face(db, vneid):
    client = Client()
    world.sign_in_by_vneid(client, vneid, level="1")
    asked = client.get("/cong-dan/nhay-cam/")
    assert asked["Location"] == "/xac-thuc-them/?loai=sensitive&next=%2Fcong-dan%2Fnhay-cam%2F"
    assert "Xác thực khuôn mặt qua VNeID" in client.get(asked["Location"]).content.decode()
    assert show(client, vneid)["Location"] == "/ai/"
    assert client.get("/cong-dan/nhay-cam/").status_code == 200
    assert world.who(client).startswith("citizen|Nguyễn Thị Hoa Mai")


def test_what_was_proven_a_while_ago_is_proven_anew_for_sensitive_data(db, vneid, monkeypatch):
    client = Client()
    world.sign_in_by_vneid(client, vneid, level="2")
    assert client.get("/cong-dan/nhay-cam/").status_code == 200
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr("cuaso.foundation.identity.logic.step_up.now", lambda: later)
    assert client.get("/cong-dan/nhay-cam/").status_code == 302
    assert client.get("/cong-dan/").status_code == 200
