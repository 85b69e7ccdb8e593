"""An official signs in by a certificate that a trusted proxy has verified."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.test import Client

from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.contracts import CertificateStanding, CertificateState
from cuaso.foundation.identity.models import PersonCertificate
from cuaso.foundation.identity.tests import world
from cuaso.kernel import clock

HEADER = "X-Client-Cert"


def certificate(*, name="Lê Thị Tiếp Nhận", begin=timedelta(days=-1), end=timedelta(days=30)):
    """Return a header of a certificate as a proxy hands it over."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA bài thử")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(clock.now() + begin)
        .not_valid_after(clock.now() + end)
        .sign(key, hashes.SHA256())
    )
    return {HEADER: quote(made.public_bytes(Encoding.PEM).decode())}


SAID: dict[str, CertificateState] = {"state": "good"}


def judge(*, pems, ahead, anew):
    """What the issuer says in these tests; `SAID` is put back after each."""
    assert all(pem.startswith("-----BEGIN CERTIFICATE-----") for pem in pems)
    return [CertificateStanding(state=SAID["state"]) for _ in pems]


@pytest.fixture
def proxy(settings, monkeypatch):
    settings.CUASO_CERTIFICATE_JUDGE = f"{__name__}.judge"
    monkeypatch.setitem(SAID, "state", "good")
    settings.CUASO_CLIENT_CERTIFICATE_HEADER = HEADER
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


@pytest.fixture
def named(proxy, signed_in):
    """A certificate that its owner has named, after typing the password again."""
    shown = certificate()
    asked = signed_in.post("/bao-mat/chung-thu/", headers=shown)
    assert asked["Location"].startswith("/tai-khoan/xac-nhan/")
    assert PersonCertificate.objects.count() == 0
    signed_in.post("/tai-khoan/xac-nhan/", {"password": world.PASSWORD}, headers=shown)
    assert signed_in.post("/bao-mat/chung-thu/", headers=shown)["Location"] == "/bao-mat/"
    return shown


def enter(client, shown):
    return client.post("/dang-nhap/chung-thu/", headers=shown)


def test_the_named_certificate_opens_its_account_at_two_factors(named, client):
    assert enter(client, named)["Location"] == "/ban-lam-viec/"
    assert world.who(client).startswith("official")
    assert client.session["identity_assurance"] == 2
    assert "identity.certificate_named" in world.acts()
    assert world.acts()[-1] == "identity.signed_in"


def test_a_certificate_that_nobody_named_opens_nothing(named, client):
    before = world.counts()
    answer = enter(client, certificate())
    assert answer.status_code == 403
    assert "chưa được tài khoản nào đăng ký" in answer.content.decode()
    assert world.who(client).startswith("anonymous")
    assert world.counts() == before


def test_a_removed_certificate_opens_nothing_any_more(named, signed_in, client):
    row = PersonCertificate.objects.get()
    signed_in.post(f"/bao-mat/chung-thu/{row.id}/go/")
    assert enter(client, named).status_code == 403
    assert world.who(client).startswith("anonymous")
    assert world.acts()[-1] == "identity.certificate_removed"


@pytest.mark.parametrize(
    "term",
    [
        {"begin": timedelta(days=-9), "end": timedelta(days=-1)},
        {"begin": timedelta(days=1), "end": timedelta(days=9)},
    ],
    ids=["expired", "of tomorrow"],
)
def test_a_certificate_outside_its_days_is_refused_with_them(proxy, official, client, term):
    answer = enter(client, certificate(**term))
    assert answer.status_code == 403
    assert "Thời hạn từ" in answer.content.decode()
    assert world.who(client).startswith("anonymous")


