"""Doors of a certificate and of a face, and the page that asks for more than was proven."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.models import SocialApp
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cuaso.foundation.identity import vneid
from cuaso.foundation.identity.adapters import unreachable
from cuaso.foundation.identity.gates import official_required
from cuaso.foundation.identity.logic.accept_face import BIOMETRIC
from cuaso.foundation.identity.logic.count_tries import guesses_too_much
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.own_certificates import (
    enter_by_certificate,
    name_certificate,
    prove_by_certificate,
    remove_certificate,
)
from cuaso.foundation.identity.logic.step_up import NEEDED, ways_up
from cuaso.foundation.identity.pages import refusal_page, too_many
from cuaso.kernel.errors import NotFound, Refusal

View = Callable[..., HttpResponseBase]


def _refusing(view: View) -> View:
    """Show a refusal as the page that it is."""

    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refusal_page(request, refusal)

    return shown


@require_POST
@never_cache
@_refusing
def by_certificate(request: HttpRequest) -> HttpResponseBase:
    """Let an official in by the certificate that the browser has shown."""
    if guesses_too_much(request, action="certificate"):
        return too_many(request)
    return enter_by_certificate(request, next_url=get_next_redirect_url(request) or "")


@require_POST
@never_cache
@_refusing
def by_face(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the national service for a comparison of the face."""
    try:
        return vneid.begin(request, purpose=BIOMETRIC)
    except SocialApp.DoesNotExist as missing:
        raise NotFound(
            code="identity.vneid_missing",
            what="Chưa nối với VNeID.",
            mend="Hãy báo quản trị viên đặt địa chỉ VNeID cho hệ thống.",
        ) from missing
    except OSError:
        return refusal_page(request, unreachable())


@require_GET
@login_required(login_url="sign-in")
@never_cache
def step_up(request: HttpRequest) -> HttpResponse:
    """Say why more is needed, and offer the ways that the account has."""
    account = account_of(request)
    wanted = NEEDED.get(request.GET.get("loai", ""), NEEDED["sensitive"])
    context = {
        "words": _(wanted.words),
        "minutes": int(wanted.fresh.total_seconds() // 60) if wanted.fresh else 0,
        "ways": ways_up(account) if account else (),
        "next": get_next_redirect_url(request) or "",
    }
    return render(request, "identity/step_up.html", context)


@require_POST
@login_required(login_url="sign-in-official")
@never_cache
@_refusing
def prove_certificate(request: HttpRequest) -> HttpResponseBase:
    prove_by_certificate(request)
    return HttpResponseRedirect(get_next_redirect_url(request) or reverse("security"))


@require_POST
@official_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
@_refusing
def add_certificate(request: HttpRequest) -> HttpResponseBase:
    account = account_of(request)
    if account is not None:
        name_certificate(request, account=account)
        messages.success(request, _("Đã đăng ký chứng thư số."))
    return HttpResponseRedirect(reverse("security"))


@require_POST
@official_required
@_refusing
def drop_certificate(request: HttpRequest, id: UUID) -> HttpResponseBase:
    account = account_of(request)
    if account is not None:
        remove_certificate(request, account=account, id=id)
        messages.success(request, _("Đã gỡ chứng thư số."))
    return HttpResponseRedirect(reverse("security"))
