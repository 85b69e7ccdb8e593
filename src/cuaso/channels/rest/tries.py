"""Guessing stops: so many tries from one address, or at one code, in ten minutes.

Counters stand in Django's cache, which is a table of the database: one truth for all processes.
"""

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from cuaso.kernel import clock
from cuaso.kernel.errors import TooMany

SECONDS = 600
FROM_ONE_ADDRESS = 20
AT_ONE_CODE = 6


def spend(request: HttpRequest, *, action: str, target: str = "") -> None:
    """Count one try; raise TooMany past the limit of the address or of the code."""
    _count(f"address:{action}:{_address(request)}", limit=FROM_ONE_ADDRESS)
    if target:
        _count(f"target:{action}:{target.strip().upper()}", limit=AT_ONE_CODE)


def _address(request: HttpRequest) -> str:
    """Return the client's address as the last trusted proxy saw it."""
    proxies = int(settings.ALLAUTH_TRUSTED_PROXY_COUNT)
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < proxies <= len(hops):
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _count(name: str, *, limit: int) -> None:
    window = int(clock.now().timestamp()) // SECONDS
    key = "rest:" + hashlib.sha256(f"{name}:{window}".encode()).hexdigest()
    cache.add(key, 0, timeout=SECONDS)
    if cache.incr(key) > limit:
        raise TooMany(
            code="rest.too_many_tries",
            what="Bạn đã thử quá nhiều lần trong thời gian ngắn.",
            why="Số lần thử được giới hạn để không ai dò được hồ sơ của người khác.",
            mend="Hãy chờ 10 phút rồi thử lại.",
        )
