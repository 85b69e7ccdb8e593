"""What an account's owner does for its safety; every change is in the ledger."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as FactorReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cuaso.foundation.identity.gates import official_required
from cuaso.foundation.identity.logic import keep_sessions, recover
from cuaso.foundation.identity.logic.change_password import change_password
from cuaso.foundation.identity.logic.count_tries import guesses_too_much
from cuaso.foundation.identity.logic.identify import identify
from cuaso.foundation.identity.logic.impersonate import looks_with
from cuaso.foundation.identity.logic.know_account import account_of
from cuaso.foundation.identity.logic.own_certificates import certificates_of
from cuaso.foundation.identity.logic.record_account_act import actor_for, record_account_act
from cuaso.foundation.identity.logic.tell_factor import tell_factor
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.pages import too_many
from cuaso.foundation.identity.provider.sessions.overview import open_sessions
from cuaso.kernel.errors import Invalid


@require_GET
@login_required(login_url="sign-in")
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    factors = Authenticator.objects.filter(user=account)
    codes = factors.filter(type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        "official": account is not None and account.kind == Account.Kind.OFFICIAL,
        "totp": factors.filter(type=Authenticator.Type.TOTP).first(),
        "passkeys": factors.filter(type=Authenticator.Type.WEBAUTHN).order_by("created_at"),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "has_codes": codes is not None,
        "certificates": certificates_of(account) if account else (),
        "recovery": recover.waiting_recovery(account.id) if account else None,
        "looks": looks_with(account) if account else (),
        "national": bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
        "sessions": open_sessions(account, session_key=request.session.session_key or "")
        if account
        else (),
    }
    return render(request, "identity/security.html", context)


@require_POST
@login_required(login_url="sign-in")
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    if account is not None:
        ended = keep_sessions.end_others(request, actor=actor_for(account, request=request))
        messages.success(request, f"Đã đăng xuất {ended} phiên khác.")
    return HttpResponseRedirect(reverse("security"))


@require_POST
@login_required(login_url="sign-in")
def stop_recovery(request: HttpRequest) -> HttpResponse:
    """The owner stops what somebody has begun at a counter."""
    account = account_of(request)
    if account is not None and recover.stop_recovery(
        actor=actor_for(account, request=request), account_id=account.id
    ):
        messages.success(request, _("Đã hủy việc khôi phục tài khoản."))
    return HttpResponseRedirect(reverse("security"))


@sensitive_post_parameters("current", "password", "again")
@official_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """An official changes the password."""
    account = account_of(request)
    if request.method != "POST" or account is None:
        return render(request, "identity/password.html", {"wrong": {}})
    if guesses_too_much(request, action="password", target=str(account.id)):
        return too_many(request)
    said = request.POST
    try:
        change_password(
            request,
            account=account,
            current=said.get("current", ""),
            password=said.get("password", ""),
            again=said.get("again", ""),
        )
    except Invalid as refusal:
        wrong = {problem.field: problem.say for problem in refusal.problems}
        context = {"refusal": refusal, "wrong": wrong}
        return render(request, "identity/password.html", context, status=refusal.status)
    messages.success(request, _("Đã đổi mật khẩu. Mọi phiên khác đã kết thúc."))
    return HttpResponseRedirect(reverse("security"))


class _Kept:
    """The change and its entry in the ledger are one transaction."""

    act = ""
    request: HttpRequest

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            if account := account_of(self.request):
                record_account_act(account, act=self.act, request=self.request)
                tell_factor(account, act=self.act)
        return response


class ActivateTotp(_Kept, ActivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/totp_activate.html"
    act = "identity.totp_activated"


class DeactivateTotp(_Kept, DeactivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/totp_deactivate.html"
    act = "identity.totp_deactivated"


class GenerateCodes(_Kept, GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/codes_generate.html"
    act = "identity.recovery_codes_generated"


class ViewCodes(ViewRecoveryCodesView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/codes.html"


class AddPasskey(_Kept, AddWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/passkey_add.html"
    act = "identity.passkey_added"


class RemovePasskey(_Kept, RemoveWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/passkey_remove.html"
    success_url = reverse_lazy("security")
    act = "identity.passkey_removed"


class SecondFactor(AuthenticateView):  # type: ignore[misc]  # allauth ships no types
    """The second step of a sign-in: a code of the app, a recovery code, or a passkey."""

    template_name = "identity/second_factor.html"

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


class _Proven:
    """A proof that was given again counts by the one procedure of all ways."""

    request: HttpRequest

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if account := account_of(self.request):
            identify(self.request, account=account, begins=False)
        return response


class ConfirmPassword(_Proven, ReauthenticateView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/confirm.html"

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "way": "password"}


class ConfirmCode(_Proven, FactorReauthenticateView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/confirm.html"

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "way": "code"}


class ConfirmPasskey(_Proven, ReauthenticateWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/confirm_passkey.html"
