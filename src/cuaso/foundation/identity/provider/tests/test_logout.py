"""Signing out everywhere: the plans “RP-Initiated Logout” (11) and “Back-Channel Logout” (2)."""

import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from joserfc import jwt
from joserfc.jwk import KeySet

from cuaso.foundation.identity.logic import keep_sessions
from cuaso.foundation.identity.logic.open_account import close_account
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.logout import tell
from cuaso.foundation.identity.provider.logout.tell import PAUSES, tell_logouts
from cuaso.foundation.identity.provider.models import LogoutNotice, SignOn
from cuaso.foundation.identity.provider.sessions.end import end_gone
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel import clock


@pytest.fixture
def entered(person, system):
    return world.enter(person, system)[1]


def leave(person, **words):
    return person.get("/oidc/logout", words)


def is_out(person, system):
    told = world.come_back(person.get(world.start(system, prompt="none").address))
    return told.get("error") == "login_required"


def test_discovery_names_where_to_sign_out(client, db):
    """oidcc-rp-initiated-logout-discovery-endpoint-verification"""
    told = client.get("/.well-known/openid-configuration").json()
    assert told["end_session_endpoint"] == f"{world.ISSUER}/oidc/logout"


def test_a_person_leaves_a_system_and_is_out_everywhere(person, system, entered):
    """oidcc-rp-initiated-logout"""
    words = {"post_logout_redirect_uri": world.LEFT, "state": "x1"}
    gone = leave(person, id_token_hint=entered["id_token"], **words)
    assert gone["Location"] == f"{world.LEFT}?state=x1"
    assert is_out(person, system)
    assert world.userinfo(entered["access_token"]).status_code == 401
    assert system.renew(entered["refresh_token"]).json()["error"] == "invalid_grant"
    assert system.ask_about(entered["access_token"]) == {"active": False}
    assert people.acts()[-2:] == ["identity.signed_out", "identity.sign_on_ended"]


def test_leaving_without_state_goes_back_without_state(person, system, entered):
    """oidcc-rp-initiated-logout-no-state"""
    words = {"post_logout_redirect_uri": world.LEFT}
    gone = leave(person, id_token_hint=entered["id_token"], **words)
    assert gone["Location"] == world.LEFT


@pytest.mark.parametrize(
    "words",
    [
        {"post_logout_redirect_uri": "https://ke-gian.example/"},
        {"post_logout_redirect_uri": world.LEFT + "?foo=bar"},
        {"id_token_hint": "eyJhbGciOiJSUzI1NiJ9.e30.AAAA"},
        {"id_token_hint": "khong-phai-ma"},
        {"client_id": "he-thong-khac"},
    ],
)
def test_a_wrong_request_signs_nobody_out_and_sends_nobody_away(person, system, entered, words):
    """oidcc-rp-initiated-logout-bad-post-logout-redirect-uri,
    -query-added-to-post-logout-redirect-uri, -bad-id-token-hint, -modified-id-token-hint
    """
    right = {"id_token_hint": entered["id_token"], "post_logout_redirect_uri": world.LEFT}
    refused = leave(person, **(right | words))
    assert refused.status_code == 400
    assert "Location" not in refused
    assert not is_out(person, system)


@pytest.mark.parametrize("words", [{}, {"state": "x1"}])
def test_leaving_without_a_token_asks_the_person_first(person, system, entered, words):
    """oidcc-rp-initiated-logout-no-params, -only-state"""
    page = leave(person, **words)
    assert "Đăng xuất khỏi mọi hệ thống?" in page.content.decode()
    assert not is_out(person, system)
    done = person.post("/oidc/logout/confirm", words)
    assert "Đã đăng xuất" in done.content.decode()
    assert is_out(person, system)


def test_a_token_without_an_address_ends_at_our_own_page(person, system, entered):
    """oidcc-rp-initiated-logout-no-post-logout-redirect-uri"""
    done = leave(person, id_token_hint=entered["id_token"])
    assert "Đã đăng xuất" in done.content.decode()
    assert is_out(person, system)


def test_an_address_without_a_token_is_followed_after_the_persons_yes(person, system, entered):
    """oidcc-rp-initiated-logout-no-id-token-hint"""
    words = {"client_id": system.client_id, "post_logout_redirect_uri": world.LEFT}
    page = leave(person, **words)
    assert "Đăng xuất khỏi mọi hệ thống?" in page.content.decode()
    done = person.post("/oidc/logout/confirm", words)
    assert f'href="{world.LEFT}"' in done.content.decode()
    assert is_out(person, system)


def test_a_foreign_page_cannot_press_the_button_for_the_person(person, system, entered):
    strict = type(person)(enforce_csrf_checks=True)
    strict.cookies = person.cookies
    assert strict.post("/oidc/logout/confirm", {}).status_code == 403
    assert not is_out(person, system)


def test_a_system_signs_its_person_out_without_the_browsers_cookie(
    person, stranger, system, entered
):
    leave(stranger, id_token_hint=entered["id_token"])
    assert is_out(person, system)


@pytest.fixture
def listening(person):
    one = world.system(client_id="nghe", backchannel_logout_uri=world.HEAR)
    world.enter(person, one)
    return one


def heard(letters):
    def post(address, token):
        letters.append((address, token))
        return ""

    return post


def deaf(trouble):
    def post(address, token):
        return trouble

    return post


