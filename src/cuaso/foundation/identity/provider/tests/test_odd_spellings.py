"""What clients of others send in their own spelling: understood where the standards say so."""

import base64
import json
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.foundation.identity.provider.clients import public_keys
from cuaso.foundation.identity.provider.clients.find import find_client
from cuaso.foundation.identity.provider.clients.register import register_system
from cuaso.foundation.identity.provider.models import Client, Grant, PushedRequest
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import world as people

FORM = "application/x-www-form-urlencoded"
NATIVE = "http://127.0.0.1/nhan"


def basic(name, secret):
    return f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"


def told_no(browser, one, **words):
    """Return the error with which a request goes back to its system."""
    answer = browser.get(world.start(one, **words).address)
    return world.come_back(answer).get("error")


@pytest.mark.parametrize(
    "claims",
    [
        '{"userinfo": {"name": {"value": "\\u0000"}}}',
        '{"userinfo": {"name": {"value": "\\ud800"}}}',
        '{"userinfo": {"name": {"value": 1e999}}}',
        '{"userinfo": {"name": {"value": NaN}}}',
        "[" * 15_000,
        '{"id_token": ["acr"]}',
    ],
)
def test_a_client_asks_for_claims_that_cannot_be_kept_and_is_told_so(person, system, claims):
    before = world.counts()
    assert told_no(person, system, claims=claims) == "invalid_request"
    assert world.counts() == before


def test_a_client_that_asks_for_no_claims_by_null_asks_for_none(person, system):
    told = json.dumps({"id_token": None, "userinfo": {"name": None, "email": {"essential": True}}})
    _, tokens = world.enter(person, system, claims=told, scope="openid")
    assert world.userinfo(tokens["access_token"]).json()["name"] == "Lê Thị Tiếp Nhận"


@pytest.mark.parametrize("name", ["la", "state", "nonce", "login_hint", "scope", "resource"])
def test_a_letter_that_no_text_has_stops_a_request_wherever_it_stands(stranger, system, name):
    words = {name: "a\x00b"}
    answer = stranger.get(world.start(system, **words).address)
    assert answer.status_code in {302, 400}
    assert PushedRequest.objects.count() == 0
    pushed = system.send("/oidc/par", world.start(system, **words).words)
    assert (pushed.status_code, pushed.json()["error"]) == (400, "invalid_request")


def test_a_parameter_without_a_value_counts_as_left_out(person, system):
    started = world.start(system, prompt="", max_age="", claims="", response_mode="", request="")
    code = world.come_back(person.get(started.address))["code"]
    answer = system.fetch(started, code, client_secret="", client_assertion="", resource="")
    assert answer.status_code == 200, answer.content
    renewed = system.renew(answer.json()["refresh_token"], scope="", client_id="")
    assert renewed.status_code == 200, renewed.content


@pytest.mark.parametrize("way", ["body", "header", "both"])
def test_a_system_without_a_secret_may_send_an_empty_one(person, way):
    one = world.system(auth_method="none")
    started = world.start(one)
    code = world.come_back(person.get(started.address))["code"]
    words = {"client_secret": ""} if way in {"body", "both"} else {}
    headers = {"Authorization": basic(one.client_id, "")} if way in {"header", "both"} else {}
    sent = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": world.BACK,
        "code_verifier": started.verifier,
    }
    answer = one.send("/oidc/token", sent | words, **headers)
    assert answer.status_code == 200, answer.content


def test_an_empty_secret_opens_no_system_that_has_one(stranger, system):
    for words, headers in (
        ({"client_id": system.client_id, "client_secret": ""}, {}),
        ({}, {"Authorization": basic(system.client_id, "")}),
    ):
        sent = urlencode({"grant_type": "client_credentials"} | words)
        answer = stranger.post("/oidc/token", sent, content_type=FORM, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "name", ["grant_type", "code", "redirect_uri", "code_verifier", "scope", "client_secret"]
)
def test_a_parameter_given_twice_is_refused_and_the_code_stays_good(person, name):
    one = world.system(auth_method="client_secret_post")
    started = world.start(one)
    code = world.come_back(person.get(started.address))["code"]
    whole = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": world.BACK,
        "code_verifier": started.verifier,
        "client_id": one.client_id,
        "client_secret": one.secret,
    }
    twice = urlencode([*whole.items(), (name, whole.get(name, "openid")), (name, "openid")])
    answer = one.machine.post("/oidc/token", twice, content_type=FORM)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert one.fetch(started, code).status_code == 200


