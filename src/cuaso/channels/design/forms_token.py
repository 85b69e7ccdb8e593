"""The token of a page's forms: Django's own, with a mask that is drawn in one go.

A new mask hides the secret in each page. Django draws its thirty-two signs one by one.
"""

import secrets
from typing import Final

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token
from django.utils.functional import SimpleLazyObject

_SIGNS: Final = CSRF_ALLOWED_CHARS
_MANY: Final = len(_SIGNS)
# Bytes from here on would make the first signs likelier than the others.
_EVEN: Final = 256 // _MANY * _MANY
_UNEVEN: Final = bytes(range(_EVEN, 256))
_DRAWN: Final = 2 * CSRF_SECRET_LENGTH
_PLACES: Final = {sign: place for place, sign in enumerate(_SIGNS)}


def forms_token(request: HttpRequest) -> dict[str, object]:
    """Give `csrf_token` in place of Django's; the cookie goes out with pages that ask for it."""
    return {"csrf_token": SimpleLazyObject(lambda: _token(request))}


def _token(request: HttpRequest) -> str:
    secret = request.META.get("CSRF_COOKIE")
    if secret is None:
        return get_token(request)
    request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    return masked(secret)


def masked(secret: str) -> str:
    """Return the secret under a new mask, as Django reads it back."""
    mask = _mask()
    under = [_SIGNS[(_PLACES[sign] + one) % _MANY] for sign, one in zip(secret, mask, strict=True)]
    return "".join([*(_SIGNS[one % _MANY] for one in mask), *under])


def _mask() -> bytes:
    drawn = b""
    while len(drawn) < CSRF_SECRET_LENGTH:
        drawn += secrets.token_bytes(_DRAWN).translate(None, _UNEVEN)
    return drawn[:CSRF_SECRET_LENGTH]
