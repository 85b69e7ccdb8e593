"""Guessing stops: so many tries from one place, or at one target, in ten minutes, at all doors."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Network, ip_address
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from cuaso.foundation.identity.asking import all_rows
from cuaso.kernel import clock

WINDOW: Final = timedelta(minutes=10)
FROM_ONE_PLACE: Final = 20
AT_ONE_TARGET: Final = 6
ENTRIES: Final = 120
GUESSES: Final = 60
AT_ONE_NAME: Final = 5
# Who has an IPv6 address has as many as the network holds.
_HOUSE_NETWORK: Final = 64
_COUNT: Final = """
insert into identity_tally as t (name_hash, tries, until) values {rows}
on conflict (name_hash) do update set
  tries = case when t.until <= %s then 1 else t.tries + 1 end,
  until = case when t.until <= %s then excluded.until else t.until end
returning name_hash, tries
"""
_GIVE_BACK: Final = """
update identity_tally set tries = tries - 1 where tries > 0 and name_hash in (
  select name_hash from identity_tally where name_hash = any(%s) order by name_hash for update)
returning tries
"""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """No more than `most` tries under a name `within` a time, which the first of them begins."""

    name: str
    most: int
    within: timedelta = WINDOW

    @property
    def name_hash(self) -> bytes:
        """Addresses and user names are counted, not kept."""
        return hashlib.sha256(self.name.encode()).digest()


def guesses_too_much(request: HttpRequest, *, action: str, target: str = "") -> bool:
    """Count one try of an action; say whether it is past the limit of its place or its target.

    The same action counts together whichever door it comes through.
    """
    limits = [Limit(name=f"place:{action}:{place_of(request)}", most=FROM_ONE_PLACE)]
    if target:
        named = f"target:{action}:{target.strip().upper()}"
        limits.append(Limit(name=named, most=AT_ONE_TARGET))
    return past(limits)


def entries_from(request: HttpRequest) -> Limit:
    """Return how often passwords may be sent from one place, right ones and wrong ones."""
    return Limit(name=f"entry:{network_of(request)}", most=ENTRIES, within=timedelta(minutes=1))


def guesses_at(request: HttpRequest, *, username: str) -> tuple[Limit, ...]:
    """Return how often a wrong password may be sent from one place, and from there for one name.

    A name counts with its place: nobody is locked out by a stranger.
    """
    place, name = network_of(request), username.strip().lower()
    return (
        Limit(name=f"guess:{place}", most=GUESSES, within=timedelta(minutes=1)),
        Limit(name=f"guess:{place}:{name}", most=AT_ONE_NAME, within=timedelta(minutes=5)),
    )


def over(name: str, *, limit: int) -> bool:
    """Count one try under a name; say whether it is past the limit of these ten minutes."""
    return past([Limit(name=name, most=limit)])


def past(limits: Sequence[Limit]) -> bool:
    """Count one try under each limit, in one statement; say whether it is past one of them.

    Many at once do not pass together: each waits for the row that the one before it counts in.
    """
    moment = clock.now()
    # Always in one order: two that count under the same names never wait for each other.
    ordered = sorted(limits, key=lambda one: one.name_hash)
    words: list[object] = []
    for one in ordered:
        words += [one.name_hash, moment + one.within]
    rows = ", ".join(["(%s, 1, %s)"] * len(ordered))
    tries: dict[bytes, int] = dict(all_rows(_COUNT.format(rows=rows), [*words, moment, moment]))
    return any(tries[one.name_hash] > one.most for one in ordered)


def give_back(limits: Sequence[Limit]) -> None:
    """Take back one try under each limit: it was no guess."""
    all_rows(_GIVE_BACK, [[one.name_hash for one in limits]])


def place_of(request: HttpRequest) -> str:
    """Return the client's address as the last trusted proxy saw it."""
    proxies = int(settings.ALLAUTH_TRUSTED_PROXY_COUNT)
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    if 0 < proxies <= len(hops):
        return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(request: HttpRequest) -> str:
    """Return the client's address, or the network that one household has under IPv6."""
    place = place_of(request)
    try:
        address = ip_address(place)
    except ValueError:
        return place
    if address.version == 4:  # noqa: PLR2004 the version's own name
        return place
    return str(IPv6Network(f"{place}/{_HOUSE_NETWORK}", strict=False).network_address)
