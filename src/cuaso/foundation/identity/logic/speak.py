"""The language that a system asks for its person (OpenID Connect Core 3.1.2.1, `ui_locales`)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def language_asked(ui_locales: str) -> str:
    """Return the first of the wished languages that the house speaks, `""` for none."""
    known = {code for code, _name in settings.LANGUAGES}
    wished = (one.split("-")[0].lower() for one in ui_locales.split())
    return next((one for one in wished if one in known), "")


def speak(request: HttpRequest, response: HttpResponse, *, ui_locales: str) -> HttpResponse:
    """Let the pages of this sign-in speak the language asked for; the person's own choice wins."""
    language = language_asked(ui_locales)
    if language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
