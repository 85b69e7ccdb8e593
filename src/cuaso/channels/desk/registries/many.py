"""Change many chosen records at once: one field, one value, one reason, told row by row."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import unfit
from cuaso.channels.desk.registries import asking, shelf
from cuaso.channels.desk.registries.opening import Opened, opened
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Invalid, Refusal


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def many(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    here = opened(request, pack, name)
    if request.method != "POST":
        return redirect(here.at("registry"))
    query = asking.sent_back(answers.text(request, "query"), page=True)
    try:
        ids = _ids(request)
    except Invalid as refusal:
        return _page(request, here, [], query, refusal=refusal)
    if answers.text(request, "act") != "write":
        return _page(request, here, ids, query)
    path = answers.text(request, "path")
    typed = request.POST.getlist(f"record.{path}")
    try:
        done = registries.amend_many(
            registry=here.key,
            ids=ids,
            given={path: typed[0] if len(typed) == 1 else typed},
            reason=answers.text(request, "reason"),
            actor=here.actor,
        )
    except Refusal as refusal:
        return _page(request, here, ids, query, refusal=refusal)
    context = {
        "at": "registries",
        "here": here,
        "done": done,
        "query": query,
        "trail": shelf.trail(here),
    }
    return answers.page(request, "registries/many_done.html", context)


def _ids(request: HttpRequest) -> list[UUID]:
    try:
        ids = [UUID(one) for one in answers.texts(request, "ids")]
    except ValueError as error:
        raise unfit("ids", _("Hãy chọn lại các bản ghi trong danh sách.")) from error
    if not ids:
        raise unfit("ids", _("Hãy chọn ít nhất một bản ghi trong danh sách."))
    return ids


def _page(
    request: HttpRequest,
    here: Opened,
    ids: list[UUID],
    query: str,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    path = answers.text(request, "path")
    offered = [one for one in here.outline.fields if one.changes]
    chosen = next((one for one in offered if one.path == path), None)
    field = (
        registries.one_input(
            registry=here.key,
            path=path,
            actor=here.actor,
            texts={name: request.POST[name] for name in request.POST if name.startswith("record.")},
            language=here.language,
        )
        if chosen
        else None
    )
    context = {
        "at": "registries",
        "here": here,
        "ids": ids,
        "query": query,
        "fields": [(one.path, one.title) for one in offered],
        "chosen": chosen,
        "field": field,
        "reason": answers.text(request, "reason"),
        "trail": shelf.trail(here),
    }
    return answers.page(request, "registries/many.html", context, refusal=refusal)
