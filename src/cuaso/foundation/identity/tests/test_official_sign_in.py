"""An official signs in with a password, with no script."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.test import Client

from cuaso.foundation.identity import hashing
from cuaso.foundation.identity.logic.keep_sessions import forget_ended
from cuaso.foundation.identity.logic.open_account import close_account
from cuaso.foundation.identity.models import Account, Counted
from cuaso.foundation.identity.tests import world
from cuaso.kernel import clock

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."


def test_an_official_with_one_post_goes_to_the_desk(official, client, path_of):
    answer = world.sign_in(client)
    assert answer.status_code == 302
    assert path_of(answer) == "/ban-lam-viec/"
    kind, name, for_id, post_id = world.who(client).split("|")
    assert (kind, name, for_id) == ("official", "Lê Thị Tiếp Nhận", "None")
    assert post_id == str(official.post_ids[0])
    assert world.acts()[-1] == "identity.signed_in"


def test_a_user_name_may_be_typed_in_capitals(official, client):
    assert world.sign_in(client, username=" TiepNhan.QuyNhon ").status_code == 302


def test_signing_in_goes_on_to_the_page_that_was_asked_for(official, client):
    asked = client.get("/can-bo/")
    assert asked["Location"] == "/dang-nhap/can-bo/?next=%2Fcan-bo%2F"
    assert world.sign_in(client, next="/can-bo/")["Location"] == "/can-bo/"


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_signing_in_never_leads_to_another_house(official, client, away, path_of):
    answer = world.sign_in(client, next=away)
    assert answer["Location"] == "/ban-lam-viec/"


def test_a_fresh_session_key_is_given_at_sign_in(official, client):
    client.get("/dang-nhap/")
    client.cookies["sessionid"] = "a" * 32
    world.sign_in(client)
    assert client.cookies["sessionid"].value != "a" * 32
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


def test_wrong_password_and_unknown_user_get_the_same_answer(official, client):
    wrong = world.sign_in(client, password="sai")
    unknown = world.sign_in(client, username="tiepnhan.quynhom", password="sai")
    assert wrong.status_code == unknown.status_code == 422
    assert WRONG in wrong.content.decode()

    def plain(response, name):
        text = response.content.decode().replace(name, "")
        return text.split("csrfmiddlewaretoken")[0].split("<main")[1]

    assert plain(wrong, "tiepnhan.quynhon") == plain(unknown, "tiepnhan.quynhom")
    assert world.acts() == ["identity.account_opened"]


def test_wrong_password_and_unknown_user_cost_the_same_work(official, client, monkeypatch):
    taken = []
    slots = hashing._slots

    class Counting:
        def acquire(self, timeout):
            taken.append(timeout)
            return slots.acquire(timeout=timeout)

        def release(self):
            slots.release()

    monkeypatch.setattr(hashing, "_slots", Counting())
    world.sign_in(client, password="sai")
    known = len(taken)
    world.sign_in(client, username="khong.co.ai", password="sai")
    assert (known, len(taken)) == (1, 2)


def test_guessing_is_stopped_without_locking_the_victim_out(official, client):
    for _ in range(5):
        assert world.sign_in(client, password="sai", ip="10.9.9.9").status_code == 422
    stopped = world.sign_in(client, ip="10.9.9.9")
    assert stopped.status_code == 429
    assert "Hãy chờ vài phút" in stopped.content.decode()
    assert world.who(client).startswith("anonymous")
    assert world.sign_in(Client(), ip="10.0.0.1").status_code == 302


def test_right_passwords_do_not_count_as_guesses(official):
    for _ in range(7):
        assert world.sign_in(Client()).status_code == 302


def test_too_many_passwords_at_once_are_refused_at_once(official, client, monkeypatch):
    monkeypatch.setattr(hashing, "WAIT_SECONDS", 0.05)
    held = 0
    while hashing._slots.acquire(blocking=False):
        held += 1
    try:
        answer = world.sign_in(client)
    finally:
        for _ in range(held):
            hashing._slots.release()
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert "quá nhiều người đăng nhập cùng lúc" in answer.content.decode()
    assert world.sign_in(client).status_code == 302


def test_the_stored_password_has_owasp_parameters(official):
    stored = Account.objects.get(pk=official.account_id).password
    assert stored.startswith("argon2$argon2id$v=19$m=7168,t=5,p=1$")


def test_a_closed_account_is_out_at_once_and_cannot_come_back(official, signed_in):
    close_account(actor=world.TESTER, account_id=official.account_id, reason="Thôi việc")
    assert world.who(signed_in).startswith("anonymous")
    answer = world.sign_in(signed_in)
    assert answer.status_code == 302
    assert "đã bị khóa" in signed_in.get(answer["Location"]).content.decode()
    assert world.who(signed_in).startswith("anonymous")


@pytest.mark.parametrize(
    ("later", "kind"),
    [
        (timedelta(minutes=59), "official"),
        (timedelta(minutes=61), "anonymous"),
    ],
)
def test_an_idle_session_ends_after_an_hour(signed_in, later, kind):
    with clock.at(clock.now() + later):
        assert world.who(signed_in).split("|")[0] == kind


def test_a_working_session_ends_after_eight_hours(signed_in):
    start = clock.now()
    for half_hours in range(1, 16):
        with clock.at(start + timedelta(minutes=30 * half_hours)):
            assert world.who(signed_in).startswith("official")
    with clock.at(start + timedelta(hours=8, minutes=1)):
        assert world.who(signed_in).startswith("anonymous")
        page = signed_in.get("/dang-nhap/").content.decode()
    assert "Phiên làm việc đã hết thời gian" in page


def test_signing_out_is_an_act_and_needs_a_post(signed_in):
    assert signed_in.get("/dang-xuat/").status_code == 405
    assert world.who(signed_in).startswith("official")
    assert signed_in.post("/dang-xuat/")["Location"] == "/dang-nhap/"
    assert world.who(signed_in).startswith("anonymous")
    assert world.acts()[-1] == "identity.signed_out"


def test_an_empty_form_says_what_to_type(official, client):
    text = world.sign_in(client, username="", password="").content.decode()
    assert "Hãy nhập tên đăng nhập." in text
    assert "Hãy nhập mật khẩu." in text


def test_a_form_without_its_token_changes_nothing(official):
    client = Client(enforce_csrf_checks=True)
    assert world.sign_in(client).status_code == 403
    assert world.who(client).startswith("anonymous")


def test_other_sessions_are_ended_from_the_security_page(official, signed_in):
    other = Client()
    world.sign_in(other, ip="10.0.0.2")
    page = signed_in.get("/bao-mat/").content.decode()
    assert "10.0.0.1" in page
    assert "10.0.0.2" in page
    assert signed_in.post("/bao-mat/phien/")["Location"] == "/bao-mat/"
    assert world.who(other).startswith("anonymous")
    assert world.who(signed_in).startswith("official")
    assert world.acts()[-1] == "identity.other_sessions_ended"


def test_what_is_over_is_forgotten_and_what_lives_stays(official, signed_in):
    world.sign_in(Client(), password="sai", ip="10.0.0.3")
    assert forget_ended() == 0
    assert world.who(signed_in).startswith("official")
    with clock.at(clock.now() + timedelta(hours=13)):
        assert forget_ended() == 1
    assert (Session.objects.count(), UserSession.objects.count()) == (0, 0)
    assert Counted.objects.count() == 0


def test_a_page_without_a_session_asks_the_database_nothing(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/ai/")
    assert answer.content.decode() == "anonymous|Khách|None|None"
    assert dict(answer.cookies) == {}


@pytest.mark.parametrize(
    "address",
    [
        "/tai-khoan/dang-ky/",
        "/accounts/signup/",
        "/tai-khoan/signup/",
        "/tai-khoan/password/reset/",
    ],
)
def test_there_is_no_sign_up_and_no_reset_by_mail(client, db, address):
    assert client.get(address).status_code == 404


def test_an_official_signs_in_and_no_word_of_the_machinery_is_shown(client, official):
    world.sign_in(client)
    seen = client.get("/ai/")
    assert [str(said) for said in get_messages(seen.wsgi_request)] == []
