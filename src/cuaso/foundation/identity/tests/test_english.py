"""Who chose English, or whose system asked for it, reads the sign-in pages in English."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from cuaso.foundation.identity.provider.tests import world as provider
from cuaso.foundation.identity.tests import world


@pytest.fixture
def reader(official):
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize(
    ("address", "english", "vietnamese"),
    [
        ("/dang-nhap/", "Sign in with VNeID", "Công dân đăng nhập bằng VNeID"),
        ("/dang-nhap/can-bo/", "User name", "Tên đăng nhập"),
    ],
)
def test_the_doors_speak_english_and_vietnamese_by_choice(reader, address, english, vietnamese):
    assert english in reader.get(address).content.decode()
    assert vietnamese not in reader.get(address).content.decode()
    assert vietnamese in Client().get(address).content.decode()


def test_sessions_and_security_speak_english(reader):
    world.sign_in(reader)
    page = reader.get("/bao-mat/").content.decode()
    for told in ("Account security", "Authenticator app", "Sessions", "This session"):
        assert told in page
    assert (
        "Where your account is signed in"
        in reader.get("/bao-mat/phien-dang-nhap/").content.decode()
    )


def test_a_refusal_speaks_english(reader):
    world.sign_in(reader)
    refused = reader.post("/tu-cach/", {"capacity": "self"})
    assert "You cannot change to this capacity." in refused.content.decode()


def test_a_wrong_password_is_told_in_english(reader):
    answer = world.sign_in(reader, password="sai-mat-khau-nay")
    assert "The user name or the password is wrong." in answer.content.decode()


@pytest.mark.parametrize(
    ("wished", "language"), [("en vi", "en"), ("vi en", "vi"), ("fr en-GB", "en"), ("fr", None)]
)
def test_a_system_says_in_which_language_its_person_signs_in(official, wished, language):
    started = provider.start(provider.system(), ui_locales=wished)
    client = Client()
    answer = client.get(started.address)
    assert urlsplit(answer["Location"]).path == "/dang-nhap/"
    kept = client.cookies.get("django_language")
    assert (kept.value if kept else None) == language


def test_the_persons_own_choice_wins_over_the_systems(official):
    started = provider.start(provider.system(), ui_locales="en")
    client = Client()
    client.cookies["django_language"] = "vi"
    client.get(started.address)
    assert client.cookies["django_language"].value == "vi"
