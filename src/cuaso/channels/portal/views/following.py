"""Follow one's dossiers, say whether a draft is right, withdraw."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.reports import api as reports
from cuaso.channels.portal import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required
from cuaso.kernel.errors import Invalid, Problem, Refusal
from cuaso.kernel.subjects import Subject
from cuaso.services.feedback import api as feedback
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView


@require_safe
@citizen_required
def my_dossiers(request: HttpRequest) -> HttpResponse:
    actor = identity.actor_of(request)
    cursor = request.GET.get("sau", "")
    context = {
        "at": "mine",
        "page": procedures.my_dossiers(actor=actor, cursor=cursor),
        "paging": bool(cursor),
        "drafts": () if cursor else procedures.drafts(actor=actor),
    }
    return answers.page(request, "my_dossiers.html", context)


@require_safe
@citizen_required
def dossier(request: HttpRequest, tracking: str) -> HttpResponse:
    found = _dossier(request, tracking)
    complaints = feedback.complaints_about(dossier_id=found.id, actor=identity.actor_of(request))
    context = {
        "at": "mine",
        "dossier": found,
        "rating": feedback.rating(dossier_id=found.id, actor=identity.actor_of(request)),
        "complaints": complaints,
        "may_complain": all(one.answered_at for one in complaints),
        "offers": {offer.act: offer for offer in found.acts},
        "letters": messages.messages_about(Subject(kind="procedures.dossier", id=found.id)),
        "qr": _look_up_qr(found),
    }
    return answers.page(request, "dossier.html", context)


def _dossier(request: HttpRequest, tracking: str) -> DossierView:
    return procedures.dossier(id=tracking, actor=identity.actor_of(request))


def _look_up_qr(found: DossierView) -> str:
    return reports.qr_svg(
        f"{settings.PUBLIC_URL}{reverse('portal:look_up')}?ma={found.tracking_code}"
    )


@require_safe
@citizen_required
def dossier_paper(request: HttpRequest, tracking: str, paper_id: UUID) -> HttpResponseBase:
    found = _dossier(request, tracking)
    actor = identity.actor_of(request)
    return answers.document(
        procedures.paper_content(dossier_id=found.id, paper_id=paper_id, actor=actor)
    )


@require_safe
@citizen_required
def draft_result(request: HttpRequest, tracking: str) -> HttpResponseBase:
    found = _dossier(request, tracking)
    actor = identity.actor_of(request)
    content = procedures.draft_result_content(dossier_id=found.id, actor=actor)
    return answers.document(content, inline=True)


@require_safe
@citizen_required
def form(request: HttpRequest, tracking: str, form: str) -> HttpResponseBase:
    found = _dossier(request, tracking)
    actor = identity.actor_of(request)
    content = procedures.form_content(dossier_id=found.id, form=form, actor=actor)
    return answers.document(content, inline=True)


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def confirm(request: HttpRequest, tracking: str) -> HttpResponse:
    found = _dossier(request, tracking)
    refusal = None
    if request.method == "POST":
        try:
            _answer_draft(request, found)
        except Refusal as refused:
            refusal = refused
        else:
            notes.success(request, _("Đã gửi ý kiến của bạn về bản thảo."))
            return redirect("portal:dossier", tracking=tracking)
    said = {
        "accept": _("Đúng rồi, đồng ý"),
        "dispute": _("Chưa đúng, cần sửa"),
    }
    context = {"at": "mine", "dossier": found, "answers": said, "typed": request.POST}
    return answers.page(request, "confirm.html", context, refusal=refusal)


def _answer_draft(request: HttpRequest, found: DossierView) -> None:
    answer = answers.text(request, "answer")
    if answer not in ("accept", "dispute"):
        raise Invalid(
            code="portal.no_answer",
            what=_("Chưa gửi ý kiến."),
            mend=_("Hãy chọn một trong hai câu trả lời."),
            problems=(Problem(field="answer", say=_("Hãy cho biết bản thảo đã đúng chưa.")),),
        )
    procedures.confirm_draft.briefly(
        id=found.id,
        accepted=answer == "accept",
        note=answers.text(request, "note"),
        actor=identity.actor_of(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def withdraw(request: HttpRequest, tracking: str) -> HttpResponse:
    found = _dossier(request, tracking)
    if request.method != "POST" and "withdraw" not in {offer.act for offer in found.acts}:
        notes.info(request, _("Hồ sơ này không rút được nữa: đã kết thúc, hoặc đã có kết quả."))
        return redirect("portal:dossier", tracking=tracking)
    refusal = None
    if request.method == "POST":
        try:
            procedures.withdraw(
                id=found.id,
                reason=answers.text(request, "reason"),
                actor=identity.actor_of(request),
            )
        except Refusal as refused:
            refusal = refused
        else:
            notes.success(request, _("Đã rút hồ sơ."))
            return redirect("portal:dossier", tracking=tracking)
    context = {"at": "mine", "dossier": found, "typed": request.POST}
    return answers.page(request, "withdraw.html", context, refusal=refusal)
