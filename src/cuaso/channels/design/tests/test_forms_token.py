"""The token of forms: Django reads it back, and no page says it as another did."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory

from cuaso.channels.design.forms_token import forms_token, masked

SECRET = "a" * 31 + "9"


class Gate(CsrfViewMiddleware):
    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        del request
        return HttpResponse(reason, status=403)


def _posted(token: str, cookie: str) -> object:
    """Return what Django says of a form with this token: nothing when it lets it in."""
    request = RequestFactory().post("/", {"csrfmiddlewaretoken": token})
    request.COOKIES["csrftoken"] = cookie
    gate = Gate(lambda _: HttpResponse())
    gate.process_request(request)
    return gate.process_view(request, lambda _: HttpResponse(), (), {})


def test_a_form_of_a_page_is_taken_with_the_pages_token_and_no_other() -> None:
    tokens = {masked(SECRET) for _ in range(200)}
    assert len(tokens) == 200
    assert [_posted(one, SECRET) for one in tokens] == [None] * 200
    refused = _posted(masked(SECRET), "b" * 32)
    assert getattr(refused, "status_code", None) == 403


def test_every_sign_stands_in_masks_about_as_often() -> None:
    signs = "".join(masked(SECRET)[:32] for _ in range(2_000))
    counted = {one: signs.count(one) for one in set(signs)}
    assert len(counted) == 62
    assert 800 < min(counted.values()) <= max(counted.values()) < 1_300


def test_a_first_visitor_gets_the_cookie_of_the_token_and_who_has_one_keeps_it() -> None:
    first = RequestFactory().get("/")
    token = str(forms_token(first)["csrf_token"])
    secret = first.META["CSRF_COOKIE"]
    assert first.META["CSRF_COOKIE_NEEDS_UPDATE"]
    assert _posted(token, secret) is None
    again = RequestFactory().get("/")
    again.META["CSRF_COOKIE"] = secret
    assert _posted(str(forms_token(again)["csrf_token"]), secret) is None
    assert (again.META["CSRF_COOKIE"], again.META["CSRF_COOKIE_NEEDS_UPDATE"]) == (secret, True)
    assert _posted(get_token(again), secret) is None
