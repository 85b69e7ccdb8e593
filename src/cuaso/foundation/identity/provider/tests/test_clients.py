"""A system proves who it is, in exactly the way it has registered; the ways of cheating."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.test import Client as Browser
from joserfc import jwt
from joserfc.jwk import ECKey

from cuaso.foundation.identity.contracts import (
    CertificateStanding,
    CertificateState,
    SystemDraft,
)
from cuaso.foundation.identity.provider.clients import decide
from cuaso.foundation.identity.provider.clients.register import register_system
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.proofs.certificate import thumbprint
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, Invalid, NotAllowed

ADMIN = Actor(kind="official", name="Quản trị", roles=frozenset({"admin"}))
MACHINE = {"grant_type": "client_credentials"}


def machine(**words):
    draft = {
        "grant_types": ("client_credentials",),
        "redirect_uris": (),
        "scopes": ("ho_so.doc",),
        "client_id": "may",
    }
    return world.system(**(draft | words))


def refused(answer, *, status=401, error="invalid_client"):
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.content


def refused_and_nothing_given(words, *, status=401, error="invalid_client", **headers):
    before = world.counts()
    refused(post(words, **headers), status=status, error=error)
    assert world.counts() == before


def post(words, **headers):
    body = "&".join(f"{name}={quote(str(word))}" for name, word in words.items())
    kind = "application/x-www-form-urlencoded"
    return Browser().post("/oidc/token", body, content_type=kind, headers=headers)


def basic(name, secret):
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def test_a_wrong_secret_and_an_unknown_system_get_the_same_answer(db):
    one = machine()
    before = world.counts()
    wrong = post(MACHINE, Authorization=basic("may", "sai"))
    unknown = post(MACHINE, Authorization=basic("khong-co", one.secret))
    refused(wrong)
    assert wrong.json() == unknown.json()
    assert wrong["WWW-Authenticate"].startswith("Basic")
    assert world.counts() == before


def test_a_system_that_is_to_use_the_header_cannot_use_the_body(db):
    one = machine()
    refused_and_nothing_given(MACHINE | {"client_id": "may", "client_secret": one.secret})


def test_a_system_with_a_key_cannot_be_impersonated_by_leaving_the_key_out(db):
    machine(auth_method="private_key_jwt")
    refused_and_nothing_given(MACHINE | {"client_id": "may"})


def test_two_proofs_at_once_are_refused(db):
    one = machine()
    words = MACHINE | {"client_id": "may", "client_secret": one.secret}
    proof = basic("may", one.secret)
    refused_and_nothing_given(words, status=400, error="invalid_request", Authorization=proof)


def test_two_names_at_once_are_refused(db):
    one = machine()
    proof = basic("may", one.secret)
    refused_and_nothing_given(MACHINE | {"client_id": "khac"}, Authorization=proof)


@pytest.mark.parametrize("header", ["Basic !!!", "Basic ", "Basic /////w==", "basic YQ=="])
def test_a_header_that_cannot_be_read_is_refused(db, header):
    refused_and_nothing_given(MACHINE, Authorization=header)


def test_a_secret_with_odd_letters_is_read_as_the_standard_says(db):
    one = machine()
    header = basic(quote("may", safe=""), quote(one.secret, safe=""))
    assert post(MACHINE, Authorization=header).status_code == 200


def test_an_assertion_proves_a_system_once(db):
    one = machine(auth_method="private_key_jwt")
    made = world.assertion(one)
    assert post(MACHINE | made).status_code == 200
    before = world.counts()
    refused(post(MACHINE | made))
    assert world.counts() == before


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://noi-khac.example"},
        {"aud": []},
        {"iss": "ke-khac"},
        {"sub": "ke-khac"},
        {"exp": 1},
        {"exp": 99_999_999_999},
        {"jti": None},
        {"nbf": 99_999_999_999},
    ],
)
def test_an_assertion_for_somebody_else_or_another_time_proves_nothing(db, changed):
    one = machine(auth_method="private_key_jwt")
    before = world.counts()
    refused(post(MACHINE | world.assertion(one, **changed)))
    assert world.counts() == before


def test_an_assertion_under_another_key_or_none_proves_nothing(db):
    one = machine(auth_method="private_key_jwt")
    one_key, other = one.key, ECKey.generate_key("P-256", parameters={"kid": one.key.kid})
    claims = {
        "iss": "may",
        "sub": "may",
        "aud": world.ISSUER,
        "jti": "1",
        "exp": int(clock.now().timestamp()) + 60,
    }
    forged = [
        jwt.encode({"alg": "ES256", "kid": one_key.kid}, claims, other),
        world.under_public_key(claims, one_key),
        world.unsigned(claims),
    ]
    kind = world.assertion(one)["client_assertion_type"]
    before = world.counts()
    for token in forged:
        refused(post(MACHINE | {"client_assertion_type": kind, "client_assertion": token}))
    assert world.counts() == before


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(*, days=30, issuer="may"):
    key = ec.generate_private_key(ec.SECP256R1())
    begun = datetime(2026, 1, 1, tzinfo=UTC) if days < 0 else clock.now() - timedelta(days=1)
    built = x509.CertificateBuilder().subject_name(named("may")).issuer_name(named(issuer))
    built = built.public_key(key.public_key()).serial_number(1)
    built = built.not_valid_before(begun).not_valid_after(begun + timedelta(days=abs(days)))
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def test_a_certificate_in_a_header_is_believed_behind_a_named_proxy_alone(db, settings):
    pem = certificate()
    mark = thumbprint(pem)
    machine(auth_method="self_signed_tls_client_auth", certificate_thumbprints=(mark,))
    words = MACHINE | {"client_id": "may"}
    refused(post(words, **{"X-Client-Cert": quote(pem)}))
    settings.CUASO_CLIENT_CERTIFICATE_HEADER = "X-Client-Cert"
    refused(post(words, **{"X-Client-Cert": quote(pem)}))
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    refused(post(words))
    refused(post(words, **{"X-Client-Cert": quote(certificate())}))
    refused(post(words, **{"X-Client-Cert": "khong-phai"}))
    given = post(words, **{"X-Client-Cert": quote(pem)})
    assert given.status_code == 200
    one = world.system(client_id="api", serves=(world.API,), grant_types=())
    Client.objects.filter(client_id="may").update(may_call=[world.API])
    bound = post(words, **{"X-Client-Cert": quote(pem)}).json()
    assert one.ask_about(bound["access_token"])["cnf"] == {"x5t#S256": mark}


ISSUER_SAYS: dict[str, CertificateState] = {"state": "good"}


def judge(*, pems, ahead, anew):
    del ahead, anew
    return [CertificateStanding(state=ISSUER_SAYS["state"]) for _ in pems]


@pytest.fixture
def front(db, settings):
    """A front end that verifies keys, and an issuer that says what ISSUER_SAYS holds."""
    settings.CUASO_CLIENT_CERTIFICATE_HEADER = "X-Client-Cert"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.CUASO_CERTIFICATE_JUDGE = f"{__name__}.judge"
    return settings


@pytest.mark.parametrize(
    ("state", "policy", "status"),
    [
        ("good", "refuse", 200),
        ("revoked", "accept", 401),
        ("unknown", "refuse", 401),
        ("unknown", "accept", 200),
    ],
)
def test_a_systems_registered_certificate_is_asked_of_its_issuer(
    front, monkeypatch, state, policy, status
):
    front.CUASO_UNREACHABLE_ISSUER = policy
    monkeypatch.setitem(ISSUER_SAYS, "state", state)
    pem = certificate(issuer="Cơ quan cấp")
    machine(auth_method="self_signed_tls_client_auth", certificate_thumbprints=(thumbprint(pem),))
    before = world.counts()
    answer = post(MACHINE | {"client_id": "may"}, **{"X-Client-Cert": quote(pem)})
    assert answer.status_code == status, answer.content
    assert (world.counts() == before) is (status == 401)


def test_an_expired_certificate_proves_nothing(db):
    assert thumbprint(certificate(days=-1)) == ""


def test_a_renewed_secret_leaves_the_old_one_good_for_a_week(db):
    one = machine()
    fresh = decide.renew_secret(actor=ADMIN, client_id="may")
    for secret in (one.secret, fresh):
        assert post(MACHINE, Authorization=basic("may", secret)).status_code == 200
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        refused(post(MACHINE, Authorization=basic("may", one.secret)))
        assert post(MACHINE, Authorization=basic("may", fresh)).status_code == 200


def test_a_system_is_not_closed_without_a_reason(db, system):
    before = world.counts()
    with pytest.raises(Invalid) as refusal:
        decide.close_system(actor=ADMIN, client_id=system.client_id, reason=" ")
    assert refusal.value.code == "identity.system_reason_missing"
    assert Client.objects.get().status == "approved"
    assert world.counts() == before


def test_a_closed_system_is_out_with_all_it_holds(person, system):
    _, tokens = world.enter(person, system)
    decide.close_system(actor=ADMIN, client_id=system.client_id, reason="Hết hợp đồng")
    assert world.userinfo(tokens["access_token"]).status_code == 401
    refused(system.renew(tokens["refresh_token"]))
    with pytest.raises(Conflict):
        decide.close_system(actor=ADMIN, client_id=system.client_id, reason="Lần nữa")


def test_only_an_administrator_decides_about_systems(db, system):
    for act in (decide.approve_system, decide.refuse_system, decide.renew_secret):
        with pytest.raises(NotAllowed):
            act(actor=people.TESTER, client_id=system.client_id)
    assert Client.objects.get().status == "approved"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"redirect_uris": ("http://he-thong.example/",)}, "redirect_uris"),
        ({"redirect_uris": ("https://he-thong.example/#a",)}, "redirect_uris"),
        ({"redirect_uris": ("https://*.example/",)}, "redirect_uris"),
        ({"redirect_uris": ("javascript:alert(1)",)}, "redirect_uris"),
        ({"redirect_uris": ("https://a@b.example/",)}, "redirect_uris"),
        ({"redirect_uris": ("https://b.example\\@a/",)}, "redirect_uris"),
        ({"redirect_uris": ()}, "redirect_uris"),
        ({"backchannel_logout_uri": "http://10.0.0.1/"}, "backchannel_logout_uri"),
        ({"auth_method": "client_secret_jwt"}, "auth_method"),
        ({"auth_method": "private_key_jwt"}, "jwks"),
        ({"auth_method": "none", "grant_types": ("client_credentials",)}, "grant_types"),
        ({"grant_types": ("password",)}, "grant_types"),
        ({"fapi": True}, "auth_method"),
        ({"name": ""}, "name"),
    ],
)
def test_a_system_that_describes_itself_unsafely_is_not_registered(db, words, field):
    draft = {"name": "Hệ thống", "redirect_uris": (world.BACK,)}
    with pytest.raises(Invalid) as caught:
        register_system(actor=people.TESTER, draft=SystemDraft(**(draft | words)))
    assert field in [one.field for one in caught.value.problems]
    assert Client.objects.count() == 0


def test_a_private_key_in_the_description_is_refused(db):
    key = ECKey.generate_key("P-256")
    jwks = {"keys": [key.as_dict(private=True)]}
    draft = SystemDraft(
        name="Hệ thống", redirect_uris=(world.BACK,), auth_method="private_key_jwt", jwks=jwks
    )
    with pytest.raises(Invalid):
        register_system(actor=people.TESTER, draft=draft)


def test_the_same_name_cannot_be_registered_twice(db, system):
    with pytest.raises(Conflict):
        world.system(client_id=system.client_id)
    assert Client.objects.count() == 1
