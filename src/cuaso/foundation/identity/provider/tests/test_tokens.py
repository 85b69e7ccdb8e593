"""What tokens are good for, and what a thief can do with them."""

from datetime import timedelta

import pytest

from cuaso.foundation.identity.provider.models import Token
from cuaso.foundation.identity.provider.sweep import tend_provider
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel import clock


@pytest.fixture
def entered(person, system):
    return world.enter(person, system)[1]


def test_a_stolen_refresh_token_ends_the_whole_family_at_its_second_use(system, entered):
    fresh = system.renew(entered["refresh_token"]).json()
    assert system.ask_about(fresh["access_token"])["active"] is True
    stolen = system.renew(entered["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert system.renew(fresh["refresh_token"]).json()["error"] == "invalid_grant"
    for token in (entered["access_token"], fresh["access_token"]):
        assert system.ask_about(token) == {"active": False}
    assert people.acts()[-1] == "identity.grant_ended"


def test_another_system_cannot_use_a_refresh_token(system, entered):
    thief = world.system(client_id="ke-khac")
    before = world.counts()
    assert thief.renew(entered["refresh_token"]).json()["error"] == "invalid_grant"
    assert world.counts() == before
    assert system.renew(entered["refresh_token"]).status_code == 200


def test_an_access_token_is_no_refresh_token_and_the_other_way_round(system, entered):
    assert system.renew(entered["access_token"]).json()["error"] == "invalid_grant"
    assert world.userinfo(entered["refresh_token"]).status_code == 401


def test_scopes_shrink_at_a_refresh_and_never_grow(person, system):
    _, tokens = world.enter(person, system, scope="openid profile")
    before = world.counts()
    grown = system.renew(tokens["refresh_token"], scope="openid email")
    assert grown.json()["error"] == "invalid_scope"
    assert world.counts() == before
    small = system.renew(tokens["refresh_token"], scope="openid").json()
    assert small["scope"] == "openid"
    assert "name" not in world.userinfo(small["access_token"]).json()
    assert system.renew(small["refresh_token"]).json()["scope"] == "openid profile"


def test_an_access_token_ends_after_ten_minutes(system, entered):
    with clock.at(clock.now() + timedelta(minutes=10, seconds=1)):
        refused = world.userinfo(entered["access_token"])
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused["WWW-Authenticate"]


def test_a_system_without_refresh_gets_none(person):
    one = world.system(grant_types=("authorization_code",))
    assert "refresh_token" not in world.enter(person, one)[1]


def test_a_system_gives_its_access_token_back(system, entered):
    assert system.send("/oidc/revoke", {"token": entered["access_token"]}).status_code == 200
    assert system.ask_about(entered["access_token"]) == {"active": False}
    assert system.ask_about(entered["refresh_token"])["active"] is True


def test_giving_a_refresh_token_back_ends_its_family(system, entered):
    system.send("/oidc/revoke", {"token": entered["refresh_token"]})
    assert system.ask_about(entered["access_token"]) == {"active": False}
    assert people.acts()[-1] == "identity.grant_ended"


def test_nobody_gives_back_what_is_not_theirs(system, entered):
    thief = world.system(client_id="ke-khac")
    before = world.counts()
    assert thief.send("/oidc/revoke", {"token": entered["access_token"]}).status_code == 200
    assert world.counts() == before
    assert system.ask_about(entered["access_token"])["active"] is True


def test_a_resource_learns_of_tokens_that_are_meant_for_it_alone(person, official):
    api = world.system(client_id="api", serves=(world.API,), grant_types=())
    other = world.system(client_id="api-khac", serves=("https://khac.example/",), grant_types=())
    caller = world.system(client_id="goi", may_call=(world.API,))
    _, tokens = world.enter(person, caller, resource=world.API)
    known = api.ask_about(tokens["access_token"])
    assert known["active"] is True
    assert known["aud"] == [world.API]
    assert known["client_id"] == "goi"
    assert known["sub"] == str(official.account_id)
    assert known["username"] == "tiepnhan.quynhon"
    assert known["acr"] == "urn:cuaso:acr:1"
    assert other.ask_about(tokens["access_token"]) == {"active": False}


@pytest.mark.parametrize(
    "resource", ["https://khac.example/", "khong-phai-dia-chi", world.API + "#a"]
)
def test_a_system_may_not_have_tokens_for_resources_of_others(person, resource):
    caller = world.system(client_id="goi", may_call=(world.API,))
    before = world.counts()
    told = world.come_back(person.get(world.start(caller, resource=resource).address))
    assert told["error"] == "invalid_target"
    assert world.counts() == before


def test_a_system_gets_a_token_of_its_own_for_what_it_may_call(db):
    api = world.system(client_id="api", serves=(world.API,), grant_types=())
    one = world.system(
        client_id="may",
        auth_method="private_key_jwt",
        grant_types=("client_credentials",),
        redirect_uris=(),
        scopes=("ho_so.doc",),
        may_call=(world.API,),
    )
    told = one.send("/oidc/token", {"grant_type": "client_credentials"}).json()
    assert told["scope"] == "ho_so.doc"
    assert set(told) == {"access_token", "token_type", "expires_in", "scope"}
    known = api.ask_about(told["access_token"])
    assert (known["sub"], known["aud"], "sid" in known) == ("may", [world.API], False)
    assert world.userinfo(told["access_token"]).status_code == 403


@pytest.mark.parametrize("scope", ["openid", "ho_so.ghi"])
def test_a_system_gets_no_scope_of_a_person_or_another_for_itself(db, scope):
    one = world.system(
        grant_types=("client_credentials",), redirect_uris=(), scopes=("openid", "ho_so.doc")
    )
    before = world.counts()
    refused = one.send("/oidc/token", {"grant_type": "client_credentials", "scope": scope})
    assert refused.json()["error"] == "invalid_scope"
    assert world.counts() == before


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unauthorized_client"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": ["refresh_token", "refresh_token"]}, "invalid_request"),
    ],
)
def test_a_wrong_request_for_tokens_is_told_why(system, words, error):
    before = world.counts()
    refused = system.send("/oidc/token", words)
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert refused["Cache-Control"] == "no-store"
    assert world.counts() == before


def test_what_is_long_over_is_forgotten_and_what_lives_stays(person, system, entered):
    Token.objects.filter(kind="access").update(expires_at=clock.now() - timedelta(days=2))
    assert tend_provider() == 0
    assert [one.kind for one in Token.objects.all()] == ["refresh"]
    assert system.renew(entered["refresh_token"]).status_code == 200
    with clock.at(clock.now() + timedelta(days=3)):
        tend_provider()
    assert Token.objects.count() == 0