@pytest.mark.parametrize("until", [1e400, 1e300, 10**30, -(10**30), "mai", None, True, [1]])
def test_a_client_assertion_of_an_odd_end_is_refused(stranger, until):
    one = world.system(auth_method="private_key_jwt", grant_types=("client_credentials",))
    claims = json.loads('{"exp": 0}') | {"exp": until}
    sent = {"grant_type": "client_credentials"} | world.assertion(one, **claims)
    answer = stranger.post("/oidc/token", urlencode(sent), content_type=FORM)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_key_of_a_kind_that_we_do_not_know_stands_beside_the_good_one(db):
    key = ECKey.generate_key("P-256", auto_kid=True)
    strange = {"kty": "AKP", "kid": "la", "alg": "ML-DSA-65", "pub": "AAAA"}
    draft = SystemDraft(
        name="Hai khóa",
        auth_method="private_key_jwt",
        grant_types=("client_credentials",),
        jwks={"keys": [strange, key.as_dict(private=False)]},
        may_call=(world.API,),
        scopes=("data",),
    )
    made = register_system(actor=people.TESTER, draft=draft)
    one = world.System(client_id=made.client_id, method="private_key_jwt", key=key)
    answer = one.send("/oidc/token", {"grant_type": "client_credentials"})
    assert answer.status_code == 200, answer.content


def test_an_assertion_that_names_a_critical_extension_is_refused(stranger):
    one = world.system(auth_method="private_key_jwt", grant_types=("client_credentials",))
    made = world.assertion(one)
    claims = jwt.decode(made["client_assertion"], one.key, algorithms=["ES256"]).claims
    body = json.dumps({"alg": "ES256", "crit": ["la"], "la": 1}).encode()
    head = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
    made["client_assertion"] = ".".join([head, *made["client_assertion"].split(".")[1:]])
    assert claims["iss"] == one.client_id
    sent = urlencode({"grant_type": "client_credentials"} | made)
    answer = stranger.post("/oidc/token", sent, content_type=FORM)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "address", ["https://he-thong.example:99999/khoa", "https://he-thong.example:x/khoa"]
)
def test_keys_at_a_port_that_there_is_not_are_not_to_be_had(address):
    assert public_keys.fetch_keys(address) is None


def test_a_stranger_reads_back_all_that_is_registered_of_its_description(stranger, db):
    told = {
        "client_name": "Lạ",
        "redirect_uris": [world.BACK],
        "post_logout_redirect_uris": ["https://he-thong.example/da-ra"],
        "backchannel_logout_uri": "https://he-thong.example/nghe",
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": "https://he-thong.example/khoa",
        "grant_types": ["authorization_code"],
        "scope": "openid profile",
        "contacts": ["an@he-thong.example", "binh@he-thong.example"],
        "dpop_bound_access_tokens": True,
    }
    answer = stranger.post("/oidc/register", json.dumps(told), content_type="application/json")
    kept = answer.json()
    assert {name: kept.get(name) for name in told} == told
    assert "require_pushed_authorization_requests" not in kept
    assert "client_secret" not in kept


