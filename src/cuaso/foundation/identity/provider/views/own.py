"""What a person sees of their sessions, and ends; what an administrator decides about systems."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cuaso.foundation.identity.gates import official_required
from cuaso.foundation.identity.logic.admit_system import ROLE
from cuaso.foundation.identity.logic.certificate_ends import soon
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.record_account_act import actor_for
from cuaso.foundation.identity.logic.resolve_actor import actor_of
from cuaso.foundation.identity.pages import refusal_page
from cuaso.foundation.identity.provider.clients import decide
from cuaso.foundation.identity.provider.grants.end import take_back
from cuaso.foundation.identity.provider.sessions.overview import (
    agreements,
    end_session,
    open_sessions,
)
from cuaso.kernel.errors import Refusal


@require_GET
@login_required(login_url="sign-in")
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    if account is None:
        return HttpResponseRedirect(reverse("sign-in"))
    context = {
        "sessions": open_sessions(account, session_key=request.session.session_key or ""),
        "agreements": agreements(account),
    }
    return render(request, "identity/oidc_sessions.html", context)


@require_POST
@login_required(login_url="sign-in")
def end(request: HttpRequest, session_id: int) -> HttpResponse:
    account = account_of(request)
    if account is not None:
        actor = actor_for(account, request=request)
        try:
            end_session(actor=actor, account=account, session_id=session_id)
        except Refusal as refusal:
            return refusal_page(request, refusal)
        messages.success(request, "Đã kết thúc phiên và đăng xuất khỏi các hệ thống của phiên đó.")
    return HttpResponseRedirect(reverse("oidc-sessions"))


@require_POST
@login_required(login_url="sign-in")
def disagree(request: HttpRequest, client_row: UUID) -> HttpResponse:
    account = account_of(request)
    if account is not None:
        actor = actor_for(account, request=request)
        take_back(actor=actor, account_id=account.id, client_row=client_row)
        messages.success(request, "Đã thu hồi sự đồng ý. Lần sau hệ thống đó phải hỏi lại.")
    return HttpResponseRedirect(reverse("oidc-sessions"))


@require_GET
@official_required(role=ROLE)
@never_cache
def systems(request: HttpRequest) -> HttpResponse:
    context = {"systems": decide.connected_systems(), "soon": soon()}
    return render(request, "identity/oidc_systems.html", context)


@require_POST
@official_required(role=ROLE)
def decided(request: HttpRequest, client_id: str) -> HttpResponse:
    """Approve, refuse or close the system, as the pressed button says."""
    actor, answer = actor_of(request), request.POST.get("answer", "")
    try:
        if answer == "approve":
            decide.approve_system(actor=actor, client_id=client_id)
        elif answer == "refuse":
            decide.refuse_system(actor=actor, client_id=client_id)
        elif answer == "close":
            reason = request.POST.get("reason", "")
            decide.close_system(actor=actor, client_id=client_id, reason=reason)
    except Refusal as refusal:
        return refusal_page(request, refusal)
    messages.success(request, "Đã ghi quyết định về hệ thống.")
    return HttpResponseRedirect(reverse("oidc-systems"))
