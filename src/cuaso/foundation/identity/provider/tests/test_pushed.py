"""Pushed requests, tokens bound to a key, and systems under the FAPI 2 profile."""

import secrets
from datetime import timedelta

import pytest
from django.test import Client as Browser
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from cuaso.foundation.identity.provider.models import PushedRequest
from cuaso.foundation.identity.provider.proofs.dpop import fresh_nonce
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel import clock

KEY = ECKey.generate_key("P-256")


def dpop(path, key=KEY, **changed):
    return world.proof(key, path=path, **({"nonce": fresh_nonce()} | changed))


def push(one, started, **headers):
    return one.send("/oidc/par", started.words, **headers)


def pushed_address(one, answer):
    return f"/oidc/authorize?client_id={one.client_id}&request_uri={answer.json()['request_uri']}"


def test_a_pushed_request_is_carried_out_once(person, system):
    started = world.start(system)
    kept = push(system, started)
    assert (kept.status_code, kept.json()["expires_in"]) == (201, 90)
    address = pushed_address(system, kept)
    told = world.come_back(person.get(address))
    assert system.fetch(started, told["code"]).status_code == 200
    before = world.counts()
    again = person.get(address)
    assert again.status_code == 400
    assert "invalid_request_uri" in again.content.decode()
    assert world.counts() == before


def test_what_stands_beside_a_pushed_request_is_not_listened_to(person, system):
    started = world.start(system)
    address = pushed_address(system, push(system, started))
    told = world.come_back(person.get(address + "&state=khac&scope=openid+email"))
    assert told["state"] == started.words["state"]
    assert system.fetch(started, told["code"]).json()["scope"] == "openid profile"


def test_a_pushed_request_survives_a_sign_in(stranger, official, system):
    started = world.start(system)
    led = stranger.get(pushed_address(system, push(system, started)))
    here = world.query_of(led["Location"])["next"][0]
    with clock.at(clock.now() + timedelta(minutes=5)):
        people.sign_in(stranger)
        told = world.come_back(stranger.get(here))
        assert system.fetch(started, told["code"]).status_code == 200


def test_a_pushed_request_expires(person, system):
    kept = push(system, world.start(system))
    with clock.at(clock.now() + timedelta(seconds=91)):
        assert person.get(pushed_address(system, kept)).status_code == 400


def test_a_pushed_request_is_its_own_systems(person, system):
    other = world.system(client_id="khac")
    kept = push(system, world.start(system))
    assert person.get(pushed_address(other, kept)).status_code == 400


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"redirect_uri": "https://ke-gian.example/"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"request_uri": "urn:ietf:params:oauth:request_uri:a"}, "invalid_request"),
        ({"scope": "khong-co"}, "invalid_scope"),
    ],
)
def test_a_wrong_request_is_refused_when_it_is_pushed(system, words, error):
    refused = push(system, world.start(system, **words))
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert PushedRequest.objects.count() == 0


def test_nobody_pushes_without_proving_who_they_are(system):
    thief = world.System(client_id=system.client_id, secret="sai")
    refused = push(thief, world.start(system))
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert PushedRequest.objects.count() == 0


def test_a_token_bound_to_a_key_is_worth_nothing_without_it(person, system):
    started = world.start(system)
    code = world.come_back(person.get(started.address))["code"]
    path = "/oidc/token"
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": world.BACK}
    sent["code_verifier"] = started.verifier
    told = system.send(path, sent, DPoP=dpop(path)).json()
    assert told["token_type"] == "DPoP"
    token = told["access_token"]
    assert system.ask_about(token)["cnf"] == {"jkt": KEY.thumbprint()}
    assert world.userinfo(token).status_code == 401

    def ask(key=KEY, **changed):
        words = {"method": "GET", "ath": world.ath(token)} | changed
        proof = dpop("/oidc/userinfo", key, **words)
        headers = {"Authorization": f"DPoP {token}", "DPoP": proof}
        return Browser().get("/oidc/userinfo", headers=headers)

    assert ask().status_code == 200
    thief = ask(ECKey.generate_key("P-256"))
    assert (thief.status_code, thief.json()["error"]) == (401, "invalid_token")
    assert ask(ath=world.ath("khác")).json()["error"] == "invalid_dpop_proof"
    assert ask(method="POST").json()["error"] == "invalid_dpop_proof"
    owed = ask(nonce="cu")
    assert (owed.status_code, owed.json()["error"]) == (401, "use_dpop_nonce")
    assert owed["DPoP-Nonce"] == fresh_nonce()
    assert world.userinfo(token, DPoP=dpop("/oidc/userinfo")).status_code == 401


@pytest.fixture
def machine(db):
    return world.system(
        client_id="may",
        grant_types=("client_credentials",),
        redirect_uris=(),
        scopes=("ho_so.doc",),
        bound_only=True,
    )


def ask_machine(machine, proof):
    headers = {"DPoP": proof} if proof else {}
    return machine.send("/oidc/token", {"grant_type": "client_credentials"}, **headers)


def test_a_proof_without_our_nonce_is_asked_again_with_one(machine):
    before = world.counts()
    owed = ask_machine(machine, world.proof(KEY, path="/oidc/token"))
    assert (owed.status_code, owed.json()["error"]) == (400, "use_dpop_nonce")
    assert world.counts() == before
    proof = world.proof(KEY, path="/oidc/token", nonce=owed["DPoP-Nonce"])
    assert ask_machine(machine, proof).json()["token_type"] == "DPoP"


def test_a_proof_is_good_once(machine):
    proof = dpop("/oidc/token")
    assert ask_machine(machine, proof).status_code == 200
    before = world.counts()
    assert ask_machine(machine, proof).json()["error"] == "invalid_dpop_proof"
    assert world.counts() == before


