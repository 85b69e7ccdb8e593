"""The register of applications: list, one application with its moves, a new registration."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import day_of, unfit
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Refusal
from cuaso.kernel.text import one_line
from cuaso.services.planning import api as planning
from cuaso.services.planning.contracts import MOVES, ApplicationDraft, Likeness

LEVELS = [(str(level), str(level)) for level in range(1, 6)]


@require_safe
@official_required
def overview(request: HttpRequest) -> HttpResponse:
    """List applications by state (`?xem=`) and words (`?q=`)."""
    actor = identity.actor_of(request)
    states = state_titles()
    state = request.GET.get("xem", "")
    state = state if state in states else ""
    text = one_line(request.GET.get("q", ""))[:200]
    context = {
        "at": "data",
        "tab": "applications",
        "q": text,
        "state": state,
        "states": list(states.items()),
        "names": states,
        "applications": planning.applications(actor=actor, state=state, text=text),
        "may_register": planning.may_register(actor),
    }
    return answers.page(request, "data/applications.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show one application; a POST moves it to the state that `act` names."""
    actor = identity.actor_of(request)
    refusal = None
    if request.method == "POST":
        try:
            _move(request, application_id)
        except Refusal as refused:
            refusal = refused
        else:
            notes.success(request, _("Đã chuyển trạng thái của ứng dụng."))
            return redirect("desk:application", application_id=application_id)
    found = planning.application(id=application_id, actor=actor)
    states = state_titles()
    context = {
        "at": "data",
        "tab": "applications",
        "application": found,
        "until": found.until - timedelta(days=1) if found.until else None,
        "state": states[found.state],
        "moves": [(state, states[state]) for state in found.moves],
        "history": planning.application_history(id=application_id, actor=actor),
        "names": states,
        "typed": request.POST,
    }
    return answers.page(request, "data/application.html", context, refusal=refusal)


def _move(request: HttpRequest, id: UUID) -> None:
    version, to = answers.text(request, "version"), answers.text(request, "act")
    wanted = next((each for follow in MOVES.values() for each in follow if each == to), None)
    if wanted is None or not (version.isascii() and version.isdecimal()):
        raise unfit("", _("Hãy chọn một trạng thái trên trang."))
    planning.move_application(
        id=id,
        to=wanted,
        note=answers.text(request, "note"),
        version=int(version),
        actor=identity.actor_of(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def register(request: HttpRequest) -> HttpResponse:
    """Register an application; `act` is check (say what resembles it) or register."""
    if request.method != "POST":
        return _form(request, (), None)
    try:
        draft = _draft(request)
        alike = planning.similar(draft)
        if answers.text(request, "act") == "check":
            return _form(request, alike, None, checked=True)
        id = planning.register_application(
            draft=draft,
            justification=answers.text(request, "justification"),
            actor=identity.actor_of(request),
        )
    except Refusal as refusal:
        alike = planning.similar(_draft(request)) if refusal.code == "planning.resembles" else ()
        return _form(request, alike, refusal)
    notes.success(request, _("Đã đăng ký. Ủy ban nhân dân tỉnh xem xét rồi trả lời."))
    return redirect("desk:application", application_id=id)


def _form(
    request: HttpRequest,
    alike: tuple[Likeness, ...],
    refusal: Refusal | None,
    *,
    checked: bool = False,
) -> HttpResponse:
    context = {
        "at": "data",
        "tab": "applications",
        "typed": request.POST,
        "alike": alike,
        "checked": checked,
        "names": state_titles(),
        "levels": LEVELS,
        "may_register": planning.may_register(identity.actor_of(request)),
    }
    return answers.page(request, "data/register.html", context, refusal=refusal)


def _draft(request: HttpRequest) -> ApplicationDraft:
    until = day_of(request, "until")
    return ApplicationDraft(
        title=answers.text(request, "title"),
        purpose=answers.text(request, "purpose"),
        elements=_elements(request),
        interfaces=tuple(dict.fromkeys(answers.text(request, "interfaces").split())),
        level=_number(request, "level", say=_("Hãy chọn cấp độ an toàn.")),
        cost_vnd=_number(request, "cost_vnd", say=_("Hãy ghi số tiền bằng đồng, chỉ chữ số.")),
        contract=answers.text(request, "contract"),
        since=day_of(request, "since"),
        until=until + timedelta(days=1) if until else None,
    )


def _elements(request: HttpRequest) -> tuple[str, ...]:
    """Return the elements typed one a line, by key or by exact title."""
    titles = {one.title.lower(): one.key for one in dictionary.elements()}
    typed = [one_line(line) for line in answers.text(request, "elements").splitlines()]
    return tuple(dict.fromkeys(titles.get(one.lower(), one) for one in typed if one))


def _number(request: HttpRequest, name: str, *, say: str) -> int:
    typed = answers.text(request, name).replace(".", "").replace(" ", "") or "0"
    if not (typed.isascii() and typed.isdecimal()):
        raise unfit(name, say)
    return int(typed)


def state_titles() -> dict[str, str]:
    """Return the states of an application's life, as an official reads them."""
    return {
        "proposed": _("Đề nghị"),
        "approved": _("Đã chấp thuận"),
        "refused": _("Không chấp thuận"),
        "building": _("Đang xây dựng"),
        "running": _("Đang vận hành"),
        "retired": _("Đã ngừng"),
    }
