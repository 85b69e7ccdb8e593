"""Guessing stops: so many tries from one place, or at one code, in ten minutes."""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cuaso.kernel import clock
from cuaso.kernel.errors import TooMany

SECONDS = 600
FROM_ONE_PLACE = 20
AT_ONE_CODE = 6


def spend(request: HttpRequest, *, purpose: str, target: str = "") -> None:
    """Count one try; raise TooMany past the limit of the place or of the code."""
    place = request.META.get("REMOTE_ADDR", "")
    _count(f"place:{purpose}:{place}", limit=FROM_ONE_PLACE)
    if target:
        _count(f"code:{purpose}:{target.strip().upper()}", limit=AT_ONE_CODE)


def over(name: str, *, limit: int) -> bool:
    """Count one try under a name; say whether it is past the limit of these ten minutes."""
    window = int(clock.now().timestamp()) // SECONDS
    key = "portal:" + hashlib.sha256(f"{name}:{window}".encode()).hexdigest()
    spent = int(cache.get(key, 0)) + 1
    cache.set(key, spent, timeout=SECONDS)
    return spent > limit


def _count(name: str, *, limit: int) -> None:
    if over(name, limit=limit):
        raise TooMany(
            code="portal.too_many_tries",
            what=_("Bạn đã thử quá nhiều lần trong thời gian ngắn."),
            why=_("Số lần thử được giới hạn để không ai dò được hồ sơ của người khác."),
            mend=_("Hãy chờ 10 phút rồi thử lại, hoặc đăng nhập để xem hồ sơ của bạn."),
        )
