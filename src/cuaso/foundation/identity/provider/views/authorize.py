"""The browser comes from a system and goes back with a code."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.record_account_act import actor_for
from cuaso.foundation.identity.logic.speak import speak
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.grants.consent import agree, has_agreed, refuse
from cuaso.foundation.identity.provider.grants.issue_code import issue_code
from cuaso.foundation.identity.provider.keys.sign import read_own
from cuaso.foundation.identity.provider.requests.answer import (
    SentBack,
    answer_words,
    with_words,
)
from cuaso.foundation.identity.provider.requests.asked import Asked
from cuaso.foundation.identity.provider.requests.push import park
from cuaso.foundation.identity.provider.requests.read import read_request
from cuaso.foundation.identity.provider.sessions import marks
from cuaso.foundation.identity.provider.sessions.next_step import Step, next_step
from cuaso.foundation.identity.provider.sessions.standing import standing_of
from cuaso.foundation.identity.provider.terms import SCOPE_SENTENCES
from cuaso.foundation.identity.provider.views.answers import (
    carried,
    private,
    refused_page,
    sent_on,
)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    try:
        asked = read_request(request.GET if request.method == "GET" else request.POST)
        if request.method == "POST":
            # Another site's form brings no session cookie; the way back by GET does.
            return HttpResponseRedirect(_parked(asked), status=303)
        return _answer(request, asked)
    except SentBack as back:
        return _sent_back(request, back, after_form=False)
    except ProtocolError as error:
        return refused_page(request, error)


def _answer(request: HttpRequest, asked: Asked) -> HttpResponse:
    account = account_of(request)
    try:
        _check_hint(asked, account)
        step = next_step(request, asked=asked, account=account)
        if step is not None or account is None:
            return _led(request, asked, step=step)
        if not _agreed(request, asked, account):
            return _consent_page(request, asked)
        code = issue_code(
            request,
            asked=asked,
            account=account,
            standing=standing_of(request, account=account),
        )
    except ProtocolError as error:
        raise _back(asked, error) from error
    after_form = marks.forget_mark(request.session, asked.mark)
    words = answer_words({"code": code}, state=asked.state)
    if asked.by_form:
        return carried(request, asked.redirect_uri, words)
    return sent_on(request, with_words(asked.redirect_uri, words), after_form=after_form)


def _back(asked: Asked, error: ProtocolError) -> SentBack:
    return SentBack(
        redirect_uri=asked.redirect_uri, state=asked.state, error=error, by_form=asked.by_form
    )


def _sent_back(request: HttpRequest, back: SentBack, *, after_form: bool) -> HttpResponse:
    words = answer_words(back.told, state=back.state)
    if back.by_form:
        return carried(request, back.redirect_uri, words)
    return sent_on(request, with_words(back.redirect_uri, words), after_form=after_form)


def _led(request: HttpRequest, asked: Asked, *, step: Step | None) -> HttpResponse:
    """Lead the person to a sign-in or a further proof, and back here afterwards."""
    if step is None or "none" in asked.prompt:
        raise ProtocolError(error="login_required")
    marks.remember(request.session, asked.mark, what=step.what)
    led = HttpResponseRedirect(f"{reverse(step.address)}?{urlencode({'next': _parked(asked)})}")
    return speak(request, led, ui_locales=asked.ui_locales)


def _parked(asked: Asked) -> str:
    """Return our own address for the request, good for as long as a sign-in may take."""
    words = {"client_id": asked.client.client_id, "request_uri": park(asked)}
    return f"{reverse('oidc-authorize')}?{urlencode(words)}"


def _check_hint(asked: Asked, account: Account | None) -> None:
    """Whoever is signed in must be whom the client speaks of."""
    if not asked.id_token_hint:
        return
    known = read_own(asked.id_token_hint)
    if known is None:
        raise ProtocolError(error="invalid_request", description="id_token_hint is not ours.")
    if account is not None and known.get("sub") != str(account.id):
        raise ProtocolError(error="login_required", description="Another person is signed in.")


def _agreed(request: HttpRequest, asked: Asked, account: Account) -> bool:
    said = marks.asked_at(request.session, asked.mark, what="agreed") is not None
    if "consent" in asked.prompt and not said and not asked.client.first_party:
        return False
    return has_agreed(account=account, client=asked.client, scopes=asked.scopes)


def _consent_page(request: HttpRequest, asked: Asked) -> HttpResponse:
    if "none" in asked.prompt:
        raise ProtocolError(error="consent_required")
    sentences = [SCOPE_SENTENCES.get(one, one) for one in asked.scopes]
    context = {
        "client": asked.client.name,
        "sentences": sentences,
        "request_uri": park(asked),
        "client_id": asked.client.client_id,
    }
    return private(render(request, "identity/oidc_consent.html", context))


@require_POST
@never_cache
def consent(request: HttpRequest) -> HttpResponse:
    """The person has answered the question of the consent page."""
    account = account_of(request)
    try:
        asked = read_request(request.POST)
        if account is None:
            return HttpResponseRedirect(_parked(asked))
        actor = actor_for(account, request=request)
        agreed = request.POST.get("answer") == "yes"
        keep = agree if agreed else refuse
        keep(actor=actor, account=account, client=asked.client, scopes=asked.scopes)
        if not agreed:
            return _denied(request, asked)
    except SentBack as back:
        return _sent_back(request, back, after_form=True)
    except ProtocolError as error:
        return refused_page(request, error)
    marks.remember(request.session, asked.mark, what="agreed")
    where = {"client_id": asked.client.client_id, "request_uri": request.POST["request_uri"]}
    return HttpResponseRedirect(f"{reverse('oidc-authorize')}?{urlencode(where)}")


def _denied(request: HttpRequest, asked: Asked) -> HttpResponse:
    marks.forget_mark(request.session, asked.mark)
    error = ProtocolError(error="access_denied", description="The person said no.")
    return _sent_back(request, _back(asked, error), after_form=True)