def test_a_system_that_listens_hears_of_the_end_with_a_token_it_can_check(
    person, listening, official
):
    """oidcc-backchannel-rp-initiated-logout"""
    sid = str(SignOn.objects.get().id)
    person.post("/dang-xuat/")
    letters: list[tuple[str, str]] = []
    assert tell_logouts(heard(letters)) == 1
    [(address, token)] = letters
    keys = KeySet.import_key_set(person.get("/oidc/jwks").json())
    read = jwt.decode(token, keys, algorithms=["RS256"])
    assert address == world.HEAR
    assert read.header["typ"] == "logout+jwt"
    assert read.claims["iss"] == world.ISSUER
    assert read.claims["aud"] == "nghe"
    assert read.claims["sub"] == str(official.account_id)
    assert read.claims["sid"] == sid
    assert read.claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert read.claims["exp"] - read.claims["iat"] == 120
    assert read.claims["jti"]
    assert "nonce" not in read.claims
    assert people.acts()[-1] == "identity.logout_told"
    assert tell_logouts(heard(letters)) == 0


def test_discovery_says_that_systems_can_be_told(client, db):
    """oidcc-backchannel-logout-discovery-endpoint-verification"""
    told = client.get("/.well-known/openid-configuration").json()
    assert told["backchannel_logout_supported"] is True
    assert told["backchannel_logout_session_supported"] is True


def end_by_button(person, official):
    person.post("/dang-xuat/")


def end_from_elsewhere(person, official):
    other = type(person)()
    people.sign_in(other)
    other.post("/bao-mat/phien/")


def end_by_closing(person, official):
    close_account(actor=people.TESTER, account_id=official.account_id, reason="Thôi việc")


def end_on_the_page(person, official):
    row = UserSession.objects.get()
    person.post(f"/bao-mat/phien-dang-nhap/{row.pk}/")


def end_by_idling(person, official):
    with clock.at(
        clock.now() + keep_sessions.LIMITS[Account.Kind.OFFICIAL].idle + timedelta(minutes=1)
    ):
        person.get("/bao-mat/")
    end_gone()


def end_of_the_day(person, official):
    with clock.at(clock.now() + timedelta(hours=8, seconds=1)):
        assert end_gone() == 1


def end_behind_our_back(person, official):
    Session.objects.all().delete()
    end_gone()


@pytest.mark.parametrize(
    "end",
    [
        end_by_button,
        end_from_elsewhere,
        end_by_closing,
        end_on_the_page,
        end_by_idling,
        end_of_the_day,
        end_behind_our_back,
    ],
)
def test_however_a_session_ends_its_tokens_are_void_and_its_systems_hear_of_it(
    person, listening, official, end
):
    _, tokens = world.enter(person, listening)
    end(person, official)
    assert SignOn.objects.get().ended_at is not None
    assert listening.ask_about(tokens["access_token"]) == {"active": False}
    assert listening.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert LogoutNotice.objects.filter(told_at=None).count() == 1


def test_a_token_is_void_before_anybody_has_swept(person, system, entered):
    Session.objects.all().delete()
    assert system.ask_about(entered["access_token"]) == {"active": False}


def test_ending_one_session_leaves_the_persons_other_session_alone(person, system, entered):
    other = type(person)()
    people.sign_in(other)
    _, kept = world.enter(other, system)
    person.post("/dang-xuat/")
    assert system.ask_about(entered["access_token"]) == {"active": False}
    assert system.ask_about(kept["access_token"])["active"] is True


def test_a_system_that_was_only_looked_at_hears_nothing(person, db):
    one = world.system(client_id="nghe", backchannel_logout_uri=world.HEAR)
    person.get(world.start(one).address)
    person.post("/dang-xuat/")
    assert LogoutNotice.objects.count() == 0


def test_a_system_that_does_not_answer_is_told_again_until_it_hears(person, listening):
    person.post("/dang-xuat/")
    assert tell_logouts(deaf("ConnectTimeout")) == 0
    row = LogoutNotice.objects.get()
    assert (row.tries, row.trouble, row.told_at) == (1, "ConnectTimeout", None)
    assert tell_logouts(heard([])) == 0
    with clock.at(clock.now() + PAUSES[0] + timedelta(seconds=1)):
        assert tell_logouts(heard([])) == 1
    row.refresh_from_db()
    assert (row.tries, row.trouble) == (2, "")
    assert people.acts()[-1] == "identity.logout_told"


class _Ear(BaseHTTPRequestHandler):
    """A system that hears, one that is broken, one that never answers."""

    heard: ClassVar[list[str]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/lau":
            time.sleep(1.5)
        self.heard.append(self.path + "?" + body)
        self.send_response(500 if self.path == "/hong" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def ears():
    _Ear.heard.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Ear)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_system_that_hangs_or_fails_keeps_no_other_from_hearing(person, ears, monkeypatch):
    monkeypatch.setattr(tell, "SECONDS", 0.5)
    for name in ("nghe", "hong", "lau"):
        address = f"{ears}/{name}"
        world.enter(person, world.system(client_id=name, backchannel_logout_uri=address))
    person.post("/dang-xuat/")
    began = time.monotonic()
    assert tell_logouts() == 1
    assert time.monotonic() - began < 5
    troubles = dict(LogoutNotice.objects.values_list("client__client_id", "trouble"))
    assert troubles == {"nghe": "", "hong": "HTTP 500", "lau": "ReadTimeout"}
    assert any(one.startswith("/nghe?logout_token=ey") for one in _Ear.heard)


def test_what_nobody_ever_hears_is_given_up_and_stands_in_the_ledger(person, listening):
    person.post("/dang-xuat/")
    moment = clock.now()
    for pause in (*PAUSES, timedelta()):
        with clock.at(moment):
            tell_logouts(deaf("HTTP 500"))
        moment += pause + timedelta(seconds=1)
    row = LogoutNotice.objects.get()
    assert (row.tries, row.next_try_at, row.told_at) == (len(PAUSES) + 1, None, None)
    assert people.acts()[-1] == "identity.logout_unheard"
