"""Whether a client may have its answers sent to an address."""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

from cuaso.foundation.identity.provider.clients.check_draft import is_safe_address
from cuaso.foundation.identity.provider.models import Client

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


def is_own_address(told: str, *, client: Client) -> bool:
    """Letter by letter one of the registered addresses.

    A program on the person's own machine listens at whichever port is free (RFC 8252 7.3): for a
    system without a secret, the port of a loopback address is left out of the comparison.
    """
    if told in client.redirect_uris:
        return True
    bare = _without_port(told) if client.auth_method == "none" else ""
    return bool(bare) and bare in {_without_port(one) for one in client.redirect_uris}


def _without_port(address: str) -> str:
    """Return a loopback address without its port, `""` for any other address."""
    if not is_safe_address(address):
        return ""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme != "http" or host not in _LOOPBACK:
        return ""
    return urlunsplit(parts._replace(netloc=f"[{host}]" if ":" in host else host))
