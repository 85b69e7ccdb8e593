"""An official's certificate, made by openssl, is asked of its issuer before it opens anything."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.tests import world
from cuaso.capabilities.certificates.tests.openssl_authority import OpensslAuthority
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import AgencyRow
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.actors import system

PASSWORD = "Mat-khau-rat-dai-2026"
TESTER = system("Bài thử")


@pytest.fixture
def authority(tmp_path, house, monkeypatch):
    folder = tmp_path / "authority"
    folder.mkdir()
    made = OpensslAuthority(folder)
    monkeypatch.setenv("CUASO_CLIENT_AUTHORITIES", str(made.bundle))
    yield made
    made.close()


@pytest.fixture
def proxy(settings):
    settings.CUASO_CLIENT_CERTIFICATE_HEADER = "X-Client-Cert"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


def judged(pem, **more):
    return said_of(pem, **more).state


def said_of(pem, **more):
    (said,) = certificates.judge(pems=[pem], **more)
    return said


def tomorrow(**more):
    """The moment at which today's answers and lists are old, and a little more or less."""
    return clock.at(clock.now() + timedelta(days=1, **more))


@pytest.mark.parametrize(("extensions", "way"), [("both", "ocsp"), ("list", "crl")])
def test_an_issuer_is_asked_once_until_its_answer_is_old(authority, extensions, way):
    pem = authority.certify("nguoi", extensions=extensions)
    assert (judged(pem), judged(pem)) == ("good", "good")
    assert authority.asked == {"ocsp": 0, "crl": 0} | {way: 1}
    authority.revoke("nguoi")
    assert judged(pem) == "good"
    with tomorrow(minutes=-20):
        assert judged(pem) == "good"
        assert judged(pem, ahead=True) == "revoked"
        said = said_of(pem)
    assert (said.state, said.revoked_at is None) == ("revoked", False)
    assert authority.asked[way] == 2


@pytest.mark.parametrize("extensions", ["both", "list"])
def test_who_asks_anew_hears_of_a_revocation_at_once_and_what_is_kept_counts_in_silence(
    authority, extensions
):
    pem = authority.certify("nguoi", extensions=extensions)
    assert judged(pem) == "good"
    authority.revoke("nguoi")
    authority.mode = "down"
    assert judged(pem, anew=True) == "good"
    authority.mode = "ok"
    assert judged(pem) == "good"
    assert judged(pem, anew=True) == "revoked"
    assert judged(pem) == "revoked"


@pytest.mark.parametrize("extensions", ["both", "list"])
def test_an_old_answer_that_somebody_hands_over_again_says_nothing(authority, extensions):
    pem = authority.certify("nguoi", extensions=extensions)
    with tomorrow(minutes=5):
        said = said_of(pem)
    assert said.state == "unknown"
    assert said.why == "Câu trả lời của cơ quan cấp đã quá hạn."


def test_an_issuer_that_is_down_is_not_guessed_about(authority):
    pem = authority.certify("nguoi")
    authority.mode = "down"
    said = said_of(pem)
    assert said.state == "unknown"
    assert "503" in said.why
    authority.mode = "ok"
    assert judged(pem) == "good"
    authority.mode = "down"
    assert judged(pem, ahead=True) == "good"
    with tomorrow(minutes=1):
        assert judged(pem) == "unknown"


def test_nobody_is_asked_about_a_certificate_whose_issuer_is_not_trusted(
    authority, tmp_path, monkeypatch
):
    pem = authority.certify("nguoi")
    monkeypatch.delenv("CUASO_CLIENT_AUTHORITIES")
    said = said_of(pem)
    assert (said.state, authority.asked) == ("unknown", {"ocsp": 0, "crl": 0})
    assert said.why == "Chưa tin cậy cơ quan cấp “CN=Co quan cap thu”."
    assert judged("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n") == "unknown"


def test_a_certificate_without_an_address_to_ask_at_is_unknown(authority):
    said = said_of(authority.certify("nguoi", extensions="nothing"))
    assert said.state == "unknown"
    assert "không ghi nơi công bố thu hồi" in said.why


def test_our_own_certificates_are_judged_by_our_own_books(house):
    made = certificates.issue(actor=world.ADMIN, request=world.pem(world.request(world.NAME)))
    assert judged(made.pem) == "good"
    certificates.revoke(actor=world.ADMIN, serial=made.serial, reason="superseded")
    assert judged(made.pem) == "revoked"


@pytest.fixture
def browser(authority, proxy):
    """An official's browser, signed in by password, and their openssl-made certificate."""
    row = AgencyRow(
        key="quy-nhon", code="", code_old_style="", name="Ủy ban nhân dân phường Quy Nhơn",
        name_en="", short_name="Quy Nhơn", kind="committee", level="commune", parent_key="",
        place_code="", seal_name="", from_=None, to=None, source="", unverified=True,
    )  # fmt: skip
    directory.install_agencies([row])
    person = directory.ensure_person(name="Lê Thị Tiếp Nhận", personal_number="052188000009")
    directory.appoint(
        agency_id=directory.agency_by_key("quy-nhon").id,
        person_id=person.id,
        title="Chuyên viên",
        roles={"reception"},
        start=clock.today() - timedelta(days=30),
        actor=TESTER,
    )
    identity.open_official_account(
        actor=TESTER, person_id=person.id, name=person.name, username="le.tiep", password=PASSWORD
    )
    client = Client()
    client.post("/dang-nhap/can-bo/", {"login": "le.tiep", "password": PASSWORD})
    shown = {"X-Client-Cert": quote(authority.certify("tiep"))}
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD}, headers=shown)
    assert client.post("/bao-mat/chung-thu/", headers=shown)["Location"] == "/bao-mat/"
    return shown


def enter(shown):
    client = Client()
    answer = client.post("/dang-nhap/chung-thu/", headers=shown)
    return answer, "_auth_user_id" in client.session


def test_an_official_enters_by_a_certificate_until_its_issuer_revokes_it_kt_f2(authority, browser):
    answer, inside = enter(browser)
    assert (answer["Location"], inside) == ("/ban-lam-viec/", True)
    assert authority.asked == {"ocsp": 1, "crl": 0}  # asked when it was named, kept since
    authority.revoke("tiep")
    with tomorrow(minutes=-10):
        identity.tend_certificates()  # the worker, between two sign-ins
        answer, inside = enter(browser)
    assert (answer.status_code, inside) == (403, False)
    assert authority.asked == {"ocsp": 2, "crl": 0}


def test_a_session_ends_at_the_next_round_after_its_certificate_is_revoked_kt_f3(
    authority, browser
):
    client = Client()
    client.post("/dang-nhap/chung-thu/", headers=browser)
    assert identity.end_certified() == 0
    assert client.get("/ban-lam-viec/").wsgi_request.user.is_authenticated
    authority.revoke("tiep")
    assert identity.end_certified() == 1
    assert not client.get("/ban-lam-viec/").wsgi_request.user.is_authenticated


def test_an_official_is_refused_while_the_issuer_is_out_unless_that_is_accepted(
    authority, browser, settings
):
    authority.mode = "down"
    with tomorrow(minutes=1):
        answer, inside = enter(browser)
        assert (answer.status_code, inside) == (503, False)
        assert "Chưa hỏi được cơ quan cấp" in answer.content.decode()
        settings.CUASO_UNREACHABLE_ISSUER = "accept"
        answer, _ = enter(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/ban-lam-viec/")
