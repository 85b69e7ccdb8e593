"""Who stands for whom, and the leader's reassignment of work."""

from datetime import date
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import day_of, unfit
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Problem, Refusal
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierPage

MOST = 50


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def absence(request: HttpRequest) -> HttpResponse:
    """List absences and set one. `act` is find (draw again), set, or end:<id>."""
    actor = identity.actor_of(request)
    act = answers.text(request, "act")
    if request.method != "POST" or act == "find":
        return _absence_page(request, actor, None)
    try:
        _change_absence(request, actor, act)
    except Refusal as refusal:
        return _absence_page(request, actor, refusal)
    return redirect("desk:absence")


def _change_absence(request: HttpRequest, actor: Actor, act: str) -> None:
    if act.startswith("end:"):
        procedures.end_deputy(id=_id(act.removeprefix("end:"), "act"), actor=actor)
        notes.success(request, _("Đã kết thúc lần cử người thay."))
        return
    _require_choices(request)
    procedures.set_deputy(
        post_id=_id(answers.text(request, "post_id"), "post_id"),
        deputy_post_id=_id(answers.text(request, "deputy_post_id"), "deputy_post_id"),
        since=_day(request, "since"),
        until=_day(request, "until"),
        roles=answers.texts(request, "roles"),
        reason=answers.text(request, "reason"),
        actor=actor,
    )
    notes.success(request, _("Đã cử người thay."))


def _day(request: HttpRequest, name: str) -> date:
    found = day_of(request, name)
    if found is None:
        raise unfit(name, _("Hãy ghi ngày."))
    return found


def _require_choices(request: HttpRequest) -> None:
    """Raise Invalid with every choice that was left out."""
    asked = {
        "deputy_post_id": _("Hãy chọn người thay."),
        "since": _("Hãy ghi ngày bắt đầu vắng mặt."),
        "until": _("Hãy ghi ngày vắng mặt cuối cùng."),
    }
    left_out = [(name, say) for name, say in asked.items() if not answers.text(request, name)]
    if left_out:
        raise unfit(*left_out[0], *(Problem(field=name, say=say) for name, say in left_out[1:]))


def _id(typed: str, field: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise unfit(field, _("Hãy chọn một người trong danh sách.")) from error


def _absence_page(request: HttpRequest, actor: Actor, refusal: Refusal | None) -> HttpResponse:
    absentees = procedures.absentees(actor=actor)
    chosen = _chosen(answers.text(request, "post_id"), absentees, actor)
    context = {
        "at": "absence",
        "deputies": procedures.deputies(actor=actor),
        "absentees": absentees,
        "chosen": chosen,
        "roles": procedures.deputy_roles(post_id=chosen) if chosen else (),
        "ticked": answers.texts(request, "roles"),
        "possible": procedures.possible_deputies(post_id=chosen) if chosen else (),
        "typed": request.POST,
    }
    return answers.page(request, "absence.html", context, refusal=refusal)


def _chosen(typed: str, absentees: tuple[tuple[UUID, str], ...], actor: Actor) -> UUID | None:
    known = [post_id for post_id, _name in absentees]
    wanted = next((post_id for post_id in known if str(post_id) == typed), actor.post_id)
    return wanted if wanted in known else next(iter(known), None)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="leader")
def reassign(request: HttpRequest) -> HttpResponse:
    """List open dossiers of the agency; give the chosen ones to one official."""
    if request.method != "POST" or answers.text(request, "act") == "find":
        return _reassign_page(request, None)
    try:
        return _reassigned(request)
    except Refusal as refusal:
        return _reassign_page(request, refusal)


def _reassigned(request: HttpRequest) -> HttpResponse:
    ids = [_id(told, "ids") for told in answers.texts(request, "ids")]
    if not ids:
        raise unfit("ids", _("Hãy chọn ít nhất một hồ sơ trong danh sách."))
    told = procedures.reassign(
        ids=ids,
        post_id=_id(answers.text(request, "post_id"), "post_id"),
        reason=answers.text(request, "reason"),
        actor=identity.actor_of(request),
    )
    done = sum(ok for _told, ok, _say in told)
    codes = _codes(request)
    context = {
        "at": "reassign",
        "results": [(id_, codes.get(id_, ""), ok, say) for id_, ok, say in told],
        "done": done,
        "failed": len(told) - done,
    }
    return answers.page(request, "reassigned.html", context)


def _open_work(request: HttpRequest) -> DossierPage:
    return procedures.work_to_give(
        actor=identity.actor_of(request), text=_sought(request), limit=MOST
    )


def _codes(request: HttpRequest) -> dict[UUID, str]:
    return {row.id: row.code for row in _open_work(request).rows}


def _sought(request: HttpRequest) -> str:
    return answers.text(request, "q") or request.GET.get("q", "").strip()


def _reassign_page(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    found = _open_work(request)
    context = {
        "at": "reassign",
        "rows": found.rows,
        "capped": found.capped,
        "posts": procedures.reassignable(actor=identity.actor_of(request)),
        "ticked": answers.texts(request, "ids"),
        "text": _sought(request),
        "typed": request.POST,
    }
    return answers.page(request, "reassign.html", context, refusal=refusal)
