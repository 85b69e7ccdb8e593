"""Who acts in a request: its account in its current capacity."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest

from cuaso.foundation.identity.contracts import Capacity
from cuaso.foundation.identity.logic.impersonate import looking_as
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.list_capacities import Stock
from cuaso.foundation.identity.logic.switch_capacity import SESSION_KEY
from cuaso.kernel.actors import ANONYMOUS, Actor

KNOWN = "identity_capacities"
Known = tuple[UUID, Stock]


def current(request: HttpRequest) -> Capacity | None:
    stock = _stock(request)
    return stock.find(key=request.session.get(SESSION_KEY, "")) if stock else None


def actor_of(request: HttpRequest) -> Actor:
    """Return the request's actor; the anonymous one when nobody is signed in or no post is left."""
    known = getattr(request, "actor", None)
    return known if isinstance(known, Actor) else resolve(request)


def resolve(request: HttpRequest) -> Actor:
    capacity = current(request)
    actor = looking_as(request) or (capacity.actor if capacity else ANONYMOUS)
    return replace(actor, trace=str(getattr(request, "trace_id", "")))


def capacities_of(request: HttpRequest) -> tuple[Capacity, ...]:
    return tuple(_stock(request) or ())


def _stock(request: HttpRequest) -> Stock | None:
    """Return the account's capacities, the same for the whole request."""
    account = account_of(request)
    if account is None:
        return None
    known: Known | None = vars(request).get(KNOWN)
    if known is None or known[0] != account.id:
        known = (account.id, Stock(account))
        vars(request)[KNOWN] = known
    return known[1]


def assurance_of(request: HttpRequest) -> int:
    """Return the level of the identity provider's account, 0 without one."""
    return int(request.session.get("identity_assurance", 0))
