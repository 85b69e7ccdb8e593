"""The page on which an official types the code from the counter and a first password."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from cuaso.foundation.identity.logic.activate_account import activate
from cuaso.foundation.identity.pages import refusal_page, too_many
from cuaso.kernel.errors import Invalid, TooMany


@sensitive_post_parameters("code", "password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def activation(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "identity/activate.html", {"typed": {}})
    username = request.POST.get("username", "")
    if not ratelimit.consume(request, action="activate", key=username.strip().lower()):
        return too_many(request)
    try:
        activate(
            username=username,
            code=request.POST.get("code", ""),
            password=request.POST.get("password", ""),
            again=request.POST.get("again", ""),
        )
    except Invalid as refusal:
        context = {
            "typed": {"username": username, "code": request.POST.get("code", "")},
            "refusal": refusal,
            "wrong": {problem.field: problem.say for problem in refusal.problems},
        }
        return render(request, "identity/activate.html", context, status=refusal.status)
    except TooMany as refusal:
        return refusal_page(request, refusal)
    messages.success(request, "Tài khoản đã được kích hoạt. Hãy đăng nhập bằng mật khẩu vừa đặt.")
    return HttpResponseRedirect(reverse("sign-in-official"))
