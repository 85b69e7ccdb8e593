"""Certified clients of others use the house's OpenID provider over a real socket."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.foundation.identity.provider.clients.register import register_system
from cuaso.foundation.identity.provider.keys import stock
from cuaso.foundation.identity.tests import world

pytestmark = pytest.mark.outside

HERE = Path(__file__).parent / "openid_clients"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
BACK = "https://he-thong.example/nhan"
LEFT = "https://he-thong.example/da-ra"
PERSON = {"login": "tiepnhan.quynhon", "password": world.PASSWORD}


@pytest.fixture(scope="session")
def node():
    """Node with the clients of `package-lock.json`; installed once, anew when the lock changes."""
    held = HERE / "node_modules" / ".package-lock.json"
    wanted = HERE / "package-lock.json"
    if not held.exists() or held.stat().st_mtime < wanted.stat().st_mtime:
        npm = shutil.which("npm")
        assert npm, "Thiếu npm: hãy cài gói nodejs và npm của hệ thống."
        words = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(words, cwd=HERE, check=True, capture_output=True, timeout=200)
        held.touch()
    found = shutil.which("node")
    assert found, "Thiếu node: hãy cài gói nodejs của hệ thống."
    return found


@pytest.fixture
def house(transactional_db, live_server, settings):
    """A running house with one official, its issuer where it really listens."""
    settings.ROOT_URLCONF = "cuaso.foundation.identity.tests.urls"
    settings.PUBLIC_URL = live_server.url
    stock.forget()
    person = world.official(username=PERSON["login"], roles={"reception"})
    yield live_server.url, person
    stock.forget()


def registered(**words):
    draft = {
        "client_id": "khach",
        "name": "Khách ngoài",
        "redirect_uris": (BACK,),
        "post_logout_redirect_uris": (LEFT,),
        "first_party": True,
    }
    return register_system(actor=world.TESTER, draft=SystemDraft(**(draft | words)))


def run(node, script, issuer, **told):
    words = {"issuer": issuer, "client_id": "khach", "back": BACK, "left": LEFT, "person": PERSON}
    surroundings = {**os.environ, "TOLD": json.dumps(words | told)}
    done = subprocess.run(
        [node, script],
        cwd=HERE,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_KT_f3_openid_client_enters_renews_binds_waits_and_leaves(node, house):
    issuer, person = house
    kinds = ("authorization_code", "refresh_token", DEVICE)
    made = registered(grant_types=kinds)
    said = run(node, "openid_client.mjs", issuer, secret=made.secret)
    sid = said.pop("sid")
    assert len(sid) == 36
    assert said == {
        "sub": str(person.account_id),
        "name": "Lê Thị Tiếp Nhận",
        "renewed": True,
        "active": True,
        "revoked": True,
        "aged": True,
        "bound": "dpop",
        "proven": True,
        "unproven": "refused",
        "device": True,
        "left": f"{LEFT}?state=xong",
        "after": "invalid_grant",
    }


def test_KT_f3_oauth4webapi_passes_under_the_fapi_2_profile(node, house):
    issuer, person = house
    key = ECKey.generate_key("P-256", auto_kid=True)
    jwks = {"keys": [key.as_dict(private=False)]}
    registered(auth_method="private_key_jwt", jwks=jwks, fapi=True)
    said = run(node, "oauth4webapi.mjs", issuer, jwk=key.as_dict(private=True))
    assert said == {
        "iss": issuer,
        "mixed_up": "refused",
        "kind": "dpop",
        "sub": str(person.account_id),
        "name": "Lê Thị Tiếp Nhận",
        "renewed": "dpop",
        "rotated": False,
        "replayed": "invalid_grant",
    }


def test_KT_f3_authlibs_own_client_signs_a_person_in(house):
    issuer, person = house
    made = registered()
    with httpx.Client(base_url=issuer) as browser:
        about = browser.get("/.well-known/openid-configuration").json()
        door = browser.get("/dang-nhap/can-bo/").text
        token = world.found(door, r'csrfmiddlewaretoken" value="([^"]+)"')
        browser.post("/dang-nhap/can-bo/", data={**PERSON, "csrfmiddlewaretoken": token})
        with OAuth2Client(
            "khach",
            made.secret,
            scope="openid profile",
            redirect_uri=BACK,
            code_challenge_method="S256",
            token_endpoint=about["token_endpoint"],
        ) as client:
            verifier = "v" * 43
            address, state = client.create_authorization_url(
                about["authorization_endpoint"], code_verifier=verifier, nonce="n-1"
            )
            back = browser.get(address).headers["location"]
            tokens = client.fetch_token(
                authorization_response=back, state=state, code_verifier=verifier
            )
            keys = KeySet.import_key_set(client.get(about["jwks_uri"]).json())
            claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
            assert (claims["sub"], claims["nonce"]) == (str(person.account_id), "n-1")
            known = client.get(about["userinfo_endpoint"]).json()
            assert known["name"] == "Lê Thị Tiếp Nhận"
            fresh = client.refresh_token(about["token_endpoint"])
            assert fresh["access_token"] != tokens["access_token"]
        assert dict(parse_qsl(urlsplit(back).query))["iss"] == issuer
