"""Refusals as pages."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from cuaso.channels.design import errors, language
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound, TooMany, Unavailable


def asked(path="/ho-so/ABC/", **headers) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.session = SessionStore()
    request.user = AnonymousUser()
    return request


@pytest.fixture(autouse=True)
def _nobody_signed_in(db):
    """The pages ask the directory for the province; nothing is installed here."""


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(NotFound, 404), (NotAllowed, 403), (Conflict, 409), (TooMany, 429), (Unavailable, 503)],
)
def test_a_refused_reader_gets_the_right_status_and_what_why_and_mend(refusal, status):
    raised = refusal(
        code="x.y", what="Không mở được.", why="Vì lý do này.", mend="Hãy làm việc kia."
    )
    middleware = errors.RefusalMiddleware(lambda _: HttpResponse())
    page = middleware.process_exception(asked(), raised)
    assert page is not None
    said = page.content.decode()
    assert page.status_code == status
    assert "<h1>Không mở được.</h1>" in said
    assert "Vì lý do này." in said
    assert "Hãy làm việc kia." in said
    assert "x.y" in said


def test_whoever_tries_too_often_learns_when_to_come_back():
    page = errors.answer(asked(), TooMany(code="x", what="Quá nhiều lần."))
    assert page["Retry-After"] == "60"


def test_an_official_is_refused_inside_the_desk():
    request = asked()
    vars(request)["actor"] = Actor(kind="official", name="Lê Thị Minh An")
    assert (
        '<body class="desk '
        in errors.answer(request, NotFound(code="x", what="Không có.")).content.decode()
    )


def test_the_way_back_never_leads_to_another_house():
    refusal = NotFound(code="x", what="Không có.")
    away = errors.answer(asked(referer="https://example.org/a"), refusal).content.decode()
    home = errors.answer(asked(referer="http://testserver/thu-tuc/?q=a"), refusal).content.decode()
    assert "example.org" not in away
    assert 'href="/thu-tuc/?q=a"' in home


def test_other_faults_are_left_to_django():
    middleware = errors.RefusalMiddleware(lambda _: HttpResponse())
    assert middleware.process_exception(asked(), ValueError("x")) is None


def test_a_fault_of_ours_is_told_without_the_database(django_db_blocker):
    with django_db_blocker.block():
        page = errors.broken(asked())
    assert page.status_code == 500
    assert "Hệ thống đang gặp trục trặc" in page.content.decode()


def test_a_browser_that_prefers_french_still_reads_vietnamese():
    spoken = language.ChosenLanguageMiddleware(lambda request: HttpResponse(request.LANGUAGE_CODE))
    assert spoken(asked(accept_language="fr,en;q=0.9")).content == b"vi"


def test_a_reader_who_chose_english_reads_english():
    spoken = language.ChosenLanguageMiddleware(lambda request: HttpResponse(request.LANGUAGE_CODE))
    request = asked()
    request.COOKIES["django_language"] = "en"
    assert spoken(request).content == b"en"
    request.COOKIES["django_language"] = "xx"
    assert spoken(request).content == b"vi"
