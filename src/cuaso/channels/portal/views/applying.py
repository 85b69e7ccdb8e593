"""Fill a form, add papers, review, submit; everything is kept between the steps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.portal import anchors, answers, uploads
from cuaso.declarations.forms import FormView
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required
from cuaso.kernel.errors import NotFound, Problem, Refusal
from cuaso.services.locker import api as locker
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import ComponentView, DraftView, PaperView

NOT_FIELDS = frozenset({"csrfmiddlewaretoken", "act", "key"})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the three steps of an application."""

    title: str
    url: str
    state: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One component of the dossier with what is on it and what the locker could put there."""

    component: ComponentView
    papers: tuple[PaperView, ...]
    reusable: Sequence[object]
    needed: bool
    path: str
    error: str


def _steps(draft: DraftView, *, at: int) -> list[Step]:
    names = (
        (_("Tờ khai"), "portal:draft"),
        (_("Giấy tờ"), "portal:papers"),
        (_("Xem lại và nộp"), "portal:review"),
    )
    return [
        Step(
            title=title,
            url=reverse(name, args=[draft.id]),
            state="done" if number < at else "now" if number == at else "",
        )
        for number, (title, name) in enumerate(names, start=1)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a draft. A GET comes back from signing in and leads to the procedure's page."""
    if request.method != "POST":
        notes.info(request, _("Bạn đã đăng nhập. Bấm “Bắt đầu làm” để mở tờ khai."))
        return redirect("portal:procedure", code=code)
    begun = procedures.start_draft(code=code, actor=identity.actor_of(request))
    return redirect("portal:draft", draft_id=begun.id)


def _draft(request: HttpRequest, draft_id: UUID) -> DraftView:
    return procedures.draft(id=draft_id, actor=identity.actor_of(request))


def _gone(draft: DraftView) -> HttpResponse | None:
    """Lead to the dossier when the draft has become one."""
    return redirect("portal:dossier", tracking=draft.tracking_code) if draft.tracking_code else None


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    found = _draft(request, draft_id)
    if gone := _gone(found):
        return gone
    if request.method != "POST":
        return _draft_page(request, found, None)
    try:
        return _fill(request, draft_id)
    except Refusal as refusal:
        return _draft_page(request, _draft(request, draft_id), refusal)


def _draft_page(
    request: HttpRequest,
    found: DraftView,
    refusal: Refusal | None,
    places: Mapping[str, procedures.LookedPlace] | None = None,
) -> HttpResponse:
    context: dict[str, object] = {
        "at": "find",
        "draft": found,
        "steps": _steps(found, at=1),
        "places": places or {},
        "linked": [{**one, "url": ""} for one in _linked(found, refusal)],
    }
    return answers.page(request, "draft.html", context, refusal=refusal)


