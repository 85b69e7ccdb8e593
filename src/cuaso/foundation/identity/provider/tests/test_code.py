"""A person signs in at a system by way of the house: the code, its tokens, and attacks on them."""

import base64
import hashlib
from datetime import timedelta

import pytest

from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.models import Client, Grant, Token
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel import clock


def test_an_official_enters_a_system_and_it_knows_who_how_and_when(person, system, official):
    started, tokens = world.enter(person, system, scope="openid profile")
    claims = world.claims_of(tokens["id_token"])
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["iss"] == world.ISSUER
    assert claims["sub"] == str(official.account_id)
    assert claims["aud"] == system.client_id
    assert claims["nonce"] == started.words["nonce"]
    assert claims["acr"] == "urn:cuaso:acr:1"
    assert claims["amr"] == ["pwd"]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert claims["exp"] - claims["iat"] == 600
    assert abs(claims["auth_time"] - clock.now().timestamp()) < 60
    assert claims["sid"] == str(Grant.objects.get().sign_on_id)
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 600
    assert tokens["scope"] == "openid profile"


def test_two_systems_of_one_session_share_the_sid(person, system):
    other = world.system(name="Hệ thống khác", client_id="khac")
    first = world.claims_of(world.enter(person, system)[1]["id_token"])
    second = world.claims_of(world.enter(person, other)[1]["id_token"])
    assert first["sid"] == second["sid"]
    assert first["sub"] == second["sub"]


def test_the_answer_names_its_issuer_so_that_a_mixed_up_system_notices(person, system):
    started = world.start(system)
    told = world.come_back(person.get(started.address))
    assert told["iss"] == world.ISSUER
    assert told["state"] == started.words["state"]


def test_a_stranger_signs_in_first_and_then_goes_on_to_the_system(official, system, stranger):
    started = world.start(system)
    led = stranger.get(started.address)
    assert led["Location"].startswith("/dang-nhap/?next=")
    here = world.query_of(led["Location"])["next"][0]
    assert people.sign_in(stranger, next=here)["Location"] == here
    told = world.come_back(stranger.get(here))
    assert system.fetch(started, told["code"]).status_code == 200


def test_tokens_and_codes_are_kept_as_hashes_alone(person, system):
    _, tokens = world.enter(person, system)
    kept = {bytes(one.hash) for one in Token.objects.all()}
    hashed = {hashlib.sha256(tokens[name].encode()).digest() for name in KINDS}
    assert kept == hashed


KINDS = ("access_token", "refresh_token")


def test_a_replayed_code_ends_everything_that_it_gave(person, system):
    started = world.start(system)
    code = world.come_back(person.get(started.address))["code"]
    tokens = system.fetch(started, code).json()
    assert world.userinfo(tokens["access_token"]).status_code == 200
    again = system.fetch(started, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert world.userinfo(tokens["access_token"]).status_code == 401
    assert system.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert people.acts()[-1] == "identity.grant_ended"


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "a" * 43},
        {"code_verifier": ""},
        {"code_verifier": "ngắn"},
        {"redirect_uri": "https://he-thong.example/khac"},
        {"redirect_uri": ""},
    ],
)
def test_a_stolen_code_without_its_verifier_or_address_gives_nothing(person, system, changed):
    started = world.start(system)
    code = world.come_back(person.get(started.address))["code"]
    before = world.counts()
    refused = system.fetch(started, code, **changed)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert world.counts() == before
    assert system.fetch(started, code).status_code == 200


def test_the_code_of_another_system_gives_nothing_and_stays_good(person, system):
    thief = world.system(name="Kẻ khác", client_id="ke-khac")
    started = world.start(system)
    code = world.come_back(person.get(started.address))["code"]
    before = world.counts()
    assert thief.fetch(started, code).json()["error"] == "invalid_grant"
    assert world.counts() == before
    assert system.fetch(started, code).status_code == 200


def test_a_code_is_good_for_one_minute(person, system):
    started = world.start(system)
    code = world.come_back(person.get(started.address))["code"]
    before = world.counts()
    with clock.at(clock.now() + timedelta(seconds=61)):
        assert system.fetch(started, code).json()["error"] == "invalid_grant"
    assert world.counts() == before


@pytest.mark.parametrize(
    "words",
    [
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "ngan"},
    ],
)
def test_a_system_cannot_be_talked_down_from_pkce(person, system, words):
    before = world.counts()
    told = world.come_back(person.get(world.start(system, **words).address))
    assert told["error"] == "invalid_request"
    assert world.counts() == before


@pytest.mark.parametrize(
    "address",
    [
        "https://ke-gian.example/nhan",
        world.BACK + "/",
        world.BACK + "/../nhan",
        world.BACK + "?a=1",
        world.BACK + "#a",
        "https://he-thong.example@ke-gian.example/nhan",
        "https://HE-THONG.example/nhan",
        "http://he-thong.example/nhan",
        "https://he-thong.example.ke-gian.example/nhan",
        "javascript:alert(1)",
        "",
        None,
    ],
)
def test_no_trick_with_the_address_sends_anybody_elsewhere(person, system, address):
    before = world.counts()
    answer = person.get(world.start(system, redirect_uri=address).address)
    assert answer.status_code == 400
    assert "Location" not in answer
    assert "Chưa đăng nhập được vào hệ thống kia" in answer.content.decode()
    assert world.counts() == before


def test_two_addresses_at_once_are_refused(person, system):
    started = world.start(system, redirect_uri=[world.BACK, "https://ke-gian.example/"])
    assert person.get(started.address).status_code == 400


def test_an_unknown_or_closed_system_is_not_answered(person, system):
    started = world.start(system)
    Client.objects.update(status="closed")
    assert person.get(started.address).status_code == 400


def test_a_closed_account_cannot_fetch_what_it_was_given(person, system, official):
    started = world.start(system)
    code = world.come_back(person.get(started.address))["code"]
    Account.objects.filter(id=official.account_id).update(is_active=False)
    assert system.fetch(started, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_a_system_chooses_how_its_tokens_are_signed(person, algorithm):
    one = world.system(algorithm=algorithm)
    _, tokens = world.enter(person, one)
    claims = world.claims_of(tokens["id_token"], algorithm)
    assert claims["aud"] == one.client_id
