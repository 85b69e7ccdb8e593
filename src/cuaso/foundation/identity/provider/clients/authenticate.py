"""Which system is asking: exactly one proof, of exactly the registered kind."""

import base64
import binascii
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final
from urllib.parse import unquote_plus

from django.http import HttpRequest, QueryDict

from cuaso.foundation.identity.logic.ask_issuer import holds
from cuaso.foundation.identity.logic.certificate_ends import note_shown
from cuaso.foundation.identity.logic.count_tries import over, place_of
from cuaso.foundation.identity.provider.clients.assertion import check_assertion, claimed_client
from cuaso.foundation.identity.provider.clients.certified import is_certified
from cuaso.foundation.identity.provider.clients.find import Find, find_client
from cuaso.foundation.identity.provider.errors import (
    ProtocolError,
    invalid_client,
    invalid_request,
)
from cuaso.foundation.identity.provider.grants.proof import CERTIFICATE_METHODS
from cuaso.foundation.identity.provider.hashing import digest
from cuaso.foundation.identity.provider.models import Client
from cuaso.foundation.identity.provider.proofs.certificate import (
    presented_certificate,
    presented_thumbprint,
)
from cuaso.foundation.identity.provider.terms import ASSERTION_TYPE
from cuaso.kernel.clock import now

MOST_FAILURES: Final = 20


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """What a request shows of its sender. `method` is one of the registered words."""

    client_id: str
    method: str
    proof: str = ""


def authenticate(request: HttpRequest, *, find: Find = find_client) -> Client:
    """Return the approved client that has proven itself; raise invalid_client otherwise.

    Failures of one name from one place are counted, past the limit they are told to wait.
    """
    shown = _shown(request)
    try:
        return _authenticated(request, shown, find=find)
    except ProtocolError as error:
        if error.error == "invalid_client" and _fails_too_much(request, shown.client_id):
            raise _slow_down() from error
        raise


def _authenticated(request: HttpRequest, shown: _Shown, *, find: Find) -> Client:
    client = find(shown.client_id)
    if client is None:
        raise invalid_client()
    if client.auth_method in CERTIFICATE_METHODS and shown.method == "none":
        _check_certificate(request, client)
    elif client.auth_method != shown.method:
        raise invalid_client("The client is registered with another way of authentication.")
    elif shown.method == "private_key_jwt":
        check_assertion(shown.proof, client=client)
    elif shown.method != "none":
        _check_secret(shown.proof, client=client)
    return client


def _shown(request: HttpRequest) -> _Shown:
    words = request.POST
    _check_once(words)
    basic = request.headers.get("Authorization", "")
    # A parameter without a value counts as left out (RFC 6749 3.2).
    named_ways = (words.get("client_secret"), words.get("client_assertion"))
    ways = [basic[:6].lower() == "basic ", *map(bool, named_ways)]
    if sum(ways) > 1:
        raise invalid_request("Use one way of client authentication only.")
    named = words.get("client_id", "")
    if ways[0]:
        shown = _basic(basic)
    elif ways[1]:
        shown = _Shown(
            client_id=named, method="client_secret_post", proof=words.get("client_secret", "")
        )
    elif ways[2]:
        shown = _assertion(words.get("client_assertion_type", ""), words["client_assertion"])
    else:
        shown = _Shown(client_id=named, method="none")
    if named and named != shown.client_id:
        raise invalid_client("client_id and the client authentication name two clients.")
    return shown


def _check_once(words: QueryDict) -> None:
    """Whoever sends a parameter twice lets two readers understand two things (RFC 6749 3.2)."""
    for name in words:
        if name != "resource" and len(words.getlist(name)) > 1:
            raise invalid_request("A parameter is given more than once.")


def _basic(header: str) -> _Shown:
    try:
        name, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as problem:
        raise invalid_client("The Authorization header cannot be read.") from problem
    if not secret:
        # How several libraries send the name of a client that has no secret (RFC 6749 2.3.1).
        return _Shown(client_id=unquote_plus(name), method="none")
    return _Shown(
        client_id=unquote_plus(name), method="client_secret_basic", proof=unquote_plus(secret)
    )


def _assertion(kind: str, assertion: str) -> _Shown:
    if kind != ASSERTION_TYPE:
        raise invalid_client("client_assertion_type is not supported.")
    return _Shown(client_id=claimed_client(assertion), method="private_key_jwt", proof=assertion)


def _check_secret(secret: str, *, client: Client) -> None:
    """Two secrets are good while a client changes from one to the other."""
    hashed = digest(secret)
    good = [client.secret_hash]
    if client.old_secret_until is not None and client.old_secret_until > now():
        good.append(client.old_secret_hash)
    if not any(compare_digest(bytes(one), hashed) for one in good if one):
        raise invalid_client()


def _check_certificate(request: HttpRequest, client: Client) -> None:
    """A certificate of the house's own authority, or one that was registered itself (RFC 8705)."""
    shown = presented_thumbprint(request)
    if client.auth_method == "tls_client_auth":
        if not shown or not is_certified(shown, client_id=client.client_id):
            raise invalid_client("The client certificate is missing, ended, or of another system.")
    elif not shown or shown not in client.certificate_thumbprints:
        raise invalid_client("The client certificate is missing or not a registered one.")
    elif not holds(presented_certificate(request)):
        raise invalid_client("The client certificate is revoked, or its issuer does not answer.")
    else:
        note_shown(client, pem=presented_certificate(request))


def _fails_too_much(request: HttpRequest, client_id: str) -> bool:
    return over(f"client:{place_of(request)}:{client_id}", limit=MOST_FAILURES)


def _slow_down() -> ProtocolError:
    return ProtocolError(
        error="slow_down",
        description="Too many failures of this client from this address; try again later.",
        status=429,
        headers={"Retry-After": "600"},
    )
