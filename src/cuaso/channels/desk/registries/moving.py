"""Take a step of status: at once by a button, or on a page of its own where it asks for more."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk import answers
from cuaso.channels.desk.registries import attaching, reading, shelf, writing
from cuaso.channels.desk.registries.opening import Opened, opened
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Problem, Refusal

Typed = dict[str, str | list[str]]


@require_POST
@official_required
def move(request: HttpRequest, pack: str, name: str, record_id: UUID) -> HttpResponse:
    """Take a step that asks for nothing but perhaps a reason."""
    here = opened(request, pack, name)
    try:
        _take(request, here, record_id, answers.text(request, "to"), {})
    except Refusal as refusal:
        return reading.show(request, here, record_id, refusal=refusal)
    return _done(request, here, record_id)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def move_page(
    request: HttpRequest, pack: str, name: str, record_id: UUID, step: str
) -> HttpResponse:
    """Ask for what a step needs, then take it."""
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    if request.method != "POST":
        return _page(request, here, record_id, step)
    typed, problems = attaching.taken(request, writing.typed_in(request), actor=here.actor)
    if problems:
        return _page(request, here, record_id, step, typed=typed, problems=problems)
    try:
        _take(request, here, record_id, step, typed)
    except Refusal as refusal:
        return _page(request, here, record_id, step, typed=typed, refusal=refusal)
    return _done(request, here, record_id)


def _take(request: HttpRequest, here: Opened, id: UUID, step: str, typed: Typed) -> None:
    registries.move(
        registry=here.key,
        id=id,
        to=step,
        values=typed,
        reason=answers.text(request, "reason"),
        revision=reading.revision(request),
        actor=here.actor,
    )


def _done(request: HttpRequest, here: Opened, id: UUID) -> HttpResponse:
    notes.success(request, _("Đã chuyển trạng thái."))
    return redirect(here.at("registry_record", record_id=id))


def _page(
    request: HttpRequest,
    here: Opened,
    id: UUID,
    step: str,
    *,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    told = (*problems, *(refusal.problems if refusal else ()))
    form = registries.move_form(
        registry=here.key,
        id=id,
        to=step,
        actor=here.actor,
        texts=typed,
        problems=told,
        language=here.language,
    )
    context = {
        "at": "registries",
        "here": here,
        "record_id": id,
        "form": form,
        "problems": [_placed(one) for one in told],
        "kept_files": attaching.kept(form.texts, here.outline),
        "reason": answers.text(request, "reason"),
        "trail": shelf.trail(here),
    }
    page = answers.page(request, "registries/move.html", context, refusal=refusal)
    if problems:
        page.status_code = 422
    return page


def _placed(one: Problem) -> Problem:
    plain = not one.field or one.field == "reason" or "." in one.field
    return one if plain else Problem(field=f"record.{one.field}", say=one.say)
