"""Change many chosen records at once: one field, one value, one reason, told row by row.

What is posted again, by a second press or a page loaded anew, is done once and told alike.
"""

import json
from dataclasses import asdict
from functools import partial
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import BulkDone, BulkLine
from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import unfit
from cuaso.channels.desk.registries import asking, shelf
from cuaso.channels.desk.registries.opening import Opened, opened
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Invalid, Refusal
from cuaso.kernel.identifiers import new_id


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
    act_id = _act_of(request)
    try:
        registries.once(
            registry=here.key,
            key=_key(act_id),
            sent=_sent(request),
            actor=here.actor,
            make=partial(_write, request, here, ids, query),
        )
    except Refusal as refusal:
        return _page(request, here, ids, query, refusal=refusal)
    return redirect(here.at("registry_many_done", act_id=act_id))


@require_safe
@official_required
def done(request: HttpRequest, pack: str, name: str, act_id: UUID) -> HttpResponse:
    """Tell what became of each record; it stands at its own address for two days."""
    here = opened(request, pack, name)
    told = registries.answered(registry=here.key, key=_key(act_id), actor=here.actor)
    change_id = told["change_id"]
    lines = tuple(BulkLine(**{**one, "id": UUID(one["id"])}) for one in told["lines"])
    context = {
        "at": "registries",
        "here": here,
        "done": BulkDone(change_id=UUID(change_id) if change_id else None, lines=lines),
        "query": told["query"],
        "trail": shelf.trail(here),
    }
    return answers.page(request, "registries/many_done.html", context)


def _write(request: HttpRequest, here: Opened, ids: list[UUID], query: str) -> dict[str, object]:
    path = answers.text(request, "path")
    typed = request.POST.getlist(f"record.{path}")
    made = registries.amend_many(
        registry=here.key,
        ids=ids,
        given={path: typed[0] if len(typed) == 1 else typed},
        reason=answers.text(request, "reason"),
        actor=here.actor,
    )
    return {**asdict(made), "query": query}


def _act_of(request: HttpRequest) -> UUID:
    """Return the name of an act: that of the drawn form and all that stands in it, so that who
    goes back and writes something else does something else.
    """
    try:
        drawn = UUID(answers.text(request, "once"))
    except ValueError:
        drawn = new_id()
    return uuid5(drawn, json.dumps(_sent(request), sort_keys=True))


def _sent(request: HttpRequest) -> dict[str, object]:
    kept = {"ids", "path", "reason", f"record.{answers.text(request, 'path')}"}
    return {name: request.POST.getlist(name) for name in request.POST if name in kept}


def _key(act_id: UUID) -> str:
    return f"desk:{act_id}"


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
        "once": new_id(),
        "trail": shelf.trail(here),
    }
    return answers.page(request, "registries/many.html", context, refusal=refusal)
