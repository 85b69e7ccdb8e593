"""The ways in and the way out."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.socialaccount.models import SocialApp
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from cuaso.foundation.identity import vneid
from cuaso.foundation.identity.adapters import TOO_MANY, unreachable
from cuaso.foundation.identity.logic.link_citizen import PROVIDER
from cuaso.foundation.identity.pages import refusal_page
from cuaso.foundation.identity.saml.sign_out.walk import begin_leaving
from cuaso.kernel.errors import NotAllowed, NotFound, TooMany


@require_GET
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Citizen or official: two doors."""
    return render(request, "identity/sign_in.html", {"next": get_next_redirect_url(request) or ""})


class SignInOfficial(LoginView):  # type: ignore[misc]  # allauth ships no types
    template_name = "identity/sign_in_official.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        except TooMany as refusal:
            return refusal_page(request, refusal)
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 429 if TOO_MANY in form.non_field_errors() else 422
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"next": get_next_redirect_url(self.request) or ""}


@require_POST
def begin_vneid(request: HttpRequest) -> HttpResponseBase:
    try:
        return vneid.begin(request)
    except SocialApp.DoesNotExist:
        return refusal_page(
            request,
            NotFound(
                code="identity.vneid_missing",
                what="Chưa nối với VNeID.",
                mend="Hãy báo quản trị viên đặt địa chỉ VNeID cho hệ thống.",
            ),
        )
    except OSError:
        # Errors of allauth's transport are OSErrors.
        return refusal_page(request, unreachable())


@require_GET
@never_cache
def complete_vneid(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    if provider_id != PROVIDER:
        raise Http404
    try:
        return vneid.complete(request)
    except OSError:
        return refusal_page(request, unreachable())


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    leaving = begin_leaving(request)
    get_adapter(request).logout(request)
    return HttpResponseRedirect(leaving or get_next_redirect_url(request) or reverse("sign-in"))


@require_GET
def inactive(request: HttpRequest) -> HttpResponse:
    return refusal_page(
        request,
        NotAllowed(
            code="identity.account_closed",
            what="Tài khoản này đã bị khóa.",
            mend="Hãy liên hệ quản trị viên của cơ quan.",
        ),
    )
