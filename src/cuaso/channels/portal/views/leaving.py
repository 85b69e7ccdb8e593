"""A person's right over their data: how it stands against the registers, a copy, an erasure."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cuaso.channels.portal import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required, data_class_required
from cuaso.kernel.errors import Refusal
from cuaso.services.accounts import api as accounts


@require_safe
@citizen_required
def rights(request: HttpRequest) -> HttpResponse:
    """Show the checks, and what stays of the person after an erasure."""
    return _page(request)


@require_POST
@citizen_required
def check_again(request: HttpRequest) -> HttpResponse:
    """Put the person's accounts in the line of those to check."""
    person_id = identity.actor_of(request).person_id
    if person_id is not None:
        for one in accounts.checks_of(person_id):
            accounts.want_check(account_id=one.account_id, person_id=person_id, kind=one.kind)
    return redirect("portal:rights")


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@data_class_required("sensitive")
def take(request: HttpRequest) -> HttpResponse:
    """Hand over the archive; who comes back from proving more asks once again."""
    if request.method != "POST":
        return redirect("portal:rights")
    try:
        archive = accounts.export(actor=identity.actor_of(request))
    except Refusal as refusal:
        return _page(request, refusal)
    response = HttpResponse(archive.content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{archive.name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
@data_class_required("sensitive")
def forget(request: HttpRequest) -> HttpResponse:
    """Ask once more, then erase and let the person go."""
    actor = identity.actor_of(request)
    if request.method != "POST":
        context = {"at": "own_data", "remains": accounts.foresee(actor=actor)}
        return answers.page(request, "forget.html", context)
    try:
        erased = accounts.erase(actor=actor, agreed=request.POST.get("agreed") == "yes")
    except Refusal as refusal:
        context = {"at": "own_data", "remains": accounts.foresee(actor=actor)}
        return answers.page(request, "forget.html", context, refusal=refusal)
    logout(request)
    return answers.page(request, "forgotten.html", {"at": "", "erased": erased})


def _page(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    actor = identity.actor_of(request)
    oneself = actor.kind == "citizen" and actor.person_id is not None
    context = {
        "at": "own_data",
        "oneself": oneself,
        "checks": accounts.checks_of(actor.person_id) if actor.person_id else (),
        "remains": accounts.foresee(actor=actor) if oneself else (),
        "lede": _("Mỗi người có quyền biết, lấy một bản và yêu cầu xóa dữ liệu về mình."),
    }
    return answers.page(request, "rights.html", context, refusal=refusal)
