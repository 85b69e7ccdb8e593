"""An official adds an authenticator app and signs in with it."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils.http import http_date

from cuaso.foundation.identity.tests import world


def code_of(secret, *, step=0):
    """RFC 6238 with its defaults, apart from the code under test."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture
def enrolled(official, signed_in):
    first = signed_in.get("/bao-mat/ung-dung/")
    assert first["Location"].startswith("/tai-khoan/xac-nhan/")
    signed_in.post("/tai-khoan/xac-nhan/", {"password": world.PASSWORD})
    page = signed_in.get("/bao-mat/ung-dung/").content.decode()
    secret = world.found(page, r'id="totp-secret">([A-Z2-7]+)<')
    answer = signed_in.post("/bao-mat/ung-dung/", {"code": code_of(secret)})
    assert answer["Location"] == "/bao-mat/ma/"
    return secret


def test_turning_the_app_on_is_an_act_and_its_seed_lies_encrypted(enrolled):
    assert "identity.totp_activated" in world.acts()
    totp = Authenticator.objects.get(type="totp")
    assert enrolled not in str(totp.data)


def test_a_wrong_code_turns_nothing_on(signed_in):
    signed_in.post("/tai-khoan/xac-nhan/", {"password": world.PASSWORD})
    signed_in.get("/bao-mat/ung-dung/")
    answer = signed_in.post("/bao-mat/ung-dung/", {"code": "000000"})
    assert "Mã không đúng" in answer.content.decode()
    assert Authenticator.objects.count() == 0
    assert "identity.totp_activated" not in world.acts()


def test_the_password_alone_is_not_enough_any_more(enrolled):
    client = Client()
    assert world.sign_in(client)["Location"] == "/tai-khoan/buoc-hai/"
    assert world.who(client).startswith("anonymous")
    wrong = client.post("/tai-khoan/buoc-hai/", {"code": "000000"})
    assert wrong.status_code == 422
    assert world.who(client).startswith("anonymous")
    right = client.post("/tai-khoan/buoc-hai/", {"code": code_of(enrolled)})
    assert right["Location"] == "/ban-lam-viec/"
    assert world.who(client).startswith("official")


def test_a_code_opens_once_only(enrolled):
    code = code_of(enrolled)
    first, second = Client(), Client()
    for client in (first, second):
        world.sign_in(client)
        client.post("/tai-khoan/buoc-hai/", {"code": code})
    assert world.who(first).startswith("official")
    assert world.who(second).startswith("anonymous")


@pytest.mark.parametrize("step", [-120, -3, 3, 120])
def test_a_code_of_another_time_opens_nothing_whatever_time_the_browser_tells(enrolled, step):
    client = Client()
    world.sign_in(client)
    told = http_date(time.time() + 30 * step)
    code = {"code": code_of(enrolled, step=step)}
    answer = client.post("/tai-khoan/buoc-hai/", code, headers={"Date": told})
    assert answer.status_code == 422
    assert world.who(client).startswith("anonymous")


def test_a_recovery_code_opens_once_only(enrolled, signed_in):
    page = signed_in.get("/bao-mat/ma/").content.decode()
    codes = re.findall(r"<code>(\d{10})</code>", page)
    assert len(codes) == 10
    first, second = Client(), Client()
    for client in (first, second):
        world.sign_in(client)
        client.post("/tai-khoan/buoc-hai/", {"code": codes[0]})
    assert world.who(first).startswith("official")
    assert world.who(second).startswith("anonymous")
    assert "Còn 9 mã chưa dùng" in signed_in.get("/bao-mat/").content.decode()


def test_guessing_codes_is_stopped(enrolled):
    client = Client()
    world.sign_in(client)
    for _ in range(5):
        client.post("/tai-khoan/buoc-hai/", {"code": "000000"})
    client.post("/tai-khoan/buoc-hai/", {"code": code_of(enrolled)})
    assert world.who(client).startswith("anonymous")


def test_who_has_the_password_but_not_the_code_is_told_of_once_after_three_tries(enrolled):
    def told():
        return world.acts().count("identity.codes_guessed")

    client = Client()
    world.sign_in(client)
    seen = []
    for _ in range(5):
        client.post("/tai-khoan/buoc-hai/", {"code": "000000"})
        seen.append(told())
    assert seen == [0, 0, 1, 1, 1]
    said = [event["say"] for event in world.events("identity.factor_changed")]
    assert [one for one in said if "ba lần sai mã xác thực" in one] == [said[-1]]


def test_two_slips_of_the_hand_tell_nobody(enrolled):
    client = Client()
    world.sign_in(client)
    for code in ("000000", "000001", code_of(enrolled)):
        client.post("/tai-khoan/buoc-hai/", {"code": code})
    assert world.who(client).startswith("official")
    assert "identity.codes_guessed" not in world.acts()


def test_turning_the_app_off_takes_the_codes_away(enrolled, signed_in):
    signed_in.get("/bao-mat/ung-dung/tat/")
    signed_in.post("/bao-mat/ung-dung/tat/")
    assert Authenticator.objects.count() == 0
    assert world.acts()[-1] == "identity.totp_deactivated"
    assert world.sign_in(Client())["Location"] == "/ban-lam-viec/"
