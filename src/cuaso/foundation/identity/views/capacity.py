"""In which capacity one goes on."""

from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cuaso.foundation.identity.contracts import Capacity
from cuaso.foundation.identity.logic.resolve_actor import capacities_of, current
from cuaso.foundation.identity.logic.switch_capacity import switch
from cuaso.foundation.identity.pages import refusal_page
from cuaso.kernel.errors import NotAllowed


@login_required(login_url="sign-in")
@never_cache
@require_http_methods(["GET", "POST"])
def capacity(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _switch(request)
    stock = capacities_of(request)
    now = current(request)
    context = {
        "stock": stock,
        "current_key": now.key if now else "",
        "next": get_next_redirect_url(request) or "",
    }
    return render(request, "identity/capacity.html", context)


def _switch(request: HttpRequest) -> HttpResponse:
    try:
        chosen = switch(request, request.POST.get("capacity", ""))
    except NotAllowed as refusal:
        return refusal_page(request, refusal)
    messages.success(request, f"Đang làm việc với tư cách: {chosen.title} – {chosen.detail}.")
    return HttpResponseRedirect(get_next_redirect_url(request) or _home(chosen))


def _home(chosen: Capacity) -> str:
    official = chosen.kind == "official"
    return resolve_url(settings.CUASO_OFFICIAL_HOME if official else settings.LOGIN_REDIRECT_URL)
