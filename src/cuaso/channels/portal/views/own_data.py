"""What the province's registers keep of the person who is signed in, and how it is corrected."""

from collections.abc import Iterator
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.registries.contracts import FieldShown, FormPage, Outline, RecordView
from cuaso.capabilities.reports import api as reports
from cuaso.channels.portal import answers
from cuaso.channels.portal.views.proving import language_of, link_of
from cuaso.declarations.forms import FieldView
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required
from cuaso.kernel.errors import NotFound, Problem, Refusal

Typed = dict[str, str | list[str]]
NOT_FIELDS = frozenset({"csrfmiddlewaretoken", "act"})
Part = tuple[str, tuple[FieldShown, ...], tuple[tuple[FieldShown, ...], ...]]


@require_safe
@citizen_required
def shelf(request: HttpRequest) -> HttpResponse:
    actor = identity.actor_of(request)
    found = registries.own_records(actor=actor, language=language_of())
    offers = registries.own_offers(actor=actor, language=language_of())
    held = {one.key for one in found.registries}
    context = {
        "at": "own_data",
        "shelf": found,
        "offers": [one for one in offers if one.key not in held],
    }
    return answers.page(request, "own_data.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def enrol(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    """Let a person enter themselves into a register that lets them."""
    key, actor = f"{pack}/{name}", identity.actor_of(request)
    if request.method != "POST":
        return _enrol_page(request, key, None)
    typed = {
        path: values if len(values) > 1 else values[0]
        for path, values in request.POST.lists()
        if path not in NOT_FIELDS
    }
    if request.POST.get("act") == "redraw":
        return _enrol_page(request, key, typed)
    try:
        done = registries.enrol(registry=key, values=typed, actor=actor)
    except NotFound:
        raise
    except Refusal as refusal:
        return _enrol_page(request, key, typed, refusal)
    notes.success(request, _("Đã ghi “%(name)s”.") % {"name": done.name})
    return redirect("portal:own_record", pack=pack, name=name, record_id=done.id)


def _enrol_page(
    request: HttpRequest, key: str, typed: Typed | None, refusal: Refusal | None = None
) -> HttpResponse:
    actor, language = identity.actor_of(request), language_of()
    problems = refusal.problems if refusal else ()
    form = registries.own_form(
        registry=key, actor=actor, texts=typed, problems=problems, language=language
    )
    offers = registries.own_offers(actor=actor, language=language)
    context = {
        "at": "own_data",
        "offer": next(one for one in offers if one.key == key),
        "form": form,
        "parts": list(_asked(registries.outline(registry=key, actor=actor), form)),
        "problems": [Problem(field=path, say=say) for path, say in form.view.errors],
    }
    return answers.page(request, "enrol.html", context, refusal=refusal)


def _asked(outline: Outline, form: FormPage) -> Iterator[tuple[str, str, list[FieldView]]]:
    """Yield the headings of the form with the inputs under them."""
    fields = {one.id: one for one in form.view.sections[0].rows[0].fields}
    for part in outline.parts:
        shown = [fields[name] for name in part.fields if name in fields]
        if shown:
            yield part.name, part.title, shown


@require_safe
@citizen_required
def record(request: HttpRequest, pack: str, name: str, record_id: UUID) -> HttpResponse:
    """Show one record of one's own in plain words, with who looked at it."""
    key, actor, language = f"{pack}/{name}", identity.actor_of(request), language_of()
    found = registries.record(registry=key, id=record_id, actor=actor, language=language)
    outline = registries.outline(registry=key, actor=actor, language=language)
    link = link_of(found)
    context = {
        "at": "own_data",
        "record": found,
        "outline": outline,
        "parts": list(_parts(outline, found)),
        "keeper": directory.agency(found.agency_id).name,
        "looks": registries.own_looks(registry=key, id=record_id, actor=actor),
        "link": link,
        "qr": reports.qr_svg(link) if link else "",
    }
    return answers.page(request, "own_record.html", context)


def _parts(outline: Outline, found: RecordView) -> Iterator[Part]:
    """Yield the parts that hold something: title, fields, and the rows of a group."""
    for part in outline.parts:
        fields = tuple(
            one
            for field in part.fields
            for one in found.fields
            if one.text and (one.path == field or one.path.startswith(f"{field}."))
        )
        rows = tuple(found.groups.get(part.name, ())) if part.group else ()
        if fields or rows:
            yield part.title, fields, rows
