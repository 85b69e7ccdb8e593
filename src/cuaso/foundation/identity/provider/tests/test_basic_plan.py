"""The 38 modules of OpenID Connect's plan “Basic OP”, each by the act that it tries.

The plan sends no PKCE except in its last module; here every request carries it, as the house asks
of everybody. The module's own name stands in each docstring.
"""

import json
from datetime import timedelta

import pytest
from joserfc import jws

from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.clients.register import register_system
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid


def goes_on(person, system, **words):
    """The request succeeds whatever it carries besides."""
    _, tokens = world.enter(person, system, **words)
    return world.claims_of(tokens["id_token"])


def told_about(person, system, scope):
    _, tokens = world.enter(person, system, scope=scope)
    return world.userinfo(tokens["access_token"]).json()


def test_a_person_signs_in_at_a_system(person, system, official):
    """oidcc-server"""
    assert goes_on(person, system)["sub"] == str(official.account_id)


def test_a_request_without_a_kind_of_answer_is_refused(person, system):
    """oidcc-response-type-missing"""
    told = world.come_back(person.get(world.start(system, response_type=None).address))
    assert told["error"] == "invalid_request"


def test_an_id_token_names_the_key_that_signed_it(person, system):
    """oidcc-idtoken-signature"""
    _, tokens = world.enter(person, system)
    header = jws.extract_compact(tokens["id_token"].encode()).headers()
    published = {key["kid"]: key for key in person.get("/oidc/jwks").json()["keys"]}
    assert published[header["kid"]]["alg"] == header["alg"] == "RS256"


def test_a_system_cannot_ask_for_unsigned_id_tokens(db):
    """oidcc-idtoken-unsigned: refused at registration, as the module allows."""
    draft = SystemDraft(name="Hệ thống", redirect_uris=(world.BACK,), algorithm="none")
    with pytest.raises(Invalid) as caught:
        register_system(actor=people.TESTER, draft=draft)
    assert [one.field for one in caught.value.problems] == ["algorithm"]


def test_userinfo_is_read_by_get(person, system, official):
    """oidcc-userinfo-get"""
    told = told_about(person, system, "openid")
    assert told == {"sub": str(official.account_id)}


def test_userinfo_is_read_by_post_with_a_header(person, system, official):
    """oidcc-userinfo-post-header"""
    _, tokens = world.enter(person, system)
    header = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = system.machine.post("/oidc/userinfo", headers=header)
    assert answer.json()["sub"] == str(official.account_id)


def test_userinfo_is_read_by_post_with_the_token_in_the_body(person, system, official):
    """oidcc-userinfo-post-body"""
    _, tokens = world.enter(person, system)
    answer = system.machine.post("/oidc/userinfo", {"access_token": tokens["access_token"]})
    assert answer.json()["sub"] == str(official.account_id)


def test_a_request_without_nonce_succeeds_and_the_token_has_none(person, system):
    """oidcc-ensure-request-without-nonce-succeeds-for-code-flow"""
    assert "nonce" not in goes_on(person, system, nonce=None)


def test_the_scope_profile_opens_the_name(person, system):
    """oidcc-scope-profile"""
    told = told_about(person, system, "openid profile")
    assert told["name"] == "Lê Thị Tiếp Nhận"
    assert told["preferred_username"] == "tiepnhan.quynhon"
    assert "email" not in told


def test_the_scope_email_opens_the_address_as_not_verified(person, system, official):
    """oidcc-scope-email"""
    Account.objects.filter(id=official.account_id).update(email="le@tinh.example")
    told = told_about(person, system, "openid email")
    assert (told["email"], told["email_verified"]) == ("le@tinh.example", False)
    assert "name" not in told


def test_the_scope_address_is_not_offered_and_ignored(person, system):
    """oidcc-scope-address"""
    _, tokens = world.enter(person, system, scope="openid address")
    assert tokens["scope"] == "openid"
    told = person.get("/.well-known/openid-configuration").json()
    assert "address" not in told["scopes_supported"]


