"""A partner signs its person out, or answers that it has done so."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods
from saml2 import samlp

from cuaso.foundation.identity.provider.views.answers import private, sent_on
from cuaso.foundation.identity.saml.addresses import sign_out_address
from cuaso.foundation.identity.saml.messages.take import Taken, note_refusal, take
from cuaso.foundation.identity.saml.sign_out.end import end_sessions
from cuaso.foundation.identity.saml.sign_out.walk import (
    Over,
    Sent,
    begin_walk,
    heard,
    leave_response,
    step_on,
    walking,
)
from cuaso.foundation.identity.saml.views.browser import carried, refused_page
from cuaso.kernel.errors import Refusal


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    words = request.POST if request.method == "POST" else request.GET
    answering = "SAMLResponse" in words
    try:
        taken = take(
            request,
            name="SAMLResponse" if answering else "SAMLRequest",
            tag="LogoutResponse" if answering else "LogoutRequest",
            target=sign_out_address(),
            must_sign=True,
        )
        return _answered(request, taken) if answering else _ended(request, taken)
    except Refusal as refusal:
        return refused_page(request, refusal)


@never_cache
@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """Begin the walk of a person who has signed out here."""
    word = request.GET.get("di", "")
    try:
        return _sent(request, step_on(walking(word), word=word), after_form=True)
    except Refusal as refusal:
        return refused_page(request, refusal)


def _ended(request: HttpRequest, taken: Taken) -> HttpResponse:
    try:
        sign_on_id = end_sessions(request, taken)
    except Refusal as refusal:
        note_refusal(request, refusal, entity_id=taken.partner.entity_id)
        words = (samlp.STATUS_REQUESTER, samlp.STATUS_UNKNOWN_PRINCIPAL)
        partner = taken.partner
        if not (partner.logout_redirect or partner.logout_post):
            raise
        told = leave_response(
            partner=partner, request_id=taken.id, relay_state=taken.relay_state, words=words
        )
        return _sent(request, told)
    word = begin_walk(sign_on_id=sign_on_id, origin=taken)
    return _sent(request, step_on(walking(word), word=word))


def _answered(request: HttpRequest, taken: Taken) -> HttpResponse:
    word = taken.relay_state
    walk = walking(word)
    try:
        heard(walk, taken)
    except Refusal as refusal:
        note_refusal(request, refusal, entity_id=taken.partner.entity_id)
        raise
    return _sent(request, step_on(walk, word=word))


def _sent(request: HttpRequest, told: Sent | Over, *, after_form: bool = False) -> HttpResponse:
    if isinstance(told, Over):
        if told.unheard or not told.then:
            context = {"unheard": told.unheard, "then": told.then}
            return private(render(request, "identity/oidc_signed_out.html", context))
        told = Sent(address=told.then)
    if not told.name:
        if after_form:
            return sent_on(request, told.address, after_form=True)
        return private(HttpResponseRedirect(told.address))
    return carried(
        request,
        address=told.address,
        name=told.name,
        content=told.content,
        relay_state=told.relay_state,
    )
