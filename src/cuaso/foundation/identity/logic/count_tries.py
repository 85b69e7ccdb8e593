"""Guessing stops: so many tries from one place, or at one target, in ten minutes, at all doors."""

import hashlib
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from cuaso.kernel import clock

SECONDS: Final = 600
FROM_ONE_PLACE: Final = 20
AT_ONE_TARGET: Final = 6


def guesses_too_much(request: HttpRequest, *, action: str, target: str = "") -> bool:
    """Count one try of an action; say whether it is past the limit of its place or its target.

    The same action counts together whichever door it comes through.
    """
    place = over(f"place:{action}:{place_of(request)}", limit=FROM_ONE_PLACE)
    if not target:
        return place
    return over(f"target:{action}:{target.strip().upper()}", limit=AT_ONE_TARGET) or place


def over(name: str, *, limit: int) -> bool:
    """Count one try under a name; say whether it is past the limit of these ten minutes.

    Each try takes a slot of its own, which only one can: many at once do not pass together.
    """
    window = int(clock.now().timestamp()) // SECONDS
    begin = hashlib.sha256(f"{name}:{window}".encode()).hexdigest()
    slots = [f"tries:{begin}:{number}" for number in range(limit)]
    taken = cache.get_many(slots)
    return not any(cache.add(slot, 1, timeout=SECONDS) for slot in slots if slot not in taken)


def place_of(request: HttpRequest) -> str:
    """Return the client's address as the last trusted proxy saw it."""
    proxies = int(settings.ALLAUTH_TRUSTED_PROXY_COUNT)
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < proxies <= len(hops):
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
