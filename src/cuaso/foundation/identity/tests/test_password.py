"""An official changes the password: the old one first, nothing weak, the other sessions end."""

import pytest
from django.test import Client

from cuaso.foundation.identity.tests import world

FRESH = "Con thuyen trang ve ben luc chieu"


def change(client, *, current=world.PASSWORD, password=FRESH, again=None):
    words = {"current": current, "password": password, "again": again or password}
    return client.post("/bao-mat/mat-khau/", words)


def test_the_new_password_opens_and_the_old_one_and_other_sessions_do_not(signed_in):
    other = Client()
    world.sign_in(other)
    assert change(signed_in)["Location"] == "/bao-mat/"
    assert world.who(signed_in).startswith("official")
    assert world.who(other).startswith("anonymous")
    assert world.sign_in(Client()).status_code == 422
    assert world.sign_in(Client(), password=FRESH)["Location"] == "/ban-lam-viec/"
    told = world.events("identity.factor_changed")
    assert told == [{"say": "Mật khẩu của ông/bà vừa được đổi."}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"current": "khong-phai"}, "Mật khẩu hiện tại không đúng."),
        ({"password": "ngan"}, "Mật khẩu cần ít nhất 12 ký tự."),
        ({"password": "password1234"}, "dễ đoán"),
        ({"password": "tiepnhan.quynhon1"}, "dễ đoán"),
        ({"password": "CuaSo-GiaLai-26"}, "dễ đoán"),
        ({"again": "khac-hoan-toan-2026"}, "không giống nhau"),
    ],
)
def test_what_is_wrong_or_easy_to_guess_changes_nothing(signed_in, words, said):
    answer = change(signed_in, **words)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "identity.password_changed" not in world.acts()
    assert world.sign_in(Client())["Location"] == "/ban-lam-viec/"


def test_any_letters_and_a_long_sentence_are_welcome(signed_in):
    long = "Ngõ nhỏ, phố nhỏ, nhà tôi ở đó – " * 3
    assert change(signed_in, password=long)["Location"] == "/bao-mat/"
    assert world.sign_in(Client(), password=long)["Location"] == "/ban-lam-viec/"


def test_the_password_is_taken_letter_for_letter(signed_in):
    change(signed_in)
    for near in (FRESH.lower(), FRESH[:-1], FRESH + " "):
        if near != FRESH:
            assert world.sign_in(Client(), password=near).status_code == 422


def test_guessing_the_present_password_is_stopped(signed_in):
    for _ in range(6):
        change(signed_in, current="doan-mo-mat-khau")
    assert change(signed_in).status_code == 429