def test_a_nonce_is_good_for_four_minutes_at_most(machine):
    nonce = fresh_nonce()
    with clock.at(clock.now() + timedelta(minutes=4, seconds=1)):
        assert ask_machine(machine, dpop("/oidc/token", nonce=nonce)).status_code == 400


def forged():
    claims = {"jti": "1", "htm": "POST", "htu": f"{world.ISSUER}/oidc/token", "nonce": "a"}
    public, rsa = KEY.as_dict(private=False), RSAKey.generate_key(2048).as_dict(private=False)
    yield "khong-phai-ma"
    yield world.unsigned(claims)
    yield jwt.encode({"alg": "ES256", "typ": "JWT", "jwk": public}, claims, KEY)
    yield jwt.encode({"alg": "ES256", "typ": "dpop+jwt"}, claims, KEY)
    yield jwt.encode({"alg": "ES256", "typ": "dpop+jwt", "jwk": rsa}, claims, KEY)
    private = KEY.as_dict(private=True)
    yield jwt.encode({"alg": "ES256", "typ": "dpop+jwt", "jwk": private}, claims, KEY)


def test_forged_proofs_are_refused_and_change_nothing(machine):
    before = world.counts()
    for proof in forged():
        refused = ask_machine(machine, proof)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_dpop_proof"), proof
    for changed in (
        {"htm": "GET"},
        {"htu": "https://noi-khac.example/oidc/token"},
        {"iat": 1},
        {"iat": "hôm nay"},
        {"jti": ""},
    ):
        refused = ask_machine(machine, dpop("/oidc/token", **changed))
        assert refused.json()["error"] == "invalid_dpop_proof", changed
    assert world.counts() == before


def test_a_system_that_must_bind_its_tokens_gets_none_without_a_proof(machine):
    before = world.counts()
    assert ask_machine(machine, "").json()["error"] == "invalid_dpop_proof"
    assert world.counts() == before


def test_a_public_systems_refresh_token_is_bound_to_its_key(person):
    one = world.system(client_id="dien-thoai", auth_method="none")
    started = world.start(one)
    code = world.come_back(person.get(started.address))["code"]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": world.BACK}
    sent["code_verifier"] = started.verifier
    told = one.send("/oidc/token", sent, DPoP=dpop("/oidc/token")).json()
    words = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
    other = ECKey.generate_key("P-256")
    before = world.counts()
    assert one.send("/oidc/token", words).json()["error"] == "invalid_dpop_proof"
    stolen = one.send("/oidc/token", words, DPoP=dpop("/oidc/token", other))
    assert stolen.json()["error"] == "invalid_dpop_proof"
    assert world.counts() == before
    assert one.send("/oidc/token", words, DPoP=dpop("/oidc/token")).status_code == 200


def test_a_code_that_was_asked_for_under_a_key_is_fetched_under_it(person, system):
    started = world.start(system, dpop_jkt=KEY.thumbprint())
    code = world.come_back(person.get(started.address))["code"]
    assert system.fetch(started, code).json()["error"] == "invalid_dpop_proof"
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": world.BACK}
    sent["code_verifier"] = started.verifier
    other = ECKey.generate_key("P-256")
    wrong = system.send("/oidc/token", sent, DPoP=dpop("/oidc/token", other))
    assert wrong.json()["error"] == "invalid_dpop_proof"
    assert system.send("/oidc/token", sent, DPoP=dpop("/oidc/token")).status_code == 200


@pytest.fixture
def fapi(db):
    return world.system(client_id="ngan-hang", auth_method="private_key_jwt", fapi=True)


def test_a_system_under_fapi_2_pushes_binds_and_keeps_its_refresh_token(person, fapi):
    started = world.start(fapi)
    kept = push(fapi, started, DPoP=dpop("/oidc/par"))
    told = world.come_back(person.get(pushed_address(fapi, kept)))
    assert told["iss"] == world.ISSUER
    sent = {"grant_type": "authorization_code", "code": told["code"]}
    sent |= {"redirect_uri": world.BACK, "code_verifier": started.verifier}
    other = ECKey.generate_key("P-256")
    assert fapi.send("/oidc/token", sent).json()["error"] == "invalid_dpop_proof"
    wrong = fapi.send("/oidc/token", sent, DPoP=dpop("/oidc/token", other))
    assert wrong.json()["error"] == "invalid_dpop_proof"
    tokens = fapi.send("/oidc/token", sent, DPoP=dpop("/oidc/token")).json()
    words = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    for _ in range(2):
        fresh = fapi.send("/oidc/token", words, DPoP=dpop("/oidc/token")).json()
        assert fresh["token_type"] == "DPoP"
        assert "refresh_token" not in fresh


def test_a_system_under_fapi_2_cannot_come_without_pushing(person, fapi):
    told = world.come_back(person.get(world.start(fapi).address))
    assert told["error"] == "invalid_request"


def test_a_parked_request_is_no_way_around_pushing(stranger, official, fapi):
    told = world.come_back(stranger.get(world.start(fapi).address))
    assert told["error"] == "invalid_request"


def test_under_fapi_2_an_assertion_names_the_issuer_alone(fapi):
    audience = [world.ISSUER, f"{world.ISSUER}/oidc/token"]
    for wrong in (audience, f"{world.ISSUER}/oidc/token", [world.ISSUER]):
        words = world.assertion(fapi, aud=wrong, jti=secrets.token_hex())
        answer = Browser().post("/oidc/par", {**world.start(fapi).words, **words})
        assert answer.json()["error"] == "invalid_client"
