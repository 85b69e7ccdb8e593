"""Add or change a record: the form, what is saved of it for later, and two who edit one record."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import Choice, Clash, RecordView
from cuaso.channels.desk import answers, sheets
from cuaso.channels.desk.registries import attaching, reading, sheet, shelf
from cuaso.channels.desk.registries.opening import Opened, opened
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Problem, Refusal

Typed = dict[str, str | list[str]]
NOT_VALUES = frozenset({"csrfmiddlewaretoken", "act", "revision", "reason"})
ASIDE = ("tep.", "bo.", "chon.", "giu.")
CHANGED = "registries.changed_meanwhile"


@dataclass(frozen=True, kw_only=True)
class Posted:
    """What an officer posted with the form of a record (None for a new one)."""

    request: HttpRequest
    here: Opened
    id: UUID | None
    typed: Typed
    revision: int
    act: str
    which: str


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def add(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    return _form(request, opened(request, pack, name), None)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def change(request: HttpRequest, pack: str, name: str, record_id: UUID) -> HttpResponse:
    here = opened(request, pack, name)
    if here.waits_for_purpose:
        return shelf.ask_first(request, here)
    return _form(request, here, record_id)


def _form(request: HttpRequest, here: Opened, id: UUID | None) -> HttpResponse:
    if request.method != "POST":
        return _page(request, here, id)
    posted = _posted(request, here, id)
    if posted.act == "forget":
        registries.drop_draft(registry=here.key, actor=here.actor, id=id)
        notes.info(request, _("Đã bỏ bản nháp."))
        return redirect(request.path)
    if posted.act in ("add", "remove", "find"):
        return _redrawn(posted)
    typed, problems = attaching.taken(request, posted.typed, actor=here.actor)
    if problems:
        return _page(request, here, id, typed=typed, seen=posted.revision, problems=problems)
    return _saved_for_later(posted, typed) if posted.act == "draft" else _kept(posted, typed)


def _kept(posted: Posted, typed: Typed) -> HttpResponse:
    """Write the record; a refusal comes back on the form, another's change beside it."""
    request, here, id = posted.request, posted.here, posted.id
    try:
        done = _written(posted, typed)
    except Refusal as refusal:
        if id is not None and refusal.code == CHANGED:
            return _clashing(posted, id, typed, refusal)
        return _page(request, here, id, typed=typed, seen=posted.revision, refusal=refusal)
    registries.drop_draft(registry=here.key, actor=here.actor, id=id)
    notes.success(request, _("Đã ghi “%(name)s”.") % {"name": done.name})
    if posted.act == "more":
        return redirect(here.at("registry_add"))
    return redirect(here.at("registry_record", record_id=done.id))


def _posted(request: HttpRequest, here: Opened, id: UUID | None) -> Posted:
    act, _sep, which = request.POST.get("act", "save").partition(":")
    revision = reading.revision(request) if id is not None else 0
    return Posted(
        request=request,
        here=here,
        id=id,
        typed=typed_in(request),
        revision=revision,
        act=act,
        which=which,
    )


def typed_in(request: HttpRequest) -> Typed:
    """Return what was typed, by the form's paths; a record chosen among suggestions is typed."""
    typed = {
        path: _listed(request.POST.getlist(path))
        for path in request.POST
        if path not in NOT_VALUES and not path.startswith(ASIDE)
    }
    for path in request.POST:
        if path.startswith("chon.") and request.POST[path]:
            typed[path.removeprefix("chon.")] = request.POST[path]
    return typed


