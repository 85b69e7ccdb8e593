"""Short sentences about a published procedure for lists."""

from collections.abc import Iterable

from cuaso.services.catalogue.contracts import Content

MOST_SAID = 2


def limit_say(content: Content) -> str:
    """Return the time limits that the ways of submitting give, "" when none was read."""
    return _few(way.time.say for way in content.channels if way.time)


def fee_say(content: Content) -> str:
    """Return the fees that the ways of submitting give, "" when none was read."""
    return _few(way.fee.said for way in content.channels if way.fee)


def agency_say(content: Content) -> str:
    """Return who settles it, else the ministry that published it."""
    return next((said for _name, said in content.agencies), content.ministry)


def _few(said: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(said))
    return "; ".join(distinct[:MOST_SAID]) + (" …" if len(distinct) > MOST_SAID else "")