def test_the_scope_phone_opens_the_number(person, system, official):
    """oidcc-scope-phone"""
    facts = {"phone": "0905000001"}
    directory.mend_person(person_id=official.person_id, facts=facts, actor=people.TESTER)
    told = told_about(person, system, "openid phone")
    assert (told["phone_number"], told["phone_number_verified"]) == ("0905000001", False)


def test_all_scopes_together_open_everything(person, system):
    """oidcc-scope-all"""
    told = told_about(person, system, "openid profile email phone personal_number capacities")
    assert told["name"] == "Lê Thị Tiếp Nhận"
    assert told["personal_number"] == "052188000009"
    assert told["capacity"]["agency"]["name"] == "Ủy ban nhân dân phường Quy Nhơn"
    assert told["capacity"]["roles"] == ["reception"]
    assert [post["title"] for post in told["posts"]] == ["Chức vụ 1"]


def test_scopes_may_stand_in_another_order(person, system):
    """oidcc-ensure-other-scope-order-succeeds"""
    assert told_about(person, system, "email openid profile")["name"] == "Lê Thị Tiếp Nhận"


@pytest.mark.parametrize("display", ["page", "popup"])
def test_how_a_page_should_be_shown_may_be_said(person, system, display):
    """oidcc-display-page, oidcc-display-popup"""
    assert goes_on(person, system, display=display)["acr"] == "urn:cuaso:acr:1"


def test_a_system_may_ask_that_the_person_signs_in_anew(person, system):
    """oidcc-prompt-login"""
    first = goes_on(person, system)
    started = world.start(system, prompt="login")
    led = person.get(started.address)
    assert led["Location"].startswith("/tai-khoan/xac-nhan/?next=")
    here = world.query_of(led["Location"])["next"][0]
    assert person.get(here)["Location"].startswith("/tai-khoan/xac-nhan/")
    confirmed = person.post(led["Location"], {"password": people.PASSWORD})
    assert confirmed["Location"] == here
    told = world.come_back(person.get(here))
    second = world.claims_of(system.fetch(started, told["code"]).json()["id_token"])
    assert second["sid"] == first["sid"]
    assert second["auth_time"] >= first["auth_time"]


def test_a_stranger_is_not_asked_anything_when_the_system_forbids_it(stranger, system):
    """oidcc-prompt-none-not-logged-in"""
    before = world.counts()
    told = world.come_back(stranger.get(world.start(system, prompt="none").address))
    assert told["error"] == "login_required"
    assert world.counts() == before
    assert "sessionid" not in stranger.cookies


def test_who_is_signed_in_goes_on_without_a_question(person, system, official):
    """oidcc-prompt-none-logged-in"""
    assert goes_on(person, system, prompt="none")["sub"] == str(official.account_id)


def test_a_sign_in_that_is_too_old_must_be_renewed(person, system):
    """oidcc-max-age-1"""
    with clock.at(clock.now() + timedelta(seconds=10)):
        led = person.get(world.start(system, max_age="1").address)
        assert led["Location"].startswith("/tai-khoan/xac-nhan/?next=")
        silent = world.start(system, max_age="1", prompt="none")
        quiet = world.come_back(person.get(silent.address))
    assert quiet["error"] == "login_required"


def test_a_sign_in_that_is_young_enough_is_told_with_its_time(person, system):
    """oidcc-max-age-10000"""
    assert goes_on(person, system, max_age="10000")["auth_time"] > 0


def test_unknown_words_in_a_request_are_ignored(person, system):
    """oidcc-ensure-request-with-unknown-parameter-succeeds"""
    assert goes_on(person, system, extra="foobar")["acr"] == "urn:cuaso:acr:1"


def test_a_system_may_say_whom_it_expects(person, system, official):
    """oidcc-id-token-hint"""
    _, tokens = world.enter(person, system)
    hint = tokens["id_token"]
    again = goes_on(person, system, prompt="none", id_token_hint=hint)
    assert again["sub"] == str(official.account_id)


