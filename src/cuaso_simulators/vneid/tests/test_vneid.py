"""The code flow with PKCE against the simulator's socket, without the product."""

import base64
import hashlib
import re
import secrets
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from cuaso_simulators.vneid.tests.process import CALLBACK, SECRET, running

HOA = "052190000001"
VERIFIER = secrets.token_urlsafe(48)


def challenge(verifier):
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def vneid(tmp_path_factory):
    with running(tmp_path_factory.mktemp("vneid")) as process:
        yield process


@pytest.fixture
def browser(vneid):
    with httpx.Client(base_url=vneid.url, timeout=10) as client:
        yield client


def asked(**changes):
    words = {
        "client_id": "cuaso",
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid profile",
        "state": "trang-thai",
        "nonce": "mot-lan",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (words | changes).items() if value is not None}


def words_of(response):
    return {k: v[0] for k, v in parse_qs(urlsplit(response.headers["location"]).query).items()}


def consent(browser, *, number=HOA, level="2", answer="yes"):
    started = browser.get("/authorize", params=asked())
    chosen = browser.post(started.headers["location"], data={"personal_number": number})
    form = re.search(r'action="(/consent/[^"]+)"', chosen.text)
    assert form is not None
    return browser.post(
        form.group(1), data={"personal_number": number, "level": level, "answer": answer}
    )


def exchange(browser, code, **changes):
    words = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "client_id": "cuaso",
        "client_secret": SECRET,
    }
    return browser.post("/token", data=words | changes)


def test_a_person_who_consents_is_vouched_for_at_the_chosen_level(browser, vneid):
    back = words_of(consent(browser, level="1"))
    assert back["state"] == "trang-thai"
    assert back["iss"] == vneid.url
    tokens = exchange(browser, back["code"]).json()
    keys = KeySet.import_key_set(browser.get("/jwks").json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"]).claims
    assert claims["iss"] == vneid.url
    assert claims["aud"] == "cuaso"
    assert claims["nonce"] == "mot-lan"
    assert claims["acr"] == "vneid-1"
    told = browser.get(
        "/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    ).json()
    assert told == {
        "sub": claims["sub"],
        "name": "Nguyễn Thị Hoa Mai",
        "birthdate": "1990-03-14",
        "gender": "female",
        "personal_number": HOA,
        "phone_number": "0900000001",
        "acr": "vneid-1",
    }


def test_the_subject_stays_after_a_restart_and_tells_nothing(vneid, browser):
    first = jwt_subject(browser)
    with running(vneid.folder) as again, httpx.Client(base_url=again.url) as client:
        assert jwt_subject(client) == first
    assert HOA not in first


def jwt_subject(browser):
    token = exchange(browser, words_of(consent(browser))["code"]).json()["id_token"]
    keys = KeySet.import_key_set(browser.get("/jwks").json())
    return jwt.decode(token, keys, algorithms=["ES256"]).claims["sub"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
    ],
)
def test_a_request_without_the_required_words_goes_back_with_an_error(browser, changes, error):
    back = words_of(browser.get("/authorize", params=asked(**changes)))
    assert back["error"] == error
    assert back["state"] == "trang-thai"
    assert "code" not in back


@pytest.mark.parametrize(
    "changes", [{"client_id": "khac"}, {"redirect_uri": "http://evil.example/"}]
)
def test_an_unregistered_client_or_address_is_never_redirected_to(browser, changes):
    answer = browser.get("/authorize", params=asked(**changes))
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "chưa được đăng ký" in answer.text


def test_a_code_used_twice_is_refused_and_its_token_revoked(browser):
    code = words_of(consent(browser))["code"]
    token = exchange(browser, code).json()["access_token"]
    again = exchange(browser, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    told = browser.get("/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert (told.status_code, told.json()) == (401, {"error": "invalid_token"})


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "sai" * 20}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "http://testserver/khac"}, 400, "invalid_grant"),
        ({"client_secret": "sai"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_code_is_worth_nothing_with_wrong_words(browser, changes, status, error):
    answer = exchange(browser, words_of(consent(browser))["code"], **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_the_secret_may_come_by_basic_authentication(browser):
    code = words_of(consent(browser))["code"]
    words = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    answer = browser.post("/token", data=words, auth=("cuaso", SECRET))
    assert answer.json()["token_type"] == "Bearer"


def test_who_declines_goes_back_without_a_code(browser):
    back = words_of(consent(browser, answer="no"))
    assert back["error"] == "access_denied"
    assert "code" not in back


def test_a_ticket_belongs_to_the_browser_that_began(browser, vneid):
    place = browser.get("/authorize", params=asked()).headers["location"]
    with httpx.Client(base_url=vneid.url) as stranger:
        answer = stranger.post(place, data={"personal_number": HOA})
    assert answer.status_code == 410


def test_people_are_found_without_diacritics_and_marked_as_invented(browser):
    place = browser.get("/authorize", params=asked()).headers["location"]
    page = browser.get(place, params={"q": "dang ngoc"})
    assert "Mô phỏng VNeID – người không có thật" in page.text
    assert "Đặng Ngọc Ánh" in page.text
    assert "Trần Văn Bình" not in page.text


def test_an_unknown_number_is_answered_with_a_sentence(browser):
    place = browser.get("/authorize", params=asked()).headers["location"]
    answer = browser.post(place, data={"personal_number": "000000000000"})
    assert answer.status_code == 422
    assert "Không có người nào mang số định danh này" in answer.text


def test_a_query_is_shown_as_text_never_as_markup(browser):
    place = browser.get("/authorize", params=asked()).headers["location"]
    page = browser.get(place, params={"q": '"><script>alert(1)</script>'})
    assert "<script>" not in page.text


def test_sign_out_returns_only_to_a_registered_address(browser):
    home = browser.get(
        "/end_session", params={"post_logout_redirect_uri": "http://testserver/", "state": "a"}
    )
    assert home.headers["location"].startswith("http://testserver/?state=a")
    away = browser.get("/end_session", params={"post_logout_redirect_uri": "http://evil.example/"})
    assert away.status_code == 200
    assert "Đã đăng xuất" in away.text


def test_a_fault_takes_everything_down_until_it_is_lifted(browser):
    browser.post("/_faults", data={"mode": "down"})
    assert browser.get("/.well-known/openid-configuration").status_code == 503
    browser.post("/_faults", data={"mode": "ok"})
    assert browser.get("/.well-known/openid-configuration").status_code == 200