def test_an_address_with_a_port_that_there_is_not_is_no_address(stranger):
    told = {"client_name": "Lạ", "redirect_uris": ["https://he-thong.example:99999/nhan"]}
    answer = stranger.post("/oidc/register", json.dumps(told), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_redirect_uri")


@pytest.mark.parametrize(
    "words",
    [
        {"client_name": "a\x00b"},
        {"contacts": ["\x00"]},
        {"client_name": "\ud800"},
        {"jwks": {"keys": [], "la": "\x00"}},
        {"jwks": {"keys": [{"kty": "EC", "x": "\ud800"}]}},
        {"jwks": "khoa"},
        {"client_name": 10**4000},
        {"scope": ["openid"]},
    ],
)
def test_a_stranger_describes_its_system_in_letters_that_cannot_be_kept(stranger, db, words):
    told = {"client_name": "Lạ", "redirect_uris": [world.BACK]} | words
    answer = stranger.post("/oidc/register", json.dumps(told), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")
    assert Client.objects.count() == 0


def test_a_member_that_is_null_counts_as_left_out(stranger, db):
    told = {
        "client_name": "Lạ",
        "redirect_uris": [world.BACK],
        "scope": None,
        "jwks": None,
        "jwks_uri": None,
        "backchannel_logout_uri": None,
        "token_endpoint_auth_method": None,
        "id_token_signed_response_alg": None,
        "response_types": None,
        "grant_types": None,
    }
    answer = stranger.post("/oidc/register", json.dumps(told), content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["token_endpoint_auth_method"] == "client_secret_basic"
    assert answer.json()["scope"] == "openid profile"


@pytest.mark.parametrize("way", ["http://127.0.0.1:53117/nhan", "http://127.0.0.1/nhan"])
def test_a_program_on_ones_own_machine_listens_at_any_port(person, way):
    one = world.system(auth_method="none", redirect_uris=(NATIVE,))
    started = world.start(one, redirect_uri=way)
    answer = person.get(started.address)
    assert answer["Location"].startswith(f"{way}?code=")
    code = answer["Location"].split("code=")[1].split("&")[0]
    other = one.fetch(started, code, redirect_uri="http://127.0.0.1:53118/nhan")
    assert other.json()["error"] == "invalid_grant"
    assert one.fetch(started, code, redirect_uri=way).status_code == 200


@pytest.mark.parametrize(
    ("method", "way"),
    [
        ("none", "http://127.0.0.1:53117/khac"),
        ("none", "http://127.0.0.1.example:53117/nhan"),
        ("none", "http://127.0.0.1@he-thong.example:53117/nhan"),
        ("none", "http://localhost:53117/nhan"),
        ("none", "https://127.0.0.1:53117/nhan"),
        ("none", "http://127.0.0.1:99999/nhan"),
        ("client_secret_basic", "http://127.0.0.1:53117/nhan"),
    ],
)
def test_another_address_than_the_registered_one_is_not_gone_to(person, method, way):
    one = world.system(auth_method=method, redirect_uris=(NATIVE,))
    answer = person.get(world.start(one, redirect_uri=way).address)
    assert (answer.status_code, Grant.objects.count()) == (400, 0)


@pytest.mark.parametrize("path", ["/oidc/token", "/oidc/userinfo", "/oidc/revoke", "/oidc/par"])
def test_an_application_in_a_browser_asks_first_whether_it_may(stranger, db, path):
    asked = stranger.options(
        path,
        headers={
            "Origin": "https://he-thong.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,dpop",
        },
    )
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Origin"] == "*"
    assert "POST" in asked["Access-Control-Allow-Methods"]
    assert {"Authorization", "Content-Type", "DPoP"} <= {
        one.strip() for one in asked["Access-Control-Allow-Headers"].split(",")
    }
    assert "Access-Control-Allow-Credentials" not in asked
    answer = stranger.post(path, "", content_type=FORM, headers={"Origin": "https://la.example"})
    assert answer.status_code in {400, 401}
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "DPoP-Nonce" in answer["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("path", ["/oidc/introspect", "/oidc/authorize", "/oidc/logout"])
def test_what_no_browser_application_calls_is_closed_to_it(stranger, db, path):
    answer = stranger.options(path, headers={"Origin": "https://he-thong.example"})
    assert "Access-Control-Allow-Origin" not in answer


def test_a_system_wants_its_answer_as_a_form(person, system):
    started = world.start(system, response_mode="form_post")
    page = person.get(started.address)
    text = page.content.decode()
    assert page.status_code == 200
    assert f'<form method="post" action="{world.BACK}"' in text
    assert "form-action" in page["Content-Security-Policy"]
    assert "https://he-thong.example" in page["Content-Security-Policy"]
    told = dict(world.hidden(text))
    assert (told["state"], told["iss"]) == (started.words["state"], world.ISSUER)
    assert system.fetch(started, told["code"]).status_code == 200


def test_a_refusal_goes_back_as_a_form_too(stranger, system):
    started = world.start(system, response_mode="form_post", prompt="none")
    text = stranger.get(started.address).content.decode()
    told = dict(world.hidden(text))
    assert (told["error"], told["state"]) == ("login_required", started.words["state"])


@pytest.mark.parametrize("mode", ["fragment", "web_message", "jwt", "form_post.jwt"])
def test_another_way_back_is_refused(person, system, mode):
    assert told_no(person, system, response_mode=mode) == "invalid_request"


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/oidc/jwks"])
def test_what_is_public_is_read_from_any_site(stranger, db, path):
    asked = stranger.options(path, headers={"Origin": "https://he-thong.example"})
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD")
    assert stranger.head(path)["Access-Control-Allow-Origin"] == "*"


def test_the_provider_says_that_it_can_answer_by_a_form(stranger, db):
    told = stranger.get("/.well-known/openid-configuration").json()
    assert told["response_modes_supported"] == ["query", "form_post"]


def test_a_name_with_a_letter_that_no_text_has_is_nobody(db):
    assert find_client("a\x00b") is None