def _listed(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values


def _written(posted: Posted, typed: Typed) -> RecordView:
    here = posted.here
    reason = answers.text(posted.request, "reason")
    if posted.id is None:
        return registries.add(registry=here.key, values=typed, actor=here.actor, reason=reason)
    if posted.act == "settle":
        theirs = frozenset(
            path.removeprefix("giu.")
            for path, value in posted.request.POST.items()
            if path.startswith("giu.") and value == "theirs"
        )
        typed = registries.settled(
            registry=here.key, id=posted.id, texts=typed, theirs=theirs, actor=here.actor
        )
    return registries.amend(
        registry=here.key,
        id=posted.id,
        values=typed,
        revision=posted.revision,
        whole=True,
        reason=reason,
        actor=here.actor,
    )


def _redrawn(posted: Posted) -> HttpResponse:
    """Show the form again with a row more or fewer, or with records that a reference may name."""
    typed, found = posted.typed, {}
    if posted.act == "remove":
        group, _sep, number = posted.which.partition(":")
        if number.isascii() and number.isdecimal():
            typed = sheets.without_row(typed, group=group, number=int(number))
    if posted.act == "find":
        words = typed.get(posted.which, "")
        found = {
            posted.which: registries.suggestions(
                registry=posted.here.key,
                path=posted.which,
                words=words if isinstance(words, str) else "",
                actor=posted.here.actor,
            )
        }
    added = posted.which if posted.act == "add" else ""
    return _page(
        posted.request,
        posted.here,
        posted.id,
        typed=typed,
        seen=posted.revision,
        added=added,
        found=found,
    )


def _saved_for_later(posted: Posted, typed: Typed) -> HttpResponse:
    here = posted.here
    registries.save_draft(
        registry=here.key, texts=typed, actor=here.actor, id=posted.id, revision=posted.revision
    )
    notes.success(
        posted.request,
        _("Đã lưu bản nháp. Mở lại biểu mẫu này để nhập tiếp; chưa có gì được ghi vào sổ."),
    )
    if posted.id is None:
        return redirect(here.at("registry"))
    return redirect(here.at("registry_record", record_id=posted.id))


def _page(
    request: HttpRequest,
    here: Opened,
    id: UUID | None,
    *,
    typed: Typed | None = None,
    seen: int = 0,
    refusal: Refusal | None = None,
    problems: tuple[Problem, ...] = (),
    added: str = "",
    found: Mapping[str, tuple[Choice, ...]] | None = None,
) -> HttpResponse:
    told = (*problems, *(refusal.problems if refusal else ()))
    form = registries.form(
        registry=here.key,
        actor=here.actor,
        id=id,
        texts=typed,
        revision=seen,
        problems=told,
        language=here.language,
        purpose=here.purpose,
    )
    context = {
        "at": "registries",
        "here": here,
        "record_id": id,
        "form": form,
        "sections": sheet.lay_out(form, here.outline, added=added),
        "problems": [Problem(field=path, say=say) for path, say in form.view.errors],
        "kept_files": attaching.kept(form.texts, here.outline),
        "found": found or {},
        "reason": answers.text(request, "reason"),
        "trail": shelf.trail(here),
        "jump": added,
    }
    page = answers.page(request, "registries/form.html", context, refusal=refusal)
    if problems:
        page.status_code = 422
    return page


def _clashing(posted: Posted, id: UUID, typed: Typed, refusal: Refusal) -> HttpResponse:
    """Show what stands now beside what was typed; the officer chooses where both differ."""
    here = posted.here
    found = registries.clashes(
        registry=here.key,
        id=id,
        seen=posted.revision,
        texts=typed,
        actor=here.actor,
        language=here.language,
    )
    context = {
        "at": "registries",
        "here": here,
        "record_id": id,
        "clashes": [(one, _start(one)) for one in found],
        "typed": [
            (path, value)
            for path, values in typed.items()
            for value in ([values] if isinstance(values, str) else values)
        ],
        "revision": refusal.data.get("revision", posted.revision),
        "latest": registries.history(
            registry=here.key, id=id, actor=here.actor, purpose=here.purpose
        )[0],
        "reason": answers.text(posted.request, "reason"),
        "trail": shelf.trail(here),
    }
    return answers.page(posted.request, "registries/clash.html", context, refusal=refusal)


def _start(one: Clash) -> str:
    """Return which side is chosen to begin with: that which changed it, nobody's where both did."""
    if one.theirs and one.mine:
        return ""
    return "theirs" if one.theirs else "mine"
