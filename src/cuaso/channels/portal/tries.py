"""Guessing stops: so many tries from one place, or at one code, in ten minutes.

The API's tries count with these: whoever changes the door begins no new count.
"""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from cuaso.foundation.identity import api as identity
from cuaso.kernel.errors import TooMany


def spend(request: HttpRequest, *, action: str, target: str = "") -> None:
    """Count one try; raise TooMany past the limit of the place or of the code."""
    if identity.guesses_too_much(request, action=action, target=target):
        raise TooMany(
            code="portal.too_many_tries",
            what=_("Đã thử quá nhiều lần trong thời gian ngắn."),
            why=_("Số lần thử được giới hạn để không ai dò được hồ sơ của người khác."),
            mend=_("Hãy chờ 10 phút rồi thử lại, hoặc đăng nhập để xem hồ sơ của bạn."),
        )


def over(request: HttpRequest, *, action: str, limit: int) -> bool:
    """Count one try of a place; say whether it is past the limit of these ten minutes."""
    place = identity.place_of(request)
    return identity.over(f"place:{action}:{place}", limit=limit)
