"""Answer what the agency asks: papers, corrected answers, a note; all in one page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.portal import answers, uploads
from cuaso.declarations.forms import FieldView, FormView
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required
from cuaso.kernel.errors import NotFound, Problem, Refusal
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import ComponentView, DossierView

FILE: Final = "file:"
# What the agency asks for that the procedure does not list.
OTHER: Final = "other"
NOT_FIELDS = frozenset({"csrfmiddlewaretoken", "act", "note"})
Typed = dict[str, str | list[str]]


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def supplement(request: HttpRequest, tracking: str) -> HttpResponse:
    """Show what is asked for; take the answer. `act` redraw shows the inputs again as typed."""
    found = procedures.dossier(id=tracking, actor=identity.actor_of(request))
    if "supplement" not in {offer.act for offer in found.acts}:
        notes.info(request, _("Hồ sơ này không chờ bạn bổ sung."))
        return redirect("portal:dossier", tracking=tracking)
    if request.method != "POST":
        return _page(request, found, {}, None)
    corrected = _corrected(request, found)
    if answers.text(request, "act") == "redraw":
        return _page(request, found, corrected, None)
    try:
        _give(request, found, corrected)
    except Refusal as refusal:
        return _page(request, found, corrected, refusal)
    notes.success(request, _("Đã gửi bổ sung. Cơ quan tiếp tục giải quyết hồ sơ của bạn."))
    return redirect("portal:dossier", tracking=tracking)


def _give(request: HttpRequest, found: DossierView, corrected: Typed) -> None:
    actor = identity.actor_of(request)
    procedures.supplement(
        id=found.id,
        note=answers.text(request, "note"),
        files=list(_stored(request)),
        values=corrected,
        actor=actor,
    )


def _stored(request: HttpRequest) -> Iterator[tuple[str, UUID]]:
    actor = identity.actor_of(request)
    for name in request.FILES:
        if name.startswith(FILE):
            for stored in uploads.store(request, name=name, field=name, actor=actor):
                yield name.removeprefix(FILE), stored.id


def _corrected(request: HttpRequest, found: DossierView) -> Typed:
    """Return the answers that were typed otherwise than they stand."""
    form = _form(request, found, {})
    stand = {one.path: one.values or one.value for one in _inputs(form)}
    typed = {
        name: request.POST.getlist(name)
        for name in request.POST
        if name not in NOT_FIELDS and not name.startswith(FILE)
    }
    # A group of boxes of which none is ticked posts nothing.
    cleared = {
        one.path: [""]
        for one in _inputs(form)
        if typed and one.input == "checkboxes" and one.values and one.path not in typed
    }
    return {
        path: values if len(values) > 1 else values[0]
        for path, told in {**typed, **cleared}.items()
        if (values := [str(one).strip() for one in told]) != _listed(stand.get(path, ""))
    }


def _listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _inputs(form: FormView) -> Iterator[FieldView]:
    for section in form.sections:
        for row in section.rows if section.visible else ():
            for one in row.fields:
                yield from (one, *one.parts) if one.visible else ()


def _form(
    request: HttpRequest,
    found: DossierView,
    corrected: Typed,
    problems: tuple[Problem, ...] = (),
) -> FormView:
    return procedures.correction_form(
        id=found.id, values=corrected, actor=identity.actor_of(request), problems=problems
    )


def _page(
    request: HttpRequest, found: DossierView, corrected: Typed, refusal: Refusal | None
) -> HttpResponse:
    problems = refusal.problems if refusal else ()
    asked, others = _shelves(found)
    context: dict[str, object] = {
        "at": "mine",
        "dossier": found,
        "asked": asked,
        "others": others,
        "other": f"{FILE}{OTHER}",
        "form": _form(request, found, corrected, problems),
        "opened": _opened(corrected, problems),
        "typed": request.POST,
        # A browser does not choose files again after a refusal.
        "unsent": [file.name for name in request.FILES for file in request.FILES.getlist(name)],
    }
    return answers.page(request, "supplement.html", context, refusal=refusal)


def _shelves(found: DossierView) -> tuple[list[ComponentView], list[ComponentView]]:
    """Return the papers that the agency asks for by name, and the others of the procedure."""
    items = found.supplement.items if found.supplement else ()
    listed = [one for one in _components(found) if not one.shown_only]
    return (
        [one for one in listed if one.title in items],
        [one for one in listed if one.title not in items],
    )


def _components(found: DossierView) -> Sequence[ComponentView]:
    try:
        return procedures.procedure(code=found.procedure_code).components
    except NotFound:  # the procedure left the catalogue since; the dossier goes on
        return ()


def _opened(corrected: Mapping[str, object], problems: Sequence[Problem]) -> set[str]:
    """Return the parts of the form to be shown open: something was typed or is wrong there."""
    paths = (*corrected, *(one.field for one in problems))
    return {path.partition(".")[0] for path in paths}
