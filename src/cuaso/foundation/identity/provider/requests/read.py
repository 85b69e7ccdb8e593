"""Read an authorization request; nothing in it is believed before the client is known."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import QueryDict

from cuaso.foundation.identity.provider.clients.find import find_client
from cuaso.foundation.identity.provider.errors import ProtocolError, invalid_request
from cuaso.foundation.identity.provider.models import Client, PushedRequest
from cuaso.foundation.identity.provider.requests.answer import SentBack
from cuaso.foundation.identity.provider.requests.asked import Asked, Words
from cuaso.foundation.identity.provider.requests.keepable import is_keepable
from cuaso.foundation.identity.provider.requests.own_address import is_own_address
from cuaso.foundation.identity.provider.requests.push import find_pushed
from cuaso.foundation.identity.provider.requests.resources import allowed_resources
from cuaso.foundation.identity.provider.terms import (
    CODE,
    FORM_POST,
    REQUEST_PREFIX,
    RESPONSE_MODES,
)

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_PROMPTS: Final = frozenset({"none", "login", "consent", "select_account"})
_LONGEST: Final = 2_000
_SECONDS: Final = re.compile(r"[0-9]{1,9}")


def read_request(query: QueryDict) -> Asked:
    """Return what is asked; raise ProtocolError for the person, SentBack for the client.

    Only an approved client with one of its own addresses, letter by letter, is answered there.
    """
    words = words_of(query)
    client = find_client(_one(words, "client_id"))
    if client is None:
        raise ProtocolError(error="invalid_client", description="The client is not known.")
    pushed, request_uri = None, _one(words, "request_uri")
    if request_uri.startswith(REQUEST_PREFIX):
        pushed = find_pushed(request_uri, client=client)
        words = pushed.words
    redirect_uri = _redirect_uri(words, client=client)
    try:
        asked = _asked(words, client=client, redirect_uri=redirect_uri, pushed=pushed)
    except ProtocolError as error:
        by_form = words.get("response_mode") == [FORM_POST]
        state = _first(words, "state")
        raise SentBack(
            redirect_uri=redirect_uri, state=state, error=error, by_form=by_form
        ) from error
    return replace(asked, pushed=pushed, request_uri=request_uri) if pushed else asked


def check_pushed(words: Words, *, client: Client, key_thumbprint: str) -> None:
    """Raise ProtocolError for a request that could not be answered later (RFC 9126 2.1)."""
    if "request_uri" in words:
        raise invalid_request("request_uri is not allowed here.")
    named = _one(words, "dpop_jkt")
    if key_thumbprint and named and named != key_thumbprint:
        raise ProtocolError(error="invalid_dpop_proof", description="dpop_jkt names another key.")
    redirect_uri = _redirect_uri(words, client=client)
    holder = PushedRequest(client=client, by_client=True, key_thumbprint=key_thumbprint)
    _asked(words, client=client, redirect_uri=redirect_uri, pushed=holder)


def words_of(query: QueryDict) -> dict[str, list[str]]:
    """Return the parameters that have a value, as they came; raise for what no text can hold."""
    kept = {name: [one for one in query.getlist(name) if one] for name in query}
    if any("\x00" in one for name, values in kept.items() for one in (name, *values)):
        raise invalid_request("A parameter cannot be read.")
    return {name: values for name, values in kept.items() if values}


def _asked(
    words: Words, *, client: Client, redirect_uri: str, pushed: PushedRequest | None
) -> Asked:
    _check_kind(words, client=client, pushed=pushed)
    claims = _claims(_one(words, "claims"))
    acr_values, essential = _acr(words, claims)
    key = _one(words, "dpop_jkt") or (pushed.key_thumbprint if pushed else "")
    return Asked(
        client=client,
        redirect_uri=redirect_uri,
        by_form=_one(words, "response_mode") == FORM_POST,
        state=_one(words, "state"),
        scopes=_scopes(_one(words, "scope"), client=client),
        nonce=_one(words, "nonce"),
        challenge=_challenge(words),
        prompt=_prompt(_one(words, "prompt")),
        max_age=_max_age(_one(words, "max_age")),
        acr_values=acr_values,
        acr_essential=essential,
        claims=claims,
        id_token_hint=_one(words, "id_token_hint"),
        login_hint=_one(words, "login_hint"),
        ui_locales=_one(words, "ui_locales"),
        resources=allowed_resources(words.get("resource", ()), client=client),
        key_thumbprint=key,
        words=words,
        request_uri="",
        pushed=None,
    )


def _redirect_uri(words: Words, *, client: Client) -> str:
    told = words.get("redirect_uri", [])
    if len(told) != 1 or not is_own_address(told[0], client=client):
        raise invalid_request("redirect_uri is missing or not one that the client has registered.")
    return told[0]


def _check_kind(words: Words, *, client: Client, pushed: PushedRequest | None) -> None:
    if "request" in words:
        raise ProtocolError(error="request_not_supported")
    if "request_uri" in words:
        raise ProtocolError(error="request_uri_not_supported")
    if CODE not in client.grant_types:
        raise ProtocolError(error="unauthorized_client")
    if (client.pushed_only or client.fapi) and not _came_pushed(pushed):
        raise invalid_request("This client must push its authorization requests.")
    kind = _one(words, "response_type")
    if not kind:
        raise invalid_request("response_type is missing.")
    if kind != "code":
        raise ProtocolError(error="unsupported_response_type")
    if _one(words, "response_mode") not in ("", *RESPONSE_MODES):
        raise invalid_request("response_mode is not supported.")


def _came_pushed(pushed: PushedRequest | None) -> bool:
    return pushed is not None and pushed.by_client


def _challenge(words: Words) -> str:
    """PKCE is owed by every client, by S256 alone: whoever may say “plain” may be downgraded."""
    if _one(words, "code_challenge_method") != "S256":
        raise invalid_request("code_challenge_method must be S256.")
    challenge = _one(words, "code_challenge")
    if not _CHALLENGE.fullmatch(challenge):
        raise invalid_request("code_challenge is missing or not one of S256.")
    return challenge


def _scopes(told: str, *, client: Client) -> tuple[str, ...]:
    """Return what the client may have of it; unknown scopes are ignored (OIDC Core 3.1.2.1)."""
    asked = tuple(dict.fromkeys(told.split()))
    found = tuple(one for one in asked if one in client.scopes)
    if not found:
        raise ProtocolError(error="invalid_scope", description="No scope of this client is named.")
    return found


def _prompt(told: str) -> frozenset[str]:
    found = frozenset(told.split())
    if not found <= _PROMPTS or ("none" in found and len(found) > 1):
        raise invalid_request("prompt is not valid.")
    return found


def _max_age(told: str) -> int | None:
    if not told:
        return None
    if not _SECONDS.fullmatch(told):
        raise invalid_request("max_age must be a number of seconds.")
    return int(told)


def _claims(told: str) -> dict[str, Any]:
    """Return the claims parameter's two members as mappings; raise invalid_request otherwise."""
    if not told:
        return {}
    try:
        read = json.loads(told)
    except (ValueError, RecursionError) as problem:
        raise invalid_request("claims is not JSON.") from problem
    if not isinstance(read, dict) or not is_keepable(read):
        raise invalid_request("claims must be an object of plain texts and numbers.")
    kept = {name: read[name] for name in ("id_token", "userinfo") if read.get(name) is not None}
    if not all(isinstance(one, dict) for one in kept.values()):
        raise invalid_request("claims must hold objects.")
    return kept


def _acr(words: Words, claims: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    """Return the strengths asked for, and whether another one is an error (OIDC Core 5.5.1.1)."""
    wish = claims.get("id_token", {}).get("acr")
    if isinstance(wish, dict):
        named = wish.get("values", [wish["value"]] if "value" in wish else [])
        if isinstance(named, list) and named:
            return tuple(str(one) for one in named), wish.get("essential") is True
    return tuple(_one(words, "acr_values").split()), False


def _one(words: Words, name: str) -> str:
    """Return the parameter's only value, `""` without one."""
    told = words.get(name, [])
    if len(told) > 1:
        raise invalid_request(f"{name} is given more than once.")
    if told and (len(told[0]) > _LONGEST * (10 if name == "claims" else 1) or "\x00" in told[0]):
        raise invalid_request(f"{name} is too long or cannot be read.")
    return told[0] if told else ""


def _first(words: Words, name: str) -> str:
    told = words.get(name, [])
    return told[0] if len(told) == 1 and len(told[0]) <= _LONGEST else ""
