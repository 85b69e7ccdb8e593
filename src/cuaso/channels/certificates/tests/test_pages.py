"""The administrator's page of certificates and the doors of machines, in the furnished house."""

import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from django.contrib.auth import get_user_model
from django.test import Client

from cuaso.capabilities.certificates import api as certificates
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import SystemDraft
from cuaso.kernel.actors import system

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGE = "/bao-mat/chung-thu-he-thong/"
NAME = "van-ban.example"


@pytest.fixture
def administrator(db, settings, tmp_path):
    """The province's administrator; the authority's key lies in the test's own folder."""
    settings.CUASO_KEYS = tmp_path / "keys"
    identity.register_system(
        actor=system("Bài thử"),
        draft=SystemDraft(
            client_id="van-ban",
            name="Văn bản huyện",
            auth_method="tls_client_auth",
            grant_types=("client_credentials",),
        ),
    )
    committee = directory.province().committee_id
    return next(
        signed_in(one.person.id)
        for one in directory.holders_below(committee, "admin")
        if one.post.title == "Quản trị hệ thống của tỉnh"
    )


def signed_in(person_id):
    client = Client()
    account = get_user_model().objects.get(person_id=person_id, kind="official")
    client.force_login(account, backend=BACKEND)
    return client


def wanted():
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    names = x509.SubjectAlternativeName([x509.DNSName(NAME)])
    made = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    return made.public_bytes(Encoding.PEM).decode()


def allow(browser):
    words = {"act": "allow", "name": NAME, "client_id": "van-ban", "contact": "Tổ kỹ thuật"}
    return browser.post(PAGE, words, follow=True).content.decode()


def test_an_administrator_allows_a_name_issues_hands_out_and_revokes(administrator):
    assert "Đã cho phép tên này." in allow(administrator)
    page = administrator.post(PAGE, {"act": "issue", "request": wanted()}, follow=True)
    [card] = certificates.cards()
    assert f"Đã cấp chứng thư số {card.serial}." in page.content.decode()
    fetched = administrator.get(f"{PAGE}{card.serial}.pem")
    assert fetched.content.decode() == card.chain_pem
    listed = x509.load_der_x509_crl(Client().get("/chung-thu/thu-hoi.crl").content)
    assert len(listed) == 0
    unsaid = administrator.post(PAGE, {"act": f"revoke:{card.serial}", "reason": ""})
    assert unsaid.status_code == 422
    assert "Hãy chọn lý do thu hồi." in unsaid.content.decode()
    words = {"act": f"revoke:{card.serial}", "reason": "superseded"}
    gone = administrator.post(PAGE, words, follow=True).content.decode()
    assert "Đã thu hồi chứng thư." in gone
    listed = x509.load_der_x509_crl(Client().get("/chung-thu/thu-hoi.crl").content)
    assert [f"{one.serial_number:x}" for one in listed] == [card.serial]


def test_a_wrong_request_comes_back_with_what_was_typed(administrator):
    allow(administrator)
    answer = administrator.post(PAGE, {"act": "issue", "request": "không phải"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "cần tệp PEM CERTIFICATE REQUEST" in page
    assert ">không phải</textarea>" in page
    assert certificates.cards() == ()


def test_an_administrator_hands_out_a_key_that_is_shown_once(administrator):
    refused = administrator.post(PAGE, {"act": "external", "external": ""})
    assert refused.status_code == 422
    assert "Hãy chọn một hệ thống." in refused.content.decode()
    shown = administrator.post(PAGE, {"act": "external", "external": "van-ban"})
    made = shown.context["made"]
    assert made.secret in shown.content.decode()
    assert made.kid in shown.content.decode()
    assert made.secret not in administrator.get(PAGE).content.decode()


def test_nobody_else_sees_the_page(administrator, official):
    clerk = signed_in(official("reception").person_id)
    assert clerk.get(PAGE).status_code == 403
    refused = clerk.post(PAGE, {"act": "allow", "name": NAME, "client_id": "van-ban"})
    assert refused.status_code == 403
    assert certificates.allowed_names() == ()
    assert Client().get(PAGE).status_code == 302


def test_machines_find_the_directory_a_nonce_and_the_authority(administrator):
    browser = Client()
    told = browser.get("/acme/directory").json()
    assert sorted(told) == [
        "keyChange",
        "meta",
        "newAccount",
        "newNonce",
        "newOrder",
        "revokeCert",
    ]
    first = browser.head("/acme/new-nonce")
    again = browser.get("/acme/new-nonce")
    assert (first.status_code, again.status_code) == (200, 204)
    assert first["Replay-Nonce"] != again["Replay-Nonce"]
    house = x509.load_der_x509_certificate(browser.get("/chung-thu/goc.crt").content)
    assert house.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is True


def test_machines_that_do_not_speak_acme_are_told_so_with_a_nonce(administrator):
    plain = Client().post("/acme/new-order", "{}", content_type="application/json")
    assert plain.status_code == 415
    broken = Client().post("/acme/new-order", "{}", content_type="application/jose+json")
    assert broken.status_code == 400
    assert json.loads(broken.content)["type"] == "urn:ietf:params:acme:error:malformed"
    assert broken["Replay-Nonce"]
    assert broken["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/chung-thu/ocsp/***", "/chung-thu/ocsp"])
def test_a_question_that_cannot_be_read_gets_the_standards_error(administrator, address):
    answer = Client().get(address)
    assert answer["Content-Type"] == "application/ocsp-response"
    read = ocsp.load_der_ocsp_response(answer.content)
    assert read.response_status == ocsp.OCSPResponseStatus.MALFORMED_REQUEST
