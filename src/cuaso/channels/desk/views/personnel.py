"""Who joins, moves and leaves, for administrators; the national database, for file keepers."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import unfit
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.foundation.identity.contracts import ActivationCode
from cuaso.kernel.errors import Refusal, Unavailable
from cuaso.services.personnel import api as personnel
from cuaso.services.personnel.contracts import Choice


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="admin")
def comings(request: HttpRequest) -> HttpResponse:
    """List what is stuck, accounts that wait for their code, and the movements of thirty days.

    `act` is again:<id>, decision:<id> or code:<id>; a code is shown on the answer and never again.
    """
    if request.method != "POST":
        return _comings(request)
    act, _sep, which = answers.text(request, "act").partition(":")
    actor = identity.actor_of(request)
    try:
        if act == "code":
            given = personnel.give_code(official_id=_id(which), actor=actor)
            return _comings(request, given=given)
        if act == "again":
            username = answers.text(request, "username")
            personnel.try_again(id=_id(which), username=username, actor=actor)
            notes.success(request, _("Đã thực hiện."))
        if act == "decision":
            personnel.retry_decision(id=_id(which), actor=actor)
            notes.success(request, _("Quyết định sẽ được thi hành lại ngay."))
    except Refusal as refusal:
        return _comings(request, refusal=refusal, tried=which)
    return redirect("desk:personnel")


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def abroad(request: HttpRequest) -> HttpResponse:
    """Show how the files stand against the national database; a POST decides a difference, sends a
    refused file again, or compares at once.
    """
    actor = identity.actor_of(request)
    act, _sep, which = answers.text(request, "act").partition(":")
    refused: Refusal | None = None
    if request.method == "POST":
        try:
            _act_abroad(request, act, which)
            return redirect("desk:officials_abroad")
        except Refusal as refusal:
            refused = refusal
    try:
        standing = personnel.synchronisation(actor=actor)
    except Refusal as refusal:
        return identity.refusal_page(request, refusal)
    context = {"at": "registries", "standing": standing, "tried": which, "typed": request.POST}
    return answers.page(request, "officials_abroad.html", context, refusal=refused)


def _act_abroad(request: HttpRequest, act: str, which: str) -> None:
    actor = identity.actor_of(request)
    if act == "decide":
        choice: Choice = answers.text(request, "choice")  # type: ignore[assignment] # checked there
        reason = answers.text(request, "reason")
        personnel.decide(id=_id(which), choice=choice, reason=reason, actor=actor)
        notes.success(request, _("Đã ghi quyết định."))
    if act == "send":
        personnel.send_refused_again(id=_id(which), actor=actor)
        notes.success(request, _("Hồ sơ sẽ được gửi lại."))
    if act == "compare":
        personnel.synchronisation(actor=actor)
        _compare(request)


def _compare(request: HttpRequest) -> None:
    try:
        personnel.reconcile()
    except Unavailable as refusal:
        notes.warning(request, str(refusal))
    else:
        notes.success(request, _("Đã đối soát xong."))


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise unfit("", _("Hãy tải lại trang rồi chọn lại.")) from error


def _comings(
    request: HttpRequest,
    *,
    given: ActivationCode | None = None,
    refusal: Refusal | None = None,
    tried: str = "",
) -> HttpResponse:
    context = {
        "at": "personnel",
        "found": personnel.comings(actor=identity.actor_of(request)),
        "given": given,
        "tried": tried,
        "typed": request.POST,
    }
    return answers.page(request, "personnel.html", context, refusal=refusal)
