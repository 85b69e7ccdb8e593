"""A browser comes from a partner to prove who its person is, and goes back with an assertion."""

from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods
from saml2 import samlp

from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.provider.errors import ProtocolError
from cuaso.foundation.identity.provider.sessions import marks
from cuaso.foundation.identity.provider.sessions.standing import standing_of
from cuaso.foundation.identity.saml.addresses import sign_in_address
from cuaso.foundation.identity.saml.messages.take import note_refusal, take
from cuaso.foundation.identity.saml.models import ParkedSignIn
from cuaso.foundation.identity.saml.sign_in.answer import answer, refuse
from cuaso.foundation.identity.saml.sign_in.park import park, parked, wanted_name_format
from cuaso.foundation.identity.saml.sign_in.steps import step_of, wish_of
from cuaso.foundation.identity.saml.terms import PERSISTENT, UNSPECIFIED
from cuaso.foundation.identity.saml.views.browser import carried, refused_page
from cuaso.kernel.errors import Refusal

_FORMATS: Final = ("", PERSISTENT, UNSPECIFIED)
_PASSIVE: Final = "Người dùng chưa đăng nhập."
_WEAK: Final = "Không xác thực được người dùng ở mức đã yêu cầu."
_NAME: Final = "Cửa Số chỉ cấp mã người dùng bền vững, riêng cho từng hệ thống."


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Take the request; another site's form brings no cookie, the way on by GET does."""
    try:
        taken = take(request, name="SAMLRequest", tag="AuthnRequest", target=sign_in_address())
        try:
            word = park(taken)
        except Refusal as refusal:
            note_refusal(request, refusal, entity_id=taken.partner.entity_id)
            raise
        if wanted_name_format(taken.root) not in _FORMATS:
            return _refused(request, parked(word), samlp.STATUS_INVALID_NAMEID_POLICY, say=_NAME)
    except Refusal as refusal:
        return refused_page(request, refusal)
    return HttpResponseRedirect(_way_on(word), status=303)


@never_cache
@require_GET
def go_on(request: HttpRequest) -> HttpResponse:
    """Lead the person through what is left to prove; then answer the partner."""
    word = request.GET.get("yc", "")
    try:
        waiting = parked(word)
        return _answered(request, waiting, word=word)
    except Refusal as refusal:
        return refused_page(request, refusal)


def _answered(request: HttpRequest, waiting: ParkedSignIn, *, word: str) -> HttpResponse:
    account, wish = account_of(request), wish_of(waiting)
    try:
        step = step_of(request, wish=wish, account=account)
    except ProtocolError:
        return _refused(request, waiting, samlp.STATUS_NO_AUTHN_CONTEXT, say=_WEAK)
    if step is not None or account is None:
        if step is None or "none" in wish.prompt:
            return _refused(request, waiting, samlp.STATUS_NO_PASSIVE, say=_PASSIVE)
        marks.remember(request.session, wish.mark, what=step.what)
        way_on = urlencode({"next": _way_on(word)})
        return HttpResponseRedirect(f"{reverse(step.address)}?{way_on}")
    marks.forget_mark(request.session, wish.mark)
    standing = standing_of(request, account=account)
    content = answer(request, waiting=waiting, account=account, standing=standing)
    return _sent(request, waiting, content)


def _refused(request: HttpRequest, waiting: ParkedSignIn, word: str, *, say: str) -> HttpResponse:
    return _sent(request, waiting, refuse(waiting, word, say=say))


def _sent(request: HttpRequest, waiting: ParkedSignIn, content: bytes) -> HttpResponse:
    return carried(
        request,
        address=waiting.consumer,
        name="SAMLResponse",
        content=content,
        relay_state=waiting.relay_state,
    )


def _way_on(word: str) -> str:
    return f"{reverse('saml-go-on')}?{urlencode({'yc': word})}"
