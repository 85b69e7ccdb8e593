"""An official's own phrases, and by a leader the agency's: keep, change, remove."""

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
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import Refusal
from cuaso.services.worklists import api as worklists
from cuaso.services.worklists.contracts import BLANKS, LONGEST_PHRASE, Phrase


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def phrases(request: HttpRequest) -> HttpResponse:
    """List phrases with a form for one. `act` is save or drop:<id>; `?sua=<id>` changes one."""
    actor = identity.actor_of(request)
    if request.method != "POST":
        return _page(request, actor, None)
    try:
        _change(request, actor, answers.text(request, "act"))
    except Refusal as refusal:
        return _page(request, actor, refusal)
    return redirect("desk:phrases")


def _change(request: HttpRequest, actor: Actor, act: str) -> None:
    if act.startswith("drop:"):
        worklists.drop_phrase(id=_id(act.removeprefix("drop:")), actor=actor)
        notes.success(request, _("Đã bỏ mẫu câu."))
        return
    id_ = answers.text(request, "id")
    worklists.save_phrase(
        id=_id(id_) if id_ else None,
        name=answers.text(request, "name"),
        text=answers.text(request, "text"),
        act=answers.text(request, "for_act"),
        shared=answers.text(request, "whose") == "agency",
        actor=actor,
    )
    notes.success(request, _("Đã lưu mẫu câu."))


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise unfit("", _("Không có mẫu câu này. Hãy tải lại trang rồi chọn lại.")) from error


def _page(request: HttpRequest, actor: Actor, refusal: Refusal | None) -> HttpResponse:
    kept = worklists.phrases(actor=actor)
    leads = worklists.may_share_phrases(actor=actor)
    acts = act_titles()
    shown = [(one, acts.get(one.act, "")) for one in kept]
    context = {
        "at": "phrases",
        "own": [pair for pair in shown if pair[0].whose == "own"],
        "agency": [pair for pair in shown if pair[0].whose == "agency"],
        "leads": leads,
        "acts": list(acts.items()),
        "owners": [("own", _("Của tôi")), ("agency", _("Của cơ quan"))],
        "typed": request.POST if "name" in request.POST else _typed(request, kept),
        "blanks": ", ".join(f"{{{blank}}}" for blank in BLANKS),
        "longest": LONGEST_PHRASE,
    }
    return answers.page(request, "phrases.html", context, refusal=refusal)


def act_titles() -> dict[str, str]:
    """Return what a phrase may be for, as an official reads it."""
    return {
        "any": _("Mọi việc"),
        "supplement": _("Yêu cầu bổ sung"),
        "refuse": _("Từ chối"),
        "return": _("Trả lại"),
        "opinion": _("Ý kiến"),
    }


def _typed(request: HttpRequest, kept: tuple[Phrase, ...]) -> dict[str, str]:
    """Return what the form begins with: the phrase to change, else an empty one."""
    wanted = request.GET.get("sua", "")
    for one in kept:
        if one.key == wanted and one.may_change:
            filled = {"id": one.key, "name": one.name, "text": one.text}
            return {**filled, "for_act": one.act, "whose": one.whose}
    return {"for_act": "any", "whose": "own"}
