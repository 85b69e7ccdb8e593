"""Who chose English, or whose system asked for it, reads the sign-in pages in English."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from cuaso.foundation.identity.provider.tests import world as provider
from cuaso.foundation.identity.tests import world

PAGES = Path(__file__).parents[1] / "templates" / "identity"
LOOKED_UP = (
    re.compile(r"{% blocktranslate.*?endblocktranslate %}", re.DOTALL),
    re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL),
    re.compile(r'<(\w+)[^>]*lang="vi"[^>]*>.*?</\1>', re.DOTALL),
)
VIETNAMESE = re.compile(
    r"\w*[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ\u1ea0-\u1ef9]\w*", re.IGNORECASE
)


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


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/tai-khoan/kich-hoat/", ("Activate an official's account", "Activation code")),
        ("/bao-mat/ung-dung/", ("Step 1. Scan the picture", "Type the 6-digit code")),
        ("/bao-mat/khoa/", ("The browser will ask for a fingerprint", "Passkeys need JavaScript")),
        ("/bao-mat/ma/tao/", ("Make new recovery codes", "The old codes will no longer work.")),
    ],
)
def test_an_official_who_secures_an_account_reads_each_step_in_english(reader, address, told):
    world.sign_in(reader)
    reader.post("/tai-khoan/xac-nhan/", {"password": world.PASSWORD})
    page = reader.get(address).content.decode()
    assert [one for one in told if one not in page] == []
    assert [word for word in ("Quay lại", "Bước 1", "Kích hoạt tài khoản") if word in page] == []


def test_no_page_of_accounts_has_vietnamese_words_that_are_not_looked_up():
    untold = {}
    for path in sorted(PAGES.glob("*.html")):
        text = path.read_text(encoding="utf-8")
        for looked_up in LOOKED_UP:
            text = looked_up.sub("", text)
        if found := VIETNAMESE.findall(text):
            untold[path.name] = found
    assert untold == {}


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