def test_a_system_that_expects_another_person_is_not_answered(person, system, official):
    """oidcc-id-token-hint, the other way round"""
    _, tokens = world.enter(person, system)
    people.official(username="khac", roles={"clerk"}, number="052188000010")
    other = type(person)()
    people.sign_in(other, username="khac")
    words = {"prompt": "none", "id_token_hint": tokens["id_token"]}
    told = world.come_back(other.get(world.start(system, **words).address))
    assert told["error"] == "login_required"


@pytest.mark.parametrize(
    "words",
    [
        {"login_hint": "tiepnhan.quynhon"},
        {"ui_locales": "vi en"},
        {"claims_locales": "se"},
        {"acr_values": "1 2"},
    ],
)
def test_wishes_that_cannot_be_met_do_no_harm(person, system, words):
    """oidcc-login-hint, oidcc-ui-locales, oidcc-claims-locales,
    oidcc-ensure-request-with-acr-values-succeeds
    """
    assert goes_on(person, system, **words)["acr"] == "urn:cuaso:acr:1"


@pytest.mark.parametrize("seconds", [0, 30])
def test_a_code_that_comes_twice_ends_what_it_gave(person, system, seconds):
    """oidcc-codereuse, oidcc-codereuse-30seconds"""
    started = world.start(system)
    code = world.come_back(person.get(started.address))["code"]
    token = system.fetch(started, code).json()["access_token"]
    with clock.at(clock.now() + timedelta(seconds=seconds)):
        assert system.fetch(started, code).json()["error"] == "invalid_grant"
        assert world.userinfo(token).status_code == 401


def test_an_address_that_is_not_registered_gets_a_page_and_no_answer(person, system):
    """oidcc-ensure-registered-redirect-uri"""
    answer = person.get(world.start(system, redirect_uri=world.BACK + "2").address)
    assert answer.status_code == 400
    assert "redirect_uri" in answer.content.decode()


def test_a_request_may_come_by_post(person, system, official):
    """oidcc-ensure-post-request-succeeds"""
    started = world.start(system)
    moved = person.post("/oidc/authorize", started.words)
    assert moved.status_code == 303
    told = world.come_back(person.get(moved["Location"]))
    claims = world.claims_of(system.fetch(started, told["code"]).json()["id_token"])
    assert claims["nonce"] == started.words["nonce"]


def test_a_system_may_send_its_secret_in_the_body(person):
    """oidcc-server-client-secret-post"""
    one = world.system(auth_method="client_secret_post")
    assert goes_on(person, one)["aud"] == one.client_id


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"request_uri": "https://he-thong.example/yeu-cau"}, "request_uri_not_supported"),
        ({"request": world.unsigned({"redirect_uri": world.BACK})}, "request_not_supported"),
        ({"request": world.unsigned({"scope": "openid"})}, "request_not_supported"),
    ],
)
def test_requests_in_objects_are_refused_as_not_supported(person, system, words, error):
    """oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported,
    oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported,
    oidcc-ensure-request-object-with-redirect-uri
    """
    before = world.counts()
    assert world.come_back(person.get(world.start(system, **words).address))["error"] == error
    assert world.counts() == before


def test_a_system_asks_for_a_single_claim(person, system):
    """oidcc-claims-essential"""
    claims = {"userinfo": {"name": {"essential": True}}, "id_token": {"name": None}}
    words = {"scope": "openid", "claims": json.dumps(claims)}
    _, tokens = world.enter(person, system, **words)
    assert world.userinfo(tokens["access_token"]).json()["name"] == "Lê Thị Tiếp Nhận"
    assert world.claims_of(tokens["id_token"])["name"] == "Lê Thị Tiếp Nhận"


def test_tokens_are_renewed(person, system):
    """oidcc-refresh-token"""
    _, tokens = world.enter(person, system)
    first = world.claims_of(tokens["id_token"])
    renewed = system.renew(tokens["refresh_token"]).json()
    second = world.claims_of(renewed["id_token"])
    for name in ("iss", "sub", "aud", "auth_time", "sid"):
        assert second[name] == first[name]
    assert renewed["refresh_token"] != tokens["refresh_token"]


def test_a_request_with_pkce_succeeds(person, system):
    """oidcc-ensure-request-with-valid-pkce-succeeds"""
    assert goes_on(person, system)["aud"] == system.client_id
