"""KT-j4: a certified provider of others in the place of VNeID, honest and dishonest, over a socket.

Each refusal says why, lets nobody in and leaves the accounts as they were.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.tests import world
from cuaso_simulators.process import free_port

pytestmark = [pytest.mark.outside, pytest.mark.django_db]

HERE = Path(__file__).parent / "vneid_upstream"
SECRET = "bi-mat-cua-bai-thu-" + "x" * 32
HOA = {"number": world.HOA, "name": "Nguyễn Thị Hoa Mai", "born": "1990-03-14"}
BINH = {"number": world.BINH, "name": "Trần Văn Bình", "born": "1985-11-02"}


@pytest.fixture(scope="session")
def upstream():
    """The provider of `package-lock.json`; installed once, anew when the lock changes."""
    held = HERE / "node_modules" / ".package-lock.json"
    wanted = HERE / "package-lock.json"
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm, "Thiếu npm: hãy cài gói nodejs và npm của hệ thống."
    assert node, "Thiếu node: hãy cài gói nodejs của hệ thống."
    if not held.exists() or held.stat().st_mtime < wanted.stat().st_mtime:
        words = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(words, cwd=HERE, check=True, capture_output=True, timeout=200)
        held.touch()
    issuer = f"http://127.0.0.1:{free_port()}"
    back = "http://testserver/tai-khoan/vneid/tra-loi/"
    told = {"issuer": issuer, "client_id": "cuaso", "secret": SECRET, "back": back}
    with subprocess.Popen(
        [node, "provider.mjs"],
        cwd=HERE,
        env={**os.environ, "TOLD": json.dumps(told)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
        yield issuer
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture(autouse=True)
def vneid(upstream, settings):
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.ROOT_URLCONF = "cuaso.foundation.identity.tests.urls"
    app = {
        "provider_id": "vneid",
        "name": "VNeID",
        "client_id": "cuaso",
        "secret": SECRET,
        "settings": {"server_url": upstream, "token_auth_method": "client_secret_post"},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }
    yield upstream
    spoil(upstream, "")


def spoil(upstream, kind):
    httpx.get(f"{upstream}/_spoil", params={"kind": kind}).raise_for_status()


def answer_of(client, person, *, acr="vneid-2", **words):
    """Walk through the provider as a browser does; return where it sends the browser back to."""
    asked = client.post("/tai-khoan/vneid/")["Location"]
    with httpx.Client(timeout=20) as browser:
        place = browser.get(asked).headers["location"]
        place = str(httpx.URL(asked).join(place))
        said = {**person, "acr": acr, **words}
        for _ in range(4):
            answer = browser.get(place, params=said if "/interaction/" in place else None)
            place = str(httpx.URL(place).join(answer.headers["location"]))
            if place.startswith("http://testserver"):
                break
    back = urlsplit(place)
    assert back.netloc == "testserver", place
    return f"{back.path}?{back.query}"


def enter(client, person, **words):
    return client.get(answer_of(client, person, **words))


def kept():
    links = SocialAccount.objects.order_by("uid").values_list("provider", "uid", "user_id")
    return Account.objects.count(), tuple(links)


@pytest.mark.parametrize(("acr", "level"), [("vneid-1", 1), ("vneid-2", 2)])
def test_KT_j4_a_citizen_enters_at_levels_1_and_2(client, acr, level):
    assert enter(client, HOA, acr=acr)["Location"] == "/"
    assert world.who(client) == "citizen|Nguyễn Thị Hoa Mai|None|None"
    assert client.session["identity_assurance"] == level
    assert client.get("/cong-dan-muc-2/").status_code == (200 if level == 2 else 403)


def test_KT_j4_the_account_is_linked_once(client):
    enter(client, HOA)
    before = kept()
    enter(Client(), HOA, acr="vneid-1")
    assert kept() == before
    assert before[0] == 1


def test_KT_j4_a_second_identity_with_the_same_number_is_refused(client):
    enter(client, HOA)
    before = kept()
    thief = Client()
    answer = enter(thief, HOA, sub="danh-tinh-thu-hai")
    assert answer.status_code == 403
    assert "không khớp với lần liên kết đầu tiên" in answer.content.decode()
    assert world.who(thief).startswith("anonymous")
    assert kept() == before
    assert world.acts()[-1] == "identity.link_refused"


def test_KT_j4_a_subject_that_comes_with_another_number_is_refused(client):
    enter(client, HOA, sub="mot-chu-the")
    before = kept()
    answer = enter(Client(), BINH, sub="mot-chu-the")
    assert answer.status_code == 403
    assert kept() == before


def test_KT_j4_a_new_name_neither_opens_another_account_nor_renames_the_person(client):
    enter(client, HOA)
    before = kept()
    again = Client()
    enter(again, {**HOA, "name": "Nguyễn Thị Tên Mới"})
    assert world.who(again).startswith("citizen|Nguyễn Thị Hoa Mai")
    assert kept() == before


def test_KT_j4_another_name_under_a_number_that_stands_here_is_refused(client):
    world.official(username="co.nguoi", roles={"handler"}, number=world.HOA)
    before = kept()
    answer = enter(client, HOA)
    assert answer.status_code == 403
    assert "Họ tên hoặc ngày sinh trong VNeID khác" in answer.content.decode()
    assert world.who(client).startswith("anonymous")
    assert kept() == before


def test_KT_j4_one_person_is_not_linked_in_the_session_of_another(client):
    enter(client, HOA)
    before = kept()
    answer = enter(client, BINH)
    assert answer.status_code == 403
    assert "Trình duyệt đang mở tài khoản của một người khác." in answer.content.decode()
    assert world.who(client).startswith("citizen|Nguyễn Thị Hoa Mai")
    assert kept() == before


def test_KT_j4_an_answer_of_another_issuer_is_refused(client):
    back = answer_of(client, HOA)
    head, _, issuer = back.partition("iss=")
    assert issuer
    for mixed in (f"{head}iss=https%3A%2F%2Fke-gian.example", head.rstrip("&?")):
        answer = client.get(mixed)
        assert answer.status_code == 400
        assert "không khớp với yêu cầu" in answer.content.decode()
    assert world.who(client).startswith("anonymous")
    assert world.counts() == (0, 0, 0)


def test_KT_j4_a_code_that_was_used_is_refused(client):
    back = answer_of(client, HOA)
    client.get(back)
    client.post("/dang-xuat/")
    before = kept()
    assert client.get(back).status_code == 400
    assert world.who(client).startswith("anonymous")
    assert kept() == before


@pytest.mark.parametrize(
    "kind",
    [
        *("audience", "audiences", "party", "issuer", "nonce", "subject"),
        *("alg_none", "alg_hmac", "alg_secret", "foreign_key", "own_key"),
        *("slow_clock", "fast_clock", "expired"),
    ],
)
def test_KT_j4_a_spoiled_token_lets_nobody_in(client, upstream, kind):
    spoil(upstream, kind)
    answer = enter(client, HOA)
    assert answer.status_code == 400
    assert "Không hoàn tất được việc đăng nhập bằng VNeID." in answer.content.decode()
    assert world.who(client).startswith("anonymous")
    assert world.counts() == (0, 0, 0)
    spoil(upstream, "")
    assert enter(Client(), HOA)["Location"] == "/"
