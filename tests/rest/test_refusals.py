"""Whatever goes wrong is said as RFC 9457 says it, and changes nothing."""

import ast
import errno
from base64 import urlsafe_b64encode
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

import cuaso
from cuaso.channels.design.sentences import spoken_refusal
from cuaso.channels.rest.mistakes import ANY, SAYS
from cuaso.kernel.errors import Invalid
from cuaso.services.procedures.models import Dossier, Draft
from tests.rest.conftest import ROOT, Caller

pytestmark = pytest.mark.django_db
LIMITS = ("min_length", "max_length", "pattern", "gt", "ge", "le", "expected")
NOBODY = str(uuid4())


def problem(answer, status):
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert said["type"] == "urn:cuaso:problem:" + said["code"]
    assert said["title"].endswith(".")
    return said


def test_a_guest_is_asked_to_sign_in(guest):
    answer = guest.get("/dossiers")
    assert problem(answer, 401)["code"] == "rest.not_signed_in"
    assert answer["WWW-Authenticate"] == 'Session realm="cuaso"'


def test_a_session_without_the_token_writes_nothing(mother):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mother.client.cookies
    caller = Caller(client=strict)
    answer = caller.post("/drafts", {"procedure_code": "1.001193"})
    assert problem(answer, 403)["code"] == "rest.csrf"
    assert Draft.objects.count() == 0

    token = caller.get("/me").json()["csrf_token"]
    answer = caller.post("/drafts", {"procedure_code": "1.001193"}, X_CSRFToken=token)
    assert answer.status_code == 201


def test_half_a_json_is_not_read(mother):
    answer = mother.client.post(ROOT + "/drafts", '{"procedure', content_type="application/json")
    assert problem(answer, 400)["code"] == "rest.body_unreadable"
    assert Draft.objects.count() == 0


def test_a_form_where_json_belongs_is_of_the_wrong_kind(mother):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = mother.client.cookies
    token = Caller(client=strict).get("/me").json()["csrf_token"]
    answer = strict.post(
        ROOT + "/drafts", {"procedure_code": "1.001193"}, headers={"X-CSRFToken": token}
    )
    assert problem(answer, 415)["code"] == "rest.body_of_wrong_kind"
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_a_sign_that_no_text_holds_is_refused(guest, text):
    answer = guest.post("/tracking", {"code": f"A{text}", "second_fact": "0122"})
    assert problem(answer, 400)["code"] == "rest.body_unreadable"


def test_a_nul_in_the_address_is_refused(guest):
    assert problem(guest.get("/procedures", text="a\0"), 400)["code"] == "rest.sign_unprintable"


def test_wrong_types_are_said_field_by_field(mother):
    answer = mother.send("PUT", f"/drafts/{NOBODY}/values", {"values": [], "complete": "x"})
    said = problem(answer, 422)
    assert said["code"] == "rest.wrong_shape"
    assert said["problems"] == [
        {"field": "values", "say": "Phải là một đối tượng."},
        {"field": "complete", "say": "Phải là true hoặc false."},
    ]


def test_a_missing_and_an_unknown_name_are_said(guest):
    said = problem(guest.post("/tracking", {"code": "A", "more": 1}), 422)
    assert said["problems"] == [
        {"field": "second_fact", "say": "Thiếu mục này."},
        {"field": "more", "say": "Không có mục này."},
    ]


@pytest.mark.parametrize(
    "path",
    [
        f"/drafts/{NOBODY}",
        f"/dossiers/{NOBODY}",
        "/dossiers/by-code/KHONG-CO",
        f"/locker/papers/{NOBODY}",
        f"/files/{NOBODY}",
        f"/uploads/{NOBODY}",
        f"/ledger/entries/{NOBODY}/proof",
        "/procedures/9.999999",
        "/dossiers/khong-phai-ma",
        "/khong-co",
        "/procedures/",
    ],
)
def test_an_unknown_thing_is_not_found(mother, path):
    problem(mother.get(path), 404)


def test_an_address_says_which_methods_it_takes(mother):
    answer = mother.send("DELETE", "/dossiers")
    assert problem(answer, 405)["code"] == "rest.method_unknown"
    assert answer["Allow"] == "GET"


def test_an_invented_cursor_is_refused(mother, officer):
    problem(mother.get("/dossiers", cursor="@@"), 422)
    for cursor in (b'["2026-10-07T09:00:00+07:00", "x"]', b"[1, 2]", b'{"a": 1}', b"7"):
        made = urlsafe_b64encode(cursor).decode()
        problem(mother.get("/dossiers", cursor=made), 422)
        problem(officer("handler").get("/queue", cursor=made), 422)


def test_a_citizen_cannot_do_an_officials_act(mother, dossier_id):
    answer = mother.post(f"/dossiers/{dossier_id}/receive", If_Match="*")
    assert problem(answer, 403)["code"] == "access.denied"
    assert Dossier.objects.get(id=dossier_id).dossier_code is None


def test_an_official_cannot_begin_a_draft(officer):
    said = problem(officer("reception").post("/drafts", {"procedure_code": "1.001193"}), 403)
    assert said["code"] == "procedures.citizens_only"
    assert said["detail"].startswith("Chỉ công dân")
    assert Draft.objects.count() == 0


