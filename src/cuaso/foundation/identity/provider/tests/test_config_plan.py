"""The plan “Config OP”: what a system reads first (oidcc-discovery-endpoint-verification)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.discovery import OpenIDProviderMetadata
from joserfc.jwk import KeySet

from cuaso.foundation.identity.provider.keys import make, rotate, stock
from cuaso.foundation.identity.provider.models import SigningKey
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.kernel import clock
from cuaso.kernel.errors import NotFound

# As it is before the fixture keeps one pair for all tests.
_generate = make.generate


def test_a_system_reads_what_the_house_can_do(client, db):
    """oidcc-discovery-endpoint-verification"""
    answer = client.get("/.well-known/openid-configuration")
    told = answer.json()
    assert answer["Content-Type"] == "application/json"
    assert told["issuer"] == world.ISSUER
    assert told["response_types_supported"] == ["code"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert "none" not in told["id_token_signing_alg_values_supported"]
    assert told["backchannel_logout_session_supported"] is True
    assert told["authorization_response_iss_parameter_supported"] is True
    assert client.get("/.well-known/oauth-authorization-server").json() == told


@pytest.mark.parametrize("kind", [AuthorizationServerMetadata, OpenIDProviderMetadata])
def test_the_description_satisfies_the_reader_of_others(client, db, kind):
    told = client.get("/.well-known/openid-configuration").json()
    # Authlib wants HTTPS everywhere; a house in production has it.
    secure = {name: _https(value) for name, value in told.items()}
    read = kind(secure)
    read.validate()
    assert read["issuer"] == "https://tinh.example"
    assert read["token_endpoint"] == "https://tinh.example/oidc/token"


def _https(value):
    text = isinstance(value, str)
    return value.replace("http://localhost:8000", "https://tinh.example") if text else value


def test_the_published_keys_are_public_and_of_two_kinds(client, db):
    answer = client.get("/oidc/jwks")
    keys = answer.json()["keys"]
    assert sorted(key["alg"] for key in keys) == ["ES256", "RS256"]
    assert not any(KeySet.import_key_set({"keys": [key]}).keys[0].is_private for key in keys)
    assert "public" in answer["Cache-Control"]


def test_both_documents_come_from_memory(client, db, django_assert_num_queries):
    client.get("/oidc/jwks")
    with django_assert_num_queries(0):
        client.get("/oidc/jwks")
        client.get("/.well-known/openid-configuration")


def test_the_private_half_of_a_key_is_not_in_the_database(client, db):
    client.get("/oidc/jwks")
    for row in SigningKey.objects.all():
        assert "PRIVATE" not in row.sealed
        assert "d" not in row.public


@pytest.fixture
def aged(client, db):
    """The keys are one day short of the next ones' publication."""
    client.get("/oidc/jwks")
    begun = clock.now() - rotate.EVERY + rotate.LEAD + timedelta(days=1)
    SigningKey.objects.update(begins_at=begun)
    stock.forget()
    return SimpleNamespace(first={row.kid for row in SigningKey.objects.all()})


def published(client):
    stock.forget()
    return {key["kid"] for key in client.get("/oidc/jwks").json()["keys"]}


def test_the_next_key_is_published_before_it_signs_and_the_old_one_stays_a_while(
    client, aged, monkeypatch
):
    assert rotate.rotate_due() == 0
    monkeypatch.setattr("cuaso.foundation.identity.provider.keys.make.generate", _generate)
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert rotate.rotate_due() == 2
        assert rotate.rotate_due() == 0
        assert published(client) > aged.first
        assert {str(key.kid) for key in stock.stock().signers.values()} == aged.first
    with clock.at(clock.now() + timedelta(days=3, minutes=2)):
        assert published(client) > aged.first
        assert not {str(key.kid) for key in stock.stock().signers.values()} & aged.first
    with clock.at(clock.now() + timedelta(days=3, minutes=15)):
        assert not published(client) & aged.first


def test_a_leaked_key_is_out_at_once_and_another_signs(client, db, monkeypatch):
    kids = published(client)
    leaked = str(stock.stock().signers["ES256"].kid)
    monkeypatch.setattr("cuaso.foundation.identity.provider.keys.make.generate", _generate)
    rotate.withdraw_key(actor=people.TESTER, kid=leaked, reason="Nghi lộ khóa")
    assert leaked not in published(client)
    assert len(published(client)) == len(kids)
    assert str(stock.stock().signers["ES256"].kid) != leaked
    with pytest.raises(NotFound):
        rotate.withdraw_key(actor=people.TESTER, kid=leaked, reason="Lần nữa")
