"""What applicants complain of: the leader's list, one answer each, and how satisfied they are."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.channels.desk import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.errors import Refusal
from cuaso.services.feedback import api as feedback
from cuaso.services.feedback.contracts import Summary

FIGURES_OVER = timedelta(days=90)


@require_safe
@official_required(role="leader")
def overview(request: HttpRequest) -> HttpResponse:
    actor = identity.actor_of(request)
    answered = request.GET.get("xem") == "da-tra-loi"
    context = {
        "at": "complaints",
        "answered": answered,
        "complaints": feedback.complaints_to_answer(actor=actor, answered=answered),
        "summary": _summary(actor.agency_id),
    }
    return answers.page(request, "complaints.html", context)


def _summary(agency_id: UUID | None) -> Summary | None:
    if agency_id is None:
        return None
    today = clock.today()
    return feedback.summary(agency_id=agency_id, since=today - FIGURES_OVER, until=today)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="leader")
def answer(request: HttpRequest, complaint_id: UUID) -> HttpResponse:
    actor = identity.actor_of(request)
    refusal = None
    if request.method == "POST":
        try:
            feedback.answer_complaint(
                id=complaint_id, text=answers.text(request, "answer"), actor=actor
            )
        except Refusal as refused:
            refusal = refused
        else:
            notes.success(request, _("Đã trả lời. Người gửi được báo ngay."))
            return redirect("desk:complaints")
    found = feedback.complaint(id=complaint_id, actor=actor)
    context = {"at": "complaints", "complaint": found, "typed": request.POST}
    return answers.page(request, "complaint.html", context, refusal=refusal)