def test_a_guesser_of_codes_is_stopped(guest):
    for _try in range(6):
        problem(guest.post("/tracking", {"code": "CS-1", "second_fact": "0001"}), 404)
    answer = guest.post("/tracking", {"code": "cs-1 ", "second_fact": "0122"})
    assert problem(answer, 429)["code"] == "rest.too_many_tries"
    assert answer["Retry-After"] == "600"


def test_a_guesser_from_one_address_is_stopped_over_all_codes(guest):
    for number in range(20):
        problem(guest.post("/tracking", {"code": f"CS-{number}", "second_fact": "0001"}), 404)
    problem(guest.post("/tracking", {"code": "CS-20", "second_fact": "0001"}), 429)


def test_a_proxy_that_is_trusted_tells_the_address(guest, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        body = {"code": f"CS-{number}", "second_fact": "0001"}
        problem(guest.post("/tracking", body, X_Forwarded_For="6.6.6.6, 10.0.0.1"), 404)
    body = {"code": "CS-20", "second_fact": "0001"}
    problem(guest.post("/tracking", body, X_Forwarded_For="7.7.7.7, 10.0.0.1"), 429)
    problem(guest.post("/tracking", body, X_Forwarded_For="7.7.7.7, 10.0.0.2"), 404)


def test_a_fault_of_ours_is_a_problem_too(guest, monkeypatch):
    monkeypatch.setattr("cuaso.services.procedures.api.fields", None)
    said = problem(guest.get("/fields"), 500)
    assert said["code"] == "rest.broken"


def test_a_program_whose_act_finds_no_room_on_the_disk_is_told_so(guest, monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cuaso.services.procedures.api.fields", full)
    said = problem(guest.get("/fields"), 503)
    assert (said["code"], said["title"]) == (
        "house.disk_full",
        "Máy chủ chưa ghi được việc này.",
    )


@pytest.mark.parametrize(
    ("language", "cookie", "title"),
    [
        ("en", "", "You are not signed in."),
        ("fr, en-GB;q=0.8, vi;q=0.2", "", "You are not signed in."),
        ("vi, en;q=0.9", "", "Chưa đăng nhập."),
        ("fr", "", "Chưa đăng nhập."),
        ("", "", "Chưa đăng nhập."),
        ("\x00;;q=x", "", "Chưa đăng nhập."),
        ("en", "vi", "Chưa đăng nhập."),
        ("vi", "en", "You are not signed in."),
    ],
)
def test_a_program_reads_a_refusal_in_the_language_that_it_asks_for(guest, language, cookie, title):
    if cookie:
        guest.client.cookies["django_language"] = cookie
    answer = guest.send("GET", "/dossiers", **{"Accept-Language": language})
    said = problem(answer, 401)
    assert (said["title"], said["code"]) == (title, "rest.not_signed_in")
    assert answer["Content-Language"] == ("en" if title.startswith("You") else "vi")
    assert {"Accept-Language", "Cookie"} <= {one.strip() for one in answer["Vary"].split(",")}


def test_what_why_and_each_place_to_mend_are_said_in_english(guest, mother):
    english = {"Accept-Language": "en"}
    wrong = {"values": [], "complete": "x"}
    said = problem(mother.send("PUT", f"/drafts/{NOBODY}/values", wrong, **english), 422)
    assert said["title"] == "Something in the request is not right."
    assert said["detail"] == (
        "Please correct what is named; the right structure is at /api/v1/openapi.json."
    )
    assert said["problems"] == [
        {"field": "values", "say": "It must be an object."},
        {"field": "complete", "say": "It must be true or false."},
    ]
    said = problem(guest.send("DELETE", "/dossiers", **english), 405)
    assert (said["title"], said["detail"]) == (
        "This address does not take the method DELETE.",
        "Please use GET.",
    )
    said = problem(guest.send("GET", "/khong-co", **english), 404)
    assert said["detail"] == (
        "There is nothing at “/api/v1/khong-co”. Please see the list of addresses at /api/v1/docs."
    )
    said = problem(mother.send("GET", "/dossiers/by-code/KHONG-CO", **english), 404)
    assert said["title"] == "This application was not found."


def _literals(path):
    """Yield the sentences that a file's refusals say as they stand."""
    calls = [one for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Call)]
    for call in calls:
        given = {one.arg: one.value for one in call.keywords}
        spoken_of = {"code", "what"} <= set(given) or {"field", "say"} <= set(given)
        for name in ("what", "why", "mend", "say") if spoken_of else ():
            value = given.get(name)
            if isinstance(value, ast.Constant) and value.value:
                yield value.value


@pytest.mark.parametrize(
    "part", ["channels/rest", "services/procedures", "services/locker", "capabilities/payments"]
)
def test_everything_that_the_api_refuses_about_dossiers_and_money_has_english_words(part):
    root = Path(cuaso.__file__).parent / part
    files = [one for one in root.rglob("*.py") if "tests" not in one.parts]
    said = {text for one in files for text in _literals(one)}
    assert len(said) > 5
    with translation.override("en"):
        unknown = sorted(text for text in said if spoken(text) == text)
    assert unknown == []


def spoken(text):
    return spoken_refusal(Invalid(code="x", what=text)).what


def test_every_fault_of_shape_has_english_words():
    said = [text.format(**dict.fromkeys(LIMITS, "7")) for text in (*SAYS.values(), ANY)]
    with translation.override("en"):
        assert [text for text in said if spoken(text) == text] == []
