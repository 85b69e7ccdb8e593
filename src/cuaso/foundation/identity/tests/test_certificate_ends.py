"""Administrators hear in time that a connected system's certificate ends."""

import base64
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client as Browser

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.logic.certificate_ends import note_shown
from cuaso.foundation.identity.models import KnownCertificate
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.proofs.certificate import thumbprint
from cuaso.foundation.identity.saml.models import Partner
from cuaso.foundation.identity.saml.tests.world import key_pair
from cuaso.foundation.identity.tests import world
from cuaso.kernel import clock
from cuaso.kernel.subjects import Subject

pytestmark = pytest.mark.django_db
TOPIC = "identity.known_certificate_ending"


def partner(*pems, encryption="", status="approved"):
    return Partner.objects.create(
        entity_id=f"https://{len(pems)}{status}.example",
        name="Phần mềm văn bản",
        status=status,
        certificates=list(pems),
        encryption_certificate=encryption,
        contact="truc@van-ban.example",
    )


def client(**words):
    return Client.objects.create(
        client_id="may", name="Máy", status="approved", auth_method="private_key_jwt", **words
    )


def days_told():
    return [one["days"] for one in world.events(TOPIC)]


def test_a_partners_certificate_is_warned_of_once_at_each_mark():
    now = clock.now()
    row = partner(key_pair("a", days=40)[1])
    for later, told in ((5, []), (12, [30]), (13, [30]), (34, [30, 7]), (39.5, [30, 7, 1])):
        with clock.at(now + timedelta(days=later)):
            identity.warn_of_ends()
            assert days_told() == told
    last = world.events(TOPIC)[-1]
    assert (last["name"], last["kind"], last["use"]) == ("Phần mềm văn bản", "saml", "signing")
    assert last["contact"] == "truc@van-ban.example"
    history = audit.history(Subject(kind="identity.partner", id=row.id))
    assert [one.act for one in history] == [TOPIC] * 3
    with clock.at(now + timedelta(days=41)):
        assert identity.warn_of_ends() == 0


def test_nobody_is_told_where_a_later_certificate_stands_beside_it():
    row = partner(key_pair("b", days=5)[1], key_pair("c", days=300)[1])
    partner(key_pair("d", days=5)[1], status="waiting")
    assert identity.warn_of_ends() == 0
    row.certificates = row.certificates[:1]
    row.save()
    assert identity.warn_of_ends() == 1
    assert KnownCertificate.objects.count() == 1


def test_an_encryption_certificate_is_its_own_and_a_broken_one_hides_no_other():
    partner("khong-phai", key_pair("e", days=300)[1], encryption=key_pair("f", days=5)[1])
    assert identity.warn_of_ends() == 1
    assert world.events(TOPIC)[-1]["use"] == "encryption"


def test_a_clients_certificate_is_known_from_its_keys_or_when_it_is_shown():
    ending = key_pair("g", days=6)[1]
    der = x509.load_pem_x509_certificate(ending.encode()).public_bytes(Encoding.DER)
    row = client(jwks={"keys": [{"kty": "RSA", "x5c": [base64.b64encode(der).decode()]}]})
    assert identity.warn_of_ends() == 1
    assert world.events(TOPIC)[-1]["kind"] == "openid"
    shown = key_pair("h", days=2)[1]
    row.certificate_thumbprints = [thumbprint(shown)]
    row.save()
    note_shown(row, pem=shown)
    note_shown(row, pem=shown)
    assert identity.warn_of_ends() == 1
    assert world.events(TOPIC)[-1]["use"] == "connection"
    row.certificate_thumbprints = []
    row.save()
    identity.warn_of_ends()
    assert [one.use for one in KnownCertificate.objects.all()] == ["signing"]


def test_an_administrator_sees_on_the_pages_of_systems_what_ends_soon():
    world.official(username="quantri", roles={"admin"}, number="052188000011")
    browser = Browser()
    world.sign_in(browser, username="quantri")
    partner(key_pair("k", days=6)[1])
    identity.warn_of_ends()
    page = browser.get("/bao-mat/he-thong-saml/").content.decode()
    assert "Chứng thư của hệ thống hết hạn lúc" in page
    assert "Sắp hết hạn hoặc đã hết hạn" in page
    assert browser.get("/bao-mat/he-thong-ket-noi/").status_code == 200
