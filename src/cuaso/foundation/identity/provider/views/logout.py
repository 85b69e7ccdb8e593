"""A system sends its person to sign out everywhere (OpenID Connect RP-Initiated Logout 1.0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.provider.clients.find import find_client
from cuaso.foundation.identity.provider.errors import ProtocolError, invalid_request
from cuaso.foundation.identity.provider.keys.sign import read_own
from cuaso.foundation.identity.provider.models import Client, SignOn
from cuaso.foundation.identity.provider.sessions.begin import SID
from cuaso.foundation.identity.provider.sessions.end import end_one
from cuaso.foundation.identity.provider.views.answers import private, refused_page, sent_on
from cuaso.foundation.identity.saml.sign_out.walk import begin_leaving
from cuaso.kernel.actors import system

_LONGEST_STATE = 2_000


@dataclass(frozen=True, kw_only=True)
class _Leaving:
    """What a system asks. `sid` is the session that its ID token names, `""` without one."""

    client: Client | None
    sid: str
    address: str


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    words = request.GET if request.method == "GET" else request.POST
    try:
        leaving = _read(words)
    except ProtocolError as error:
        return refused_page(request, error)
    if leaving.sid:
        own = request.session.get(SID) == leaving.sid
        way = begin_leaving(request, then=leaving.address) if own else ""
        _end(request, leaving)
        return _gone(request, leaving, after_form=False, way=way)
    if account_of(request) is None:
        return _gone(request, leaving, after_form=False)
    # Nothing proves who asks: the person is asked themselves.
    kept = {name: words[name] for name in _KEPT if words.get(name)}
    return private(render(request, "identity/oidc_logout.html", {"kept": kept}))


_KEPT = ("client_id", "post_logout_redirect_uri", "state")


@require_POST
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The person has said yes to the question of the page."""
    try:
        leaving = _read(request.POST)
    except ProtocolError as error:
        return refused_page(request, error)
    way = begin_leaving(request, then=leaving.address)
    if account_of(request) is not None:
        get_adapter(request).logout(request)
    return _gone(request, leaving, after_form=True, way=way)


def _read(words: QueryDict) -> _Leaving:
    """Raise ProtocolError for an address, a token or a client that do not fit each other."""
    hint: Mapping[str, Any] = {}
    if told := words.get("id_token_hint", ""):
        hint = read_own(told) or {}
        if not hint:
            raise invalid_request("id_token_hint is not one of ours.")
    named = words.get("client_id", "")
    if named and hint and hint.get("aud") != named:
        raise invalid_request("id_token_hint was given to another client.")
    client = find_client(named or str(hint.get("aud", "")))
    target = words.get("post_logout_redirect_uri", "")
    if target and (client is None or target not in client.post_logout_redirect_uris):
        raise invalid_request("post_logout_redirect_uri is not one of the client's.")
    state = words.get("state", "")[:_LONGEST_STATE]
    return _Leaving(
        client=client,
        sid=str(hint.get("sid", "")),
        address=_with_state(target, state) if target else "",
    )


def _with_state(address: str, state: str) -> str:
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    query += [("state", state)] if state else []
    return urlunsplit(parts._replace(query=urlencode(query)))


def _end(request: HttpRequest, leaving: _Leaving) -> None:
    """End the session that the ID token names, whether or not this browser brings its cookie."""
    if request.session.get(SID) == leaving.sid and account_of(request) is not None:
        get_adapter(request).logout(request)
        return
    row = SignOn.objects.filter(id=UUID(leaving.sid), ended_at=None).first()
    if row is not None:
        name = leaving.client.name if leaving.client else "Đăng xuất tập trung"
        end_one(sign_on_id=row.id, session_key=row.session_key, actor=system(name), why="logout")


def _gone(
    request: HttpRequest, leaving: _Leaving, *, after_form: bool, way: str = ""
) -> HttpResponse:
    """Let the browser go, past the partners that hear of the end by it alone (SAML)."""
    if way:
        return private(HttpResponseRedirect(way))
    if leaving.address:
        return sent_on(request, leaving.address, after_form=after_form)
    return private(render(request, "identity/oidc_signed_out.html"))
