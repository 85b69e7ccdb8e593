"""Systems that share a secret with us: one signed way to speak to each of them."""

from cuaso.capabilities.exchange.logic.peer_keys import (
    address,
    headers,
    is_marked,
    keys,
    production_refusals,
    sign,
)
from cuaso.capabilities.exchange.logic.peer_speech import ask, fetch, senseless

__all__ = [
    "address",
    "ask",
    "fetch",
    "headers",
    "is_marked",
    "keys",
    "production_refusals",
    "senseless",
    "sign",
]
