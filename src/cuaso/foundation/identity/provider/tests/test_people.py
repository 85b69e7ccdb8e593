"""What a person is asked, agrees to, sees and ends; devices; step-up; applications of systems."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.test import Client as Browser

from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.models import Client, Consent, DeviceRequest, SignOn
from cuaso.foundation.identity.provider.tests import world
from cuaso.foundation.identity.tests import world as people
from cuaso.foundation.identity.tests.test_second_factor import code_of
from cuaso.kernel import clock


@pytest.fixture
def foreign(db):
    return world.system(client_id="ngoai", first_party=False, name="Công ty Ngoài")


def ask(person, one, **words):
    """Return what was started and the hidden words of the consent page."""
    started = world.start(one, **words)
    page = person.get(started.address).content.decode()
    names = ("client_id", "request_uri")
    return started, {name: people.found(page, f'name="{name}" value="([^"]+)"') for name in names}


def agree(person, form, answer="yes"):
    said = person.post("/oidc/authorize/consent", {**form, "answer": answer})
    return person.get(said["Location"]) if said.status_code == 302 else said


def test_a_system_of_others_is_let_in_after_the_persons_yes(person, foreign):
    started, form = ask(person, foreign, scope="openid profile email")
    told = world.come_back(agree(person, form))
    tokens = foreign.fetch(started, told["code"]).json()
    assert tokens["scope"] == "openid profile email"
    assert Consent.objects.get().scopes == ["email", "openid", "profile"]
    assert "identity.consent_given" in people.acts()
    world.enter(person, foreign, scope="openid email")


def test_more_than_was_agreed_to_is_asked_again(person, foreign):
    _, form = ask(person, foreign, scope="openid")
    agree(person, form)
    page = person.get(world.start(foreign, scope="openid personal_number").address)
    assert "số định danh cá nhân" in page.content.decode()


def test_a_no_is_told_to_the_system_and_nothing_is_given(person, foreign):
    started, form = ask(person, foreign)
    told = world.come_back(agree(person, form, answer="no"))
    assert (told["error"], told["state"]) == ("access_denied", started.words["state"])
    assert Consent.objects.count() == 0
    assert people.acts()[-1] == "identity.consent_refused"


def test_a_foreign_page_cannot_say_yes_for_the_person(person, foreign):
    _, form = ask(person, foreign)
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies = person.cookies
    before = world.counts()
    assert strict.post("/oidc/authorize/consent", {**form, "answer": "yes"}).status_code == 403
    assert world.counts() == before


def test_a_system_that_forbids_questions_hears_that_one_is_needed(person, foreign):
    told = world.come_back(person.get(world.start(foreign, prompt="none").address))
    assert told["error"] == "consent_required"


def test_a_system_may_have_the_question_asked_again(person, foreign):
    _, form = ask(person, foreign)
    agree(person, form)
    started, form = ask(person, foreign, prompt="consent")
    told = world.come_back(agree(person, form))
    assert foreign.fetch(started, told["code"]).status_code == 200


def test_a_yes_that_is_taken_back_ends_what_the_system_holds(person, foreign):
    started, form = ask(person, foreign)
    tokens = foreign.fetch(started, world.come_back(agree(person, form))["code"]).json()
    row = Client.objects.get(client_id="ngoai").id
    person.post(f"/bao-mat/he-thong/{row}/")
    assert world.userinfo(tokens["access_token"]).status_code == 401
    assert Consent.objects.count() == 0
    assert people.acts()[-1] == "identity.consent_taken_back"


def test_a_person_sees_and_ends_each_session_with_its_systems(person, system):
    world.enter(person, system)
    other = Browser()
    people.sign_in(other)
    page = other.get("/bao-mat/phien-dang-nhap/").content.decode()
    assert "Hệ thống đã mở: Hệ thống thử." in page
    first = UserSession.objects.order_by("created_at").first()
    assert first is not None
    other.post(f"/bao-mat/phien-dang-nhap/{first.pk}/")
    assert people.who(person).startswith("anonymous")
    assert people.who(other).startswith("official")
    assert SignOn.objects.get().ended_why == "ended_by_person"


def test_nobody_ends_the_session_of_another_person(person, system):
    world.enter(person, system)
    people.official(username="khac", roles={"clerk"}, number="052188000010")
    other = Browser()
    people.sign_in(other, username="khac")
    first = UserSession.objects.order_by("created_at").first()
    assert first is not None
    before = world.counts()
    assert other.post(f"/bao-mat/phien-dang-nhap/{first.pk}/").status_code == 404
    assert world.counts() == before
    assert people.who(person).startswith("official")


STRONG = "urn:cuaso:acr:2"


@pytest.fixture
def second_factor(person, official):
    secret: str = totp.generate_totp_secret()
    totp.TOTP.activate(Account.objects.get(id=official.account_id), secret)
    return secret


def test_a_system_that_needs_two_factors_has_the_second_one_asked(person, system, second_factor):
    started = world.start(system, acr_values=STRONG)
    led = person.get(started.address)
    assert led["Location"].startswith("/tai-khoan/xac-nhan/ma/?next=")
    here = world.query_of(led["Location"])["next"][0]
    assert person.post(led["Location"], {"code": code_of(second_factor)})["Location"] == here
    told = world.come_back(person.get(here))
    claims = world.claims_of(system.fetch(started, told["code"]).json()["id_token"])
    assert claims["acr"] == STRONG
    assert claims["amr"] == ["pwd", "otp", "mfa"]
    _, tokens = world.enter(person, system, acr_values="urn:cuaso:acr:1")
    assert world.claims_of(tokens["id_token"])["acr"] == STRONG


def test_a_wish_for_two_factors_is_not_an_obstacle_to_who_has_one(person, system):
    _, tokens = world.enter(person, system, acr_values=STRONG)
    assert world.claims_of(tokens["id_token"])["acr"] == "urn:cuaso:acr:1"


def test_essential_strength_that_is_out_of_reach_is_refused(person, system):
    wish = {"id_token": {"acr": {"essential": True, "values": [STRONG]}}}
    before = world.counts()
    told = world.come_back(person.get(world.start(system, claims=json.dumps(wish)).address))
    assert told["error"] == "unmet_authentication_requirements"
    assert world.counts() == before


def test_a_citizen_of_level_two_enters_with_two_factors(citizen, system):
    _, tokens = world.enter(citizen, system, scope="openid profile personal_number")
    claims = world.claims_of(tokens["id_token"])
    assert (claims["acr"], claims["amr"]) == (STRONG, ["vneid", "mfa"])
    told = world.userinfo(tokens["access_token"]).json()
    assert told["personal_number"] == people.HOA
    assert "preferred_username" not in told


DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def kiosk(db):
    return world.system(
        client_id="man-hinh", grant_types=(DEVICE, "refresh_token"), redirect_uris=(), name="Ki-ốt"
    )


def begin_device(kiosk):
    return kiosk.send("/oidc/device", {"scope": "openid profile"}).json()


def poll(kiosk, begun):
    words = {"grant_type": DEVICE, "device_code": begun["device_code"]}
    return kiosk.send("/oidc/token", words).json()


def test_a_device_waits_for_its_persons_yes(person, kiosk, official):
    begun = begin_device(kiosk)
    assert begun["verification_uri"] == f"{world.ISSUER}/thiet-bi/"
    assert poll(kiosk, begun)["error"] == "authorization_pending"
    assert poll(kiosk, begun)["error"] == "slow_down"
    typed = begun["user_code"].replace("-", " ").lower()
    page = person.post("/thiet-bi/", {"user_code": typed}).content.decode()
    assert "Cho phép “Ki-ốt” đăng nhập" in page
    done = person.post("/thiet-bi/", {"user_code": begun["user_code"], "answer": "yes"})
    assert "Đã cho phép thiết bị" in done.content.decode()
    with clock.at(clock.now() + timedelta(seconds=20)):
        tokens = poll(kiosk, begun)
        assert poll(kiosk, begun)["error"] == "invalid_grant"
    assert world.claims_of(tokens["id_token"])["sub"] == str(official.account_id)
    person.post("/dang-xuat/")
    assert world.userinfo(tokens["access_token"]).status_code == 401


def test_a_device_that_is_refused_or_too_late_gets_nothing(person, kiosk):
    begun = begin_device(kiosk)
    person.post("/thiet-bi/", {"user_code": begun["user_code"], "answer": "no"})
    assert poll(kiosk, begun)["error"] == "access_denied"
    late = begin_device(kiosk)
    with clock.at(clock.now() + timedelta(minutes=10, seconds=1)):
        assert poll(kiosk, late)["error"] == "expired_token"
        page = person.post("/thiet-bi/", {"user_code": late["user_code"], "answer": "yes"})
    assert page.status_code == 422
    assert DeviceRequest.objects.filter(grant=None).count() == 2


def test_opening_a_link_with_the_code_allows_nothing(person, kiosk):
    begun = begin_device(kiosk)
    person.get("/thiet-bi/", {"user_code": begun["user_code"], "answer": "yes"})
    assert poll(kiosk, begun)["error"] == "authorization_pending"


def test_guessing_device_codes_is_stopped(person, kiosk):
    answers = [person.post("/thiet-bi/", {"user_code": f"AAAA-{n:04}"}) for n in range(11)]
    assert [one.status_code for one in answers] == [422] * 10 + [429]


def apply(**words):
    told = {"client_name": "Công ty Mới", "redirect_uris": [world.BACK]} | words
    return Browser().post("/oidc/register", json.dumps(told), content_type="application/json")


def test_a_system_applies_and_enters_after_an_administrators_yes(person, official):
    made = apply(scope="openid profile secret", first_party=True).json()
    assert made["registration_status"] == "waiting_for_approval"
    assert made["scope"] == "openid profile"
    one = world.System(client_id=made["client_id"], secret=made["client_secret"])
    assert person.get(world.start(one).address).status_code == 400
    refused = one.send("/oidc/token", {"grant_type": "refresh_token", "refresh_token": "a"})
    assert refused.json()["error"] == "invalid_client"
    people.official(username="quantri", roles={"admin"}, number="052188000011")
    admin = Browser()
    people.sign_in(admin, username="quantri")
    page = admin.get("/bao-mat/he-thong-ket-noi/").content.decode()
    assert "Công ty Mới" in page
    assert person.get("/bao-mat/he-thong-ket-noi/").status_code == 403
    address = f"/bao-mat/he-thong-ket-noi/{made['client_id']}/"
    assert person.post(address, {"answer": "approve"}).status_code == 403
    assert admin.post(address, {"answer": "approve"}).status_code == 302
    row = Client.objects.get()
    assert (row.status, row.first_party) == ("approved", False)
    assert "Cho phép “Công ty Mới”" in person.get(world.start(one).address).content.decode()


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"redirect_uris": ["http://he-thong.example/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": "https://he-thong.example/"}, "invalid_client_metadata"),
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"token_endpoint_auth_method": "client_secret_jwt"}, "invalid_client_metadata"),
        ({"response_types": ["token"]}, "invalid_client_metadata"),
        ({"id_token_signed_response_alg": "none"}, "invalid_client_metadata"),
        ({"jwks": {"keys": 1}}, "invalid_client_metadata"),
    ],
)
def test_an_application_that_makes_no_sense_is_not_kept(db, words, error):
    refused = apply(**words)
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert Client.objects.count() == 0


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "The body is not JSON."),
        ("{", "The body is not JSON."),
        ("[]", "The description must be a JSON object."),
        ("null", "The description must be a JSON object."),
        ("1", "The description must be a JSON object."),
        ('{"client_name": 5}', "client_name must be a string."),
    ],
)
def test_an_application_that_cannot_be_read_is_not_kept_and_is_told_why(db, body, why):
    refused = Browser().post("/oidc/register", body, content_type="application/json")
    told = refused.json()
    assert (refused.status_code, told["error"]) == (400, "invalid_client_metadata")
    assert told["error_description"] == why
    assert Client.objects.count() == 0


def test_applications_without_end_are_stopped(db):
    codes = [apply().status_code for _ in range(11)]
    assert codes == [201] * 10 + [429]
    assert Client.objects.count() == 10