def test_a_header_is_believed_only_behind_a_trusted_proxy(named, client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    answer = enter(client, named)
    assert answer.status_code == 400
    assert "chưa xuất trình chứng thư số" in answer.content.decode()
    assert world.who(client).startswith("anonymous")


def test_one_certificate_opens_one_account(named):
    world.official(username="nguoi.khac", roles={"handler"}, number="052188000011")
    other = Client()
    world.sign_in(other, username="nguoi.khac")
    other.post("/tai-khoan/xac-nhan/", {"password": world.PASSWORD}, headers=named)
    answer = other.post("/bao-mat/chung-thu/", headers=named)
    assert answer.status_code == 409
    assert PersonCertificate.objects.count() == 1


def test_a_shut_account_is_not_opened_by_its_certificate(named, official, client):
    world.close(official.account_id)
    assert enter(client, named).status_code == 403
    assert world.who(client).startswith("anonymous")


def test_the_certificate_lets_in_to_sensitive_data(named):
    client = Client()
    world.sign_in(client)
    asked = client.get("/can-bo/nhay-cam/")
    assert asked["Location"] == "/xac-thuc-them/?loai=sensitive&next=%2Fcan-bo%2Fnhay-cam%2F"
    assert "Dùng chứng thư số" in client.get(asked["Location"]).content.decode()
    proven = client.post("/xac-thuc-them/chung-thu/", {"next": "/can-bo/nhay-cam/"}, headers=named)
    assert proven["Location"] == "/can-bo/nhay-cam/"
    assert client.get("/can-bo/nhay-cam/").status_code == 200
    assert world.acts()[-1] == "identity.proven_again"


def test_a_certificate_that_another_address_tells_of_opens_nothing(named, client, monkeypatch):
    monkeypatch.setenv("CUASO_FRONT_ADDRESSES", "10.9.8.7")
    before = world.counts()
    assert enter(client, named).status_code == 400
    assert world.who(client).startswith("anonymous")
    assert world.counts() == before


def test_a_certificate_that_its_issuer_has_revoked_opens_nothing_and_its_owner_is_told(
    named, client, monkeypatch
):
    monkeypatch.setitem(SAID, "state", "revoked")
    answer = enter(client, named)
    assert answer.status_code == 403
    assert "Chứng thư số này đã bị thu hồi." in answer.content.decode()
    assert world.who(client).startswith("anonymous")
    assert PersonCertificate.objects.get().ended_at is not None
    assert world.acts()[-1] == "identity.certificate_revoked"
    assert "thu hồi" in world.events("identity.factor_changed")[-1]["say"]
    assert enter(client, named).status_code == 403
    assert len(world.events("identity.factor_changed")) == 2  # named, revoked


@pytest.mark.parametrize(("policy", "status"), [("refuse", 503), ("accept", 302)])
def test_an_issuer_that_does_not_answer_is_met_as_the_house_has_declared(
    named, client, settings, policy, status
):
    settings.CUASO_UNREACHABLE_ISSUER = policy
    SAID["state"] = "unknown"  # put back by the proxy's fixture
    answer = enter(client, named)
    assert answer.status_code == status
    assert ("Chưa hỏi được cơ quan cấp" in answer.content.decode()) is (policy == "refuse")
    assert world.who(client).startswith("official" if policy == "accept" else "anonymous")
    assert "identity.certificate_unasked" in world.acts()
    assert PersonCertificate.objects.get().ended_at is None


def test_a_revoked_certificate_is_not_even_named(proxy, signed_in, monkeypatch):
    monkeypatch.setitem(SAID, "state", "revoked")
    shown = certificate()
    signed_in.post("/tai-khoan/xac-nhan/", {"password": world.PASSWORD}, headers=shown)
    assert signed_in.post("/bao-mat/chung-thu/", headers=shown).status_code == 403
    assert PersonCertificate.objects.count() == 0


def test_a_revocation_between_sign_ins_ends_the_certificate_by_itself(named, client, monkeypatch):
    identity.tend_certificates()
    assert PersonCertificate.objects.get().ended_at is None
    monkeypatch.setitem(SAID, "state", "revoked")
    identity.tend_certificates()
    identity.tend_certificates()
    assert PersonCertificate.objects.get().ended_at is not None
    assert world.acts().count("identity.certificate_revoked") == 1


def test_who_signs_in_by_a_certificate_hears_of_its_end_once_at_each_mark(named):
    row = PersonCertificate.objects.get()
    for days, told in ((31, []), (29, [30]), (28, [30]), (6, [30, 7]), (1, [30, 7, 1])):
        PersonCertificate.objects.update(valid_until=clock.now() + timedelta(days=days, hours=-1))
        identity.tend_certificates()
        assert [one["days"] for one in world.events("identity.certificate_ending")] == told
    assert row.ended_at is None


def test_a_session_opened_by_a_certificate_ends_within_seconds_of_its_revocation_kt_f3(
    named, client, signed_in, monkeypatch
):
    enter(client, named)
    assert identity.end_certified() == 0
    assert world.who(client).startswith("official")
    monkeypatch.setitem(SAID, "state", "revoked")
    assert identity.end_certified() == 1
    assert world.who(client).startswith("anonymous")
    assert world.who(signed_in).startswith("official")  # came in by a password
    assert PersonCertificate.objects.get().ended_at is not None
    assert {"identity.certificate_revoked", "identity.certified_sessions_ended"} <= {*world.acts()}
    assert identity.end_certified() == 0


def test_a_session_made_stronger_by_a_certificate_ends_with_it_too(named, signed_in, monkeypatch):
    signed_in.post("/xac-thuc-them/chung-thu/", {"next": "/can-bo/nhay-cam/"}, headers=named)
    monkeypatch.setitem(SAID, "state", "revoked")
    assert identity.end_certified() == 1
    assert world.who(signed_in).startswith("anonymous")


@pytest.mark.parametrize(("policy", "stays"), [("refuse", False), ("accept", True)])
def test_a_live_session_whose_issuer_falls_silent_is_met_as_the_house_has_declared(
    named, client, settings, policy, stays
):
    enter(client, named)
    settings.CUASO_UNREACHABLE_ISSUER = policy
    SAID["state"] = "unknown"  # put back by the proxy's fixture
    assert identity.end_certified() == (0 if stays else 1)
    assert world.who(client).startswith("official" if stays else "anonymous")
    assert PersonCertificate.objects.get().ended_at is None
    assert ("identity.certified_sessions_ended" in world.acts()) is not stays