def _fill(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Keep what was typed, then do what the pressed button says."""
    actor = identity.actor_of(request)
    act, _sep, rest = request.POST.get("act", "next").partition(":")
    if act == "drop":
        procedures.drop_draft(id=draft_id, actor=actor)
        notes.success(request, _("Đã xóa bản nháp."))
        return redirect("portal:my_dossiers")
    if act == "prefill":
        procedures.prefill(id=draft_id, consent=True, actor=actor)
        return redirect("portal:draft", draft_id=draft_id)
    typed = _typed(request)
    looked = procedures.resolve_old_places(request.POST.dict(), typed)
    saved = procedures.save_draft(
        id=draft_id, values=typed, actor=actor, complete=act == "next" and not looked
    )
    if looked or act in ("redraw", "place"):
        return _draft_page(request, saved, None, looked)
    if act in ("add", "remove"):
        return _change_rows(request, draft_id, act=act, which=rest)
    if act == "keep":
        notes.success(request, _("Đã lưu. Tờ khai ở trong “Hồ sơ”, làm tiếp lúc nào cũng được."))
        return redirect("portal:my_dossiers")
    return redirect("portal:papers", draft_id=draft_id)


def _typed(request: HttpRequest) -> dict[str, str | list[str]]:
    """Return what was typed by path; a path with several answers keeps them all."""
    return {
        name: values if len(values) > 1 else values[0]
        for name, given in request.POST.lists()
        if name not in NOT_FIELDS and (values := [str(value) for value in given])
    }


def _change_rows(request: HttpRequest, draft_id: UUID, *, act: str, which: str) -> HttpResponse:
    group, _sep, number = which.partition(":")
    procedures.change_group(
        id=draft_id,
        group=group,
        change=act,
        index=int(number) if number.isdecimal() else 0,
        actor=identity.actor_of(request),
    )
    return redirect(f"{reverse('portal:draft', args=[draft_id])}#{anchors.of(group)}")


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def papers(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    found = _draft(request, draft_id)
    if gone := _gone(found):
        return gone
    if request.method != "POST":
        return _papers_page(request, found)
    act, _sep, rest = request.POST.get("act", "").partition(":")
    try:
        _change_papers(request, draft_id, act=act, which=rest)
    except Refusal as refusal:
        at = rest.partition(":")[0]
        return _papers_page(request, _draft(request, draft_id), refusal=refusal, at=at)
    place = "" if act == "detach" else "#" + anchors.of(f"papers.{rest.partition(':')[0]}")
    return redirect(f"{reverse('portal:papers', args=[draft_id])}{place}")


def _change_papers(request: HttpRequest, draft_id: UUID, *, act: str, which: str) -> None:
    actor = identity.actor_of(request)
    component, _sep, paper_id = which.partition(":")
    if act == "attach":
        path = f"papers.{component}"
        for stored in uploads.store(request, name="files", field=path, actor=actor):
            procedures.attach(id=draft_id, component=component, file_id=stored.id, actor=actor)
    elif act == "reuse":
        procedures.attach_from_locker(
            id=draft_id, component=component, paper_id=_id(paper_id), actor=actor
        )
    elif act == "detach":
        procedures.detach(id=draft_id, paper_id=_id(which), actor=actor)
    else:
        raise NotFound(
            code="portal.no_act",
            what=_("Không rõ bạn muốn làm gì với giấy tờ."),
            mend=_("Hãy tải lại trang rồi bấm lại nút."),
        )


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise NotFound(
            code="portal.no_paper",
            what=_("Không tìm thấy giấy tờ này."),
            mend=_("Hãy tải lại trang."),
        ) from error


def _papers_page(
    request: HttpRequest, found: DraftView, *, refusal: Refusal | None = None, at: str = ""
) -> HttpResponse:
    shelves = [
        _shelf(request, found, component, refusal=refusal if component.id == at else None)
        for component in found.procedure.components
        if not component.shown_only
    ]
    context: dict[str, object] = {
        "at": "find",
        "draft": found,
        "steps": _steps(found, at=2),
        "needed": [shelf for shelf in shelves if shelf.needed],
        "others": [shelf for shelf in shelves if not shelf.needed and _may_come(shelf)],
        "shown_only": [one for one in found.procedure.components if one.shown_only],
    }
    return answers.page(request, "papers.html", context, refusal=refusal)


def _may_come(shelf: Shelf) -> bool:
    """Say whether a paper not needed now may still come; what only the counter asks may not."""
    return shelf.component.conditional or not shelf.component.required


def _shelf(
    request: HttpRequest, found: DraftView, component: ComponentView, *, refusal: Refusal | None
) -> Shelf:
    path = f"papers.{component.id}"
    given = tuple(paper for paper in found.papers if paper.component == component.id)
    said = answers.wrong(refusal).get(path, refusal.what) if refusal else ""
    actor = identity.actor_of(request)
    return Shelf(
        component=component,
        papers=given,
        needed=bool(given or said) or component.id in found.missing_components,
        reusable=locker.reusable(actor=actor, kind=component.kind) if component.kind else (),
        path=path,
        error=said,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def review(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    found = _draft(request, draft_id)
    if gone := _gone(found):
        return gone
    refusal = None
    if request.method == "POST":
        try:
            return _submit(request, draft_id)
        except Refusal as refused:
            refusal = refused
    context = {
        "at": "find",
        "draft": found,
        "steps": _steps(found, at=3),
        "key": f"draft:{found.id}",
        "linked": _linked(found, refusal),
    }
    return answers.page(request, "review.html", context, refusal=refusal)


def _submit(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    key = answers.text(request, "key") or f"draft:{draft_id}"
    receipt = procedures.submit(id=draft_id, key=key, actor=identity.actor_of(request))
    notes.success(
        request,
        _("Đã nộp hồ sơ. Mã tra cứu của bạn là %(code)s.") % {"code": receipt.tracking_code},
    )
    return redirect("portal:dossier", tracking=receipt.tracking_code)


def _linked(found: DraftView, refusal: Refusal | None) -> list[dict[str, str]]:
    """Return every problem with the place where it is mended; of two that say the same, each also
    says of which part of the form.
    """
    problems = refusal.problems if refusal else ()
    said = Counter(problem.say for problem in problems)
    return [
        {**_link(found, one), "place": _place(found, one) if said[one.say] > 1 else ""}
        for one in problems
    ]


def _link(found: DraftView, problem: Problem) -> dict[str, str]:
    """Return a problem with the page and the input where it is mended."""
    name = "portal:papers" if problem.field.startswith("papers.") else "portal:draft"
    url = f"{reverse(name, args=[found.id])}#{anchors.of(problem.field)}"
    return {"field": problem.field, "say": problem.say, "url": url}


def _place(found: DraftView, problem: Problem) -> str:
    sections = found.form.sections if isinstance(found.form, FormView) else ()
    for section in sections:
        for row in section.rows:
            if problem.field.startswith(f"{row.path}."):
                return row.title if section.repeated else section.title
    return ""
