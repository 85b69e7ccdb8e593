"""Whom a token is for (resource indicators, RFC 8707)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.models import Client


def allowed_resources(asked: Iterable[str], *, client: Client) -> tuple[str, ...]:
    """Return the resources asked for; raise invalid_target for one that the client may not call."""
    found = tuple(dict.fromkeys(asked))
    for one in found:
        parts = urlsplit(one)
        if not parts.scheme or parts.fragment or one not in client.may_call:
            raise _invalid_target()
    return found


def narrowed(asked: Iterable[str], *, within: Iterable[str]) -> tuple[str, ...]:
    """Return the resources asked for, all of the grant's without any; never more than those."""
    granted, found = tuple(within), tuple(dict.fromkeys(asked))
    if not found:
        return granted
    if not set(found) <= set(granted):
        raise _invalid_target()
    return found


def _invalid_target() -> ProtocolError:
    return ProtocolError(
        error="invalid_target", description="This client may not call the named resource."
    )
