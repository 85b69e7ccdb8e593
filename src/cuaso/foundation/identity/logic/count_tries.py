"""Guessing stops: so many tries from one place, or at one target, in any ten minutes."""

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
with asked (name_hash, most, within) as (values {rows}), counted as (
  insert into identity_tally as t (name_hash, tries, moments, until)
  select name_hash, 1, array[%(now)s::timestamptz], %(now)s::timestamptz + within
  from asked order by name_hash
  on conflict (name_hash) do update set (tries, moments, until) = (
    select
      least(cardinality(kept.moments), a.most) + 1,
      case when cardinality(kept.moments) < a.most
        then kept.moments || excluded.moments else kept.moments end,
      excluded.until
    from asked a cross join lateral (
      select array(
        select m from unnest(t.moments) as m where m > %(now)s::timestamptz - a.within order by m
      ) as moments
    ) as kept
    where a.name_hash = excluded.name_hash)
  returning name_hash, tries)
select name_hash, tries from counted
"""
_GIVE_BACK: Final = """
update identity_tally set tries = tries - 1, moments = trim_array(moments, 1)
where cardinality(moments) > 0 and tries > 0 and name_hash in (
  select name_hash from identity_tally where name_hash = any(%s) order by name_hash for update)
returning tries
"""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """No more than `most` tries under a name `within` any time so long.

    What is refused counts no more: who waits comes in, however often they tried meanwhile.
    """

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
    """Count one try under a name; say whether it is past the limit of the last ten minutes."""
    return past([Limit(name=name, most=limit)])


def past(limits: Sequence[Limit]) -> bool:
    """Count one try under each limit, in one statement; say whether it is past one of them.

    Many at once do not pass together: each waits for the row that the one before it counts in.
    """
    words: dict[str, object] = {"now": clock.now()}
    for number, one in enumerate(limits):
        words |= {f"n{number}": one.name_hash, f"m{number}": one.most, f"w{number}": one.within}
    rows = ", ".join(
        f"(%(n{number})s::bytea, %(m{number})s::int, %(w{number})s::interval)"
        for number in range(len(limits))
    )
    # Always in one order: two that count under the same names never wait for each other.
    tries: dict[bytes, int] = dict(all_rows(_COUNT.format(rows=rows), words))
    return any(tries[one.name_hash] > one.most for one in limits)


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
