"""An applicant says how they were served: from their dossier's page, or by the signed link."""

from collections.abc import Mapping

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.channels.portal import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required
from cuaso.kernel.actors import ANONYMOUS, Actor
from cuaso.kernel.errors import NotFound, Refusal
from cuaso.services.feedback import api as feedback
from cuaso.services.feedback.contracts import CRITERIA, SCORES, RatingView, Verdict
from cuaso.services.procedures import api as procedures


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def rate(request: HttpRequest, tracking: str) -> HttpResponse:
    actor = identity.actor_of(request)
    dossier = procedures.dossier(id=tracking, actor=actor)
    found = feedback.rating(dossier_id=dossier.id, actor=actor)
    if found is None:
        notes.info(request, _("Hồ sơ này đánh giá được sau khi trả kết quả."))
        return redirect("portal:dossier", tracking=tracking)
    if request.method != "POST":
        return _page(request, found)
    try:
        feedback.rate(dossier_id=dossier.id, verdict=_verdict(request), actor=actor)
    except Refusal as refusal:
        return _page(request, found, refusal=refusal)
    notes.success(request, _("Đã ghi đánh giá của bạn. Xin cảm ơn."))
    return redirect("portal:dossier", tracking=tracking)


@require_http_methods(["GET", "HEAD", "POST"])
def rate_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Open the link of the message; nobody needs to sign in, and an official may not."""
    actor = _opener(request)
    found = feedback.rating_by_link(token=token, actor=actor)
    if request.method != "POST":
        return _page(request, found, token=token)
    try:
        kept = feedback.rate_by_link(token=token, verdict=_verdict(request), actor=actor)
    except Refusal as refusal:
        return _page(request, found, token=token, refusal=refusal)
    return answers.page(request, "rating_thanks.html", {"rating": kept, "token": token})


def _opener(request: HttpRequest) -> Actor:
    actor = identity.actor_of(request)
    return actor if actor.person_id else ANONYMOUS


def _verdict(request: HttpRequest) -> Verdict:
    """Read what was chosen; a level that is no number is none, and is refused by the act."""
    given = {name: answers.text(request, name) for name in CRITERIA}
    return Verdict(
        score=_level(answers.text(request, "score")),
        criteria={name: _level(chosen) for name, chosen in given.items() if chosen},
        remark=answers.text(request, "remark"),
    )


def _level(chosen: str) -> int:
    return int(chosen) if chosen.isascii() and chosen.isdecimal() else 0


def _page(
    request: HttpRequest, found: RatingView, *, token: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    if not found.may_rate and refusal is None:
        raise NotFound(
            code="portal.rating_settled",
            what=_("Đánh giá này đã được ghi."),
            why=_("Đánh giá chỉ đổi được trong 7 ngày kể từ lần đầu."),
            mend=_("Nếu có điều chưa thoả đáng, bạn gửi phản ánh ở trang hồ sơ."),
        )
    typed = request.POST if request.method == "POST" else _given(found)
    wrong = answers.wrong(refusal)
    levels = [(str(score), _(words)) for score, words in SCORES.items()]
    context = {
        "at": "mine",
        "rating": found,
        "token": token,
        "levels": levels,
        "criteria": [
            (name, _(title), typed.get(name, ""), wrong.get(name, ""))
            for name, title in CRITERIA.items()
        ],
        "typed": typed,
    }
    return answers.page(request, "rating.html", context, refusal=refusal)


def _given(found: RatingView) -> Mapping[str, str]:
    verdict = found.verdict
    if verdict is None:
        return {}
    chosen = {name: str(score) for name, score in verdict.criteria.items()}
    return {"score": str(verdict.score), "remark": verdict.remark, **chosen}
