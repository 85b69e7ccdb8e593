"""What every template knows of who is signed in."""

from dataclasses import replace
from functools import lru_cache

from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject

from cuaso.foundation.identity.contracts import Capacity
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.resolve_actor import actor_of, capacities_of, current
from cuaso.foundation.identity.logic.switch_capacity import SESSION_KEY


def actor(request: HttpRequest) -> dict[str, object]:
    """Give `actor`, `account`, `capacities` (lazily, one of them `current`) and the addresses."""
    known = actor_of(request)
    return {
        "actor": known,
        "account": account_of(request) if known.person_id else None,
        "capacities": SimpleLazyObject(lambda: _marked(request)) if known.person_id else (),
        "capacity": SimpleLazyObject(lambda: current(request)) if known.person_id else None,
        **_addresses(get_script_prefix(), get_urlconf()),
    }


@lru_cache(maxsize=16)
def _addresses(_prefix: str, _urlconf: str | None) -> dict[str, str]:
    return {
        "sign_in_url": reverse("sign-in"),
        "sign_out_url": reverse("sign-out"),
        "switch_url": reverse("capacity"),
        "account_url": reverse("security"),
    }


def _marked(request: HttpRequest) -> tuple[Capacity, ...]:
    stock = capacities_of(request)
    kept = request.session.get(SESSION_KEY, "")
    key = kept if kept in {one.key for one in stock} else (stock[0].key if stock else "")
    return tuple(replace(one, current=one.key == key) for one in stock)
