"""Accounts of one's own agencies: found, signed out, shut, opened, recovered, looked with."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cuaso.foundation.identity.gates import official_required
from cuaso.foundation.identity.logic.administer import end_sessions, require_over, subordinates
from cuaso.foundation.identity.logic.impersonate import begin_looking, end_looking
from cuaso.foundation.identity.logic.keep_account import reopen_account
from cuaso.foundation.identity.logic.open_account import close_account
from cuaso.foundation.identity.logic.recover import (
    PAPERS,
    begin_recovery,
    citizen_account,
    finish_recovery,
    waiting_recovery,
)
from cuaso.foundation.identity.logic.resolve_actor import actor_of
from cuaso.foundation.identity.models import Recovery
from cuaso.foundation.identity.pages import refusal_page
from cuaso.kernel.errors import NotFound, Refusal


@require_safe
@official_required
@never_cache
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts that the actor answers for."""
    text = request.GET.get("q", "")
    try:
        found = subordinates(actor=actor_of(request), text=text)
    except Refusal as refusal:
        return refusal_page(request, refusal)
    return render(request, "identity/accounts.html", {"found": found, "query": text})


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
@never_cache
def account(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show one account; a POST does one of the acts."""
    try:
        if request.method == "POST":
            return _act(request, id)
        return _page(request, id)
    except Refusal as refusal:
        return refusal_page(request, refusal)


@require_POST
@never_cache
def end_look(request: HttpRequest) -> HttpResponse:
    end_looking(request)
    return HttpResponseRedirect(reverse("accounts"))


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
@never_cache
def recover_citizen(request: HttpRequest) -> HttpResponse:
    """At the counter: a citizen whose VNeID account is another one now."""
    if request.method != "POST":
        return render(request, "identity/recover_citizen.html", {"papers": PAPERS})
    number = request.POST.get("number", "")
    try:
        found = citizen_account(number)
        if found is None:
            raise NotFound(
                code="identity.no_account",
                what="Không có tài khoản nào của số định danh này.",
                mend="Người này đăng nhập bằng VNeID là có tài khoản mới.",
            )
        waits = waiting_recovery(found)
        if waits is None:
            begun = begin_recovery(
                actor=actor_of(request),
                account_id=found,
                kind=Recovery.Kind.LINK,
                paper=request.POST.get("paper", ""),
                personal_number=number,
            )
            messages.success(request, _("Đã bắt đầu. Chủ tài khoản được báo ngay."))
            return HttpResponseRedirect(reverse("finish-recovery", args=[begun.id]))
    except Refusal as refusal:
        return refusal_page(request, refusal)
    return HttpResponseRedirect(reverse("finish-recovery", args=[waits.id]))


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
@never_cache
def finish(request: HttpRequest, id: UUID) -> HttpResponse:
    """End a recovery after its wait; an official's new code is shown this once."""
    if request.method != "POST":
        row = Recovery.objects.filter(pk=id, ended_at=None).first()
        return render(request, "identity/recovery.html", {"recovery": row})
    try:
        code = finish_recovery(actor=actor_of(request), recovery_id=id)
    except Refusal as refusal:
        return refusal_page(request, refusal)
    return render(request, "identity/recovery.html", {"done": True, "code": code})


def _page(request: HttpRequest, id: UUID) -> HttpResponse:
    row = require_over(actor_of(request), id)
    context = {
        "one": row,
        "recovery": waiting_recovery(row.id),
        "papers": PAPERS,
    }
    return render(request, "identity/account.html", context)


def _act(request: HttpRequest, id: UUID) -> HttpResponse:
    actor, said = actor_of(request), request.POST
    reason = said.get("reason", "")
    require_over(actor, id)
    match said.get("act", ""):
        case "sessions":
            ended = end_sessions(actor=actor, account_id=id, reason=reason)
            messages.success(request, _("Đã kết thúc %(n)s phiên.") % {"n": ended})
        case "close":
            close_account(actor=actor, account_id=id, reason=reason)
            messages.success(request, _("Đã khóa tài khoản."))
        case "open":
            reopen_account(actor=actor, account_id=id, reason=reason)
            messages.success(request, _("Đã mở lại tài khoản."))
        case "recover":
            begun = begin_recovery(
                actor=actor,
                account_id=id,
                kind=Recovery.Kind.FACTORS,
                paper=said.get("paper", ""),
                personal_number=said.get("number", ""),
            )
            messages.success(request, _("Đã bắt đầu. Chủ tài khoản được báo ngay."))
            return HttpResponseRedirect(reverse("finish-recovery", args=[begun.id]))
        case "look":
            begin_looking(request, actor=actor, account_id=id, reason=reason)
            return HttpResponseRedirect(resolve_url(settings.CUASO_OFFICIAL_HOME))
    return HttpResponseRedirect(reverse("account", args=[id]))
