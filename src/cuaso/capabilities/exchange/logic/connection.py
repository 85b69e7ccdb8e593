"""The process's one connection to the outside: trusted authorities are read once, not each call."""

import atexit
from functools import cache
from typing import Final

import httpx

# Shorter than any server's own: it never closes a connection that we are about to use.
LIMITS: Final = httpx.Limits(keepalive_expiry=2.0)


@cache
def client() -> httpx.Client:
    """Return the client; each call states its own timeout. Redirects are not followed."""
    opened = httpx.Client(limits=LIMITS, follow_redirects=False)
    atexit.register(opened.close)
    return opened


def bounded(response: httpx.Response, limit: int) -> bytes:
    """Return the content of a streamed response, b"" for more than the limit in bytes."""
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > limit:
            return b""
    return bytes(content)
