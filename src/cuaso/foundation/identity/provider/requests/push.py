"""Keep an authorization request until the browser comes for it (RFC 9126), or comes back to it."""

from datetime import timedelta

from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.hashing import digest, fresh
from cuaso.foundation.identity.provider.models import Client, PushedRequest
from cuaso.foundation.identity.provider.requests.asked import Asked, Words
from cuaso.foundation.identity.provider.terms import PARKED_LIFE, PUSHED_LIFE, REQUEST_PREFIX
from cuaso.kernel.clock import now


def push(*, client: Client, words: Words, key_thumbprint: str) -> tuple[str, timedelta]:
    """Return the request_uri of a request that its client has handed in itself, and its life."""
    word = fresh()
    PushedRequest.objects.create(
        hash=digest(word),
        client=client,
        words=words,
        key_thumbprint=key_thumbprint,
        by_client=True,
        expires_at=now() + PUSHED_LIFE,
    )
    return REQUEST_PREFIX + word, PUSHED_LIFE


def park(asked: Asked) -> str:
    """Return the request_uri under which the request waits while its person acts on it.

    A pushed one keeps its own and lives longer; it stays good for one code.
    """
    until = now() + PARKED_LIFE
    if asked.pushed is not None:
        PushedRequest.objects.filter(hash=asked.pushed.hash).update(expires_at=until)
        return asked.request_uri
    word = fresh()
    PushedRequest.objects.create(
        hash=digest(word),
        client=asked.client,
        words=asked.words,
        by_client=False,
        expires_at=until,
    )
    return REQUEST_PREFIX + word


def find_pushed(request_uri: str, *, client: Client) -> PushedRequest:
    """Return the client's request; raise invalid_request_uri for any other, spent or expired."""
    word = request_uri.removeprefix(REQUEST_PREFIX)
    row = PushedRequest.objects.filter(hash=digest(word), client=client).first()
    if row is None or row.used_at is not None or row.expires_at < now():
        raise ProtocolError(
            error="invalid_request_uri", description="The request_uri is unknown or has expired."
        )
    return row
