"""The locker: papers, links that share them, who looked."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cuaso.channels.portal import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Problem, Refusal
from cuaso.services.locker import api as locker

SPANS = {"1": 1, "7": 7, "30": 30}


@require_safe
@citizen_required
def papers(request: HttpRequest) -> HttpResponse:
    context = {"at": "locker", "papers": locker.papers(actor=identity.actor_of(request))}
    return answers.page(request, "locker.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Show a paper; a POST makes a link to it, whose address is shown this once."""
    refusal, made = None, None
    if request.method == "POST":
        try:
            made = {"address": _share(request, paper_id)}
        except Refusal as refused:
            refusal = refused
    actor = identity.actor_of(request)
    context: dict[str, object] = {
        "at": "locker",
        "paper": locker.paper(id=paper_id, actor=actor),
        "shares": locker.shares(id=paper_id, actor=actor),
        "spans": {"1": _("1 ngày"), "7": _("7 ngày"), "30": _("30 ngày")},
        "typed": {} if made else request.POST,
        "made": made,
    }
    return answers.page(request, "paper.html", context, refusal=refusal)


def _share(request: HttpRequest, paper_id: UUID) -> str:
    span = SPANS.get(answers.text(request, "until"))
    if span is None:
        raise Invalid(
            code="portal.no_span",
            what=_("Chưa tạo được liên kết chia sẻ."),
            mend=_("Hãy chọn thời hạn."),
            problems=(Problem(field="until", say=_("Hãy chọn cho xem đến khi nào.")),),
        )
    link = locker.share(
        id=paper_id,
        purpose=answers.text(request, "purpose"),
        until=clock.now() + timedelta(days=span),
        actor=identity.actor_of(request),
    )
    return f"{settings.PUBLIC_URL}{reverse('portal:shared', args=[link.token])}"


@require_safe
@citizen_required
def paper_content(request: HttpRequest, paper_id: UUID) -> HttpResponseBase:
    return answers.document(locker.content(id=paper_id, actor=identity.actor_of(request)))


@require_POST
@citizen_required
def close_share(request: HttpRequest, paper_id: UUID, share_id: UUID) -> HttpResponse:
    locker.revoke_share(id=share_id, actor=identity.actor_of(request))
    notes.success(request, _("Đã đóng liên kết. Ai giữ liên kết cũng không mở được nữa."))
    return redirect("portal:paper", paper_id=paper_id)


@require_safe
@citizen_required
def looks(request: HttpRequest) -> HttpResponse:
    context = {"at": "locker", "looks": locker.looks(actor=identity.actor_of(request))}
    return answers.page(request, "looks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Ask who looks and the second fact, then say what the link leads to."""
    context: dict[str, object] = {"token": token, "typed": request.POST}
    if request.method != "POST":
        return answers.page(request, "shared.html", context)
    try:
        viewer, second = _viewer(request)
        shown = locker.open_share(token=token, second_fact=second, viewer_name=viewer)
    except Refusal as refusal:
        return answers.page(request, "shared.html", context, refusal=refusal)
    return answers.page(request, "shared.html", {**context, "shared": shown})


@require_POST
def shared_content(request: HttpRequest, token: str) -> HttpResponseBase:
    viewer, second = _viewer(request)
    return answers.document(
        locker.shared_content(token=token, second_fact=second, viewer_name=viewer)
    )


def _viewer(request: HttpRequest) -> tuple[str, str]:
    viewer = answers.text(request, "viewer")
    second = answers.digits(answers.text(request, "second"))
    problems = []
    if not viewer:
        problems.append(Problem(field="viewer", say=_("Hãy ghi tên bạn hoặc cơ quan bạn.")))
    if not answers.are_four(second):
        problems.append(Problem(field="second", say=_("Hãy nhập đúng 4 chữ số.")))
    if problems:
        raise Invalid(
            code="portal.viewer_unknown",
            what=_("Chưa mở được giấy tờ."),
            mend=_("Hãy điền các mục được chỉ ra."),
            problems=tuple(problems),
        )
    return viewer, second
