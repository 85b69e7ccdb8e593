"""Refusals as pages."""

import errno
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from cuaso.channels.design import errors, language
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Conflict, NotAllowed, NotFound, TooMany, Unavailable

FORM = "application/x-www-form-urlencoded"


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
    broken = errors.answer(asked(referer="http://["), refusal)
    assert broken.status_code == 404
    assert "http://[" not in broken.content.decode()
    assert 'href="/thu-tuc/?q=a"' in home


@pytest.mark.parametrize(
    ("path", "status", "what"),
    [
        ("/thu-tuc/?q=a%00b", 400, "Một mục vừa gửi có ký tự không dùng được."),
        ("/thu-tuc/?%00=a", 400, "Một mục vừa gửi có ký tự không dùng được."),
        ("/thu-tuc/a%00b/", 404, "Không có trang này."),
    ],
)
def test_a_reader_who_sends_a_sign_that_no_column_holds_is_told(path, status, what):
    middleware = errors.RefusalMiddleware(lambda _: HttpResponse())
    page = middleware.process_exception(asked(path), DataError("NUL"))
    assert page is not None
    assert page.status_code == status
    assert f"<h1>{what}</h1>" in page.content.decode()


def test_other_faults_are_left_to_django():
    middleware = errors.RefusalMiddleware(lambda _: HttpResponse())
    assert middleware.process_exception(asked(), ValueError("x")) is None
    assert middleware.process_exception(asked("/?q=%00"), ValueError("x")) is None
    assert middleware.process_exception(asked("/?q=a"), DataError("value too long")) is None


def test_a_fault_of_ours_is_told_without_the_database(django_db_blocker):
    with django_db_blocker.block():
        page = errors.broken(asked())
    assert page.status_code == 500
    assert "Hệ thống đang gặp trục trặc" in page.content.decode()


def test_a_reader_whose_act_found_no_room_on_the_disk_is_told_so():
    middleware = errors.RefusalMiddleware(lambda _: HttpResponse())
    page = middleware.process_exception(asked(), OSError(errno.ENOSPC, "No space left on device"))
    assert page is not None
    assert page.status_code == 503
    said = page.content.decode()
    assert "<h1>Máy chủ chưa ghi được việc này.</h1>" in said
    assert "Ổ đĩa của máy chủ đã hết chỗ." in said
    assert "Chưa có gì bị mất hay ghi một nửa." in said


@pytest.mark.parametrize("checked", [False, True])
def test_a_reader_whose_file_found_no_room_is_told_so_before_a_page_or_in_it(checked, settings):
    """A form is read by the page, or before it, where its token is looked for."""
    settings.FILE_UPLOAD_HANDLERS = [f"{__name__}.FullHandler"]
    client = Client(enforce_csrf_checks=checked, raise_request_exception=False)
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post("/xac-minh/", {"tep": SimpleUploadedFile("a.pdf", b"%PDF-1.4")})
    assert answer.status_code == 503
    said = answer.content.decode()
    assert "Ổ đĩa của máy chủ đã hết chỗ" in said
    assert ("nên việc vừa gửi chưa được ghi" in said) is checked


class FullHandler(TemporaryFileUploadHandler):
    """Writes what is sent to a device without room."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file.close()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        del start
        Path("/dev/full").write_bytes(raw_data)


@pytest.mark.parametrize(
    ("words", "headers"),
    [
        ("&".join(f"a{number}=1" for number in range(1001)), {}),
        ("a=1", {"host": "evil.example"}),
        ("a=1", {"content-type": f"{FORM}; charset=zip"}),
    ],
)
def test_whoever_sends_what_cannot_be_read_gets_a_sentence_of_the_house(client, words, headers):
    client.raise_request_exception = False
    page = client.post("/xac-minh/", words, content_type=FORM, headers=headers)
    assert page.status_code == 400
    assert "<h1>Không đọc được yêu cầu</h1>" in page.content.decode()


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
