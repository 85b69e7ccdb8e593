"""At the desk: cash for fees, receipts, exemptions, refunds, and the cashier's day."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.contracts import Obligation
from cuaso.channels.desk import answers, looking
from cuaso.channels.desk.posting import unfit
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, NotFound, Problem, Refusal
from cuaso.kernel.money import parse_vnd
from cuaso.services.procedures import api as procedures


@require_safe
@official_required(role="reception")
def overview(request: HttpRequest) -> HttpResponse:
    """Show what waits to be paid here, refunds to decide, and the cashier's own day."""
    actor = identity.actor_of(request)
    code = request.GET.get("ma", "").strip().upper()
    fees = procedures.fees_at_desk(actor=actor)
    context = {
        "at": "cash",
        "text": code,
        "fees": [one for one in fees if not code or code in (one.code, one.owed.reference)],
        "refunds": procedures.refunds_at_desk(actor=actor),
        "day": payments.cash_day(actor=actor),
        "unclosed": payments.days_to_close(actor=actor),
    }
    return answers.page(request, "cash.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="reception")
def collect(request: HttpRequest, dossier_id: UUID, obligation_id: UUID) -> HttpResponse:
    """Take one fee in cash, or grant an exemption that the procedure declares."""
    if request.method != "POST":
        return _collect_page(request, dossier_id, obligation_id, None)
    act = {"take": _take, "waive": _waive}.get(answers.text(request, "act"), _take)
    try:
        act(request, dossier_id, obligation_id)
    except Refusal as refusal:
        return _collect_page(request, dossier_id, obligation_id, refusal)
    return redirect("desk:cash_receipt", dossier_id=dossier_id, obligation_id=obligation_id)


def _take(request: HttpRequest, dossier_id: UUID, obligation_id: UUID) -> None:
    procedures.collect_fee(
        id=dossier_id,
        obligation_id=obligation_id,
        amount_vnd=_amount(request, "amount"),
        actor=identity.actor_of(request),
    )
    notes.success(request, _("Đã thu tiền và cấp biên lai."))


def _waive(request: HttpRequest, dossier_id: UUID, obligation_id: UUID) -> None:
    procedures.waive_fee(
        id=dossier_id,
        obligation_id=obligation_id,
        ground=answers.text(request, "ground"),
        actor=identity.actor_of(request),
    )
    notes.success(request, _("Đã ghi nhận miễn phí, lệ phí."))


def _amount(request: HttpRequest, name: str) -> int:
    if not answers.text(request, name):
        raise unfit(name, _("Hãy ghi số tiền, ví dụ 150.000; không có tiền thì ghi 0."))
    try:
        return parse_vnd(answers.text(request, name))
    except Invalid as refusal:
        raise Invalid(
            code=refusal.code,
            what=refusal.what,
            why=refusal.why,
            mend=refusal.mend,
            problems=(Problem(field=name, say=refusal.mend),),
        ) from refusal


def _collect_page(
    request: HttpRequest, dossier_id: UUID, obligation_id: UUID, refusal: Refusal | None
) -> HttpResponse:
    found = looking.opened(request, dossier_id)
    owed = _owed(request, dossier_id, obligation_id)
    waiting = procedures.fees_at_desk(actor=identity.actor_of(request))
    exemptions = next((one.exemptions for one in waiting if one.owed.id == owed.id), ())
    context = {
        "at": "cash",
        "dossier": found,
        "owed": owed,
        "exemptions": exemptions,
        "typed": request.POST,
    }
    return answers.page(request, "cash_collect.html", context, refusal=refusal)


def _owed(request: HttpRequest, dossier_id: UUID, obligation_id: UUID) -> Obligation:
    fees = procedures.fees(
        id=dossier_id,
        actor=identity.actor_of(request),
        purpose=looking.purpose_for(request, dossier_id),
    )
    found = next((one for one in fees if one.id == obligation_id), None)
    if found is None:
        raise NotFound(code="desk.no_fee", what=_("Hồ sơ này không có khoản phải nộp đó."))
    return found


@require_safe
@official_required(role="reception")
def receipt(request: HttpRequest, dossier_id: UUID, obligation_id: UUID) -> HttpResponse:
    """Show a fee after it was settled, with the receipt to print."""
    owed = _owed(request, dossier_id, obligation_id)
    context = {
        "at": "cash",
        "dossier": looking.opened(request, dossier_id),
        "owed": owed,
        "left": owed.amount_vnd - owed.refunded_vnd - owed.going_back_vnd,
    }
    return answers.page(request, "cash_receipt.html", context)


@require_safe
@official_required(role="reception")
def receipt_pdf(request: HttpRequest, dossier_id: UUID, obligation_id: UUID) -> HttpResponseBase:
    """Give the numbered receipt as PDF, to print for who paid."""
    return answers.document(
        procedures.fee_receipt_content(
            dossier_id=dossier_id,
            obligation_id=obligation_id,
            actor=identity.actor_of(request),
            purpose=looking.purpose_for(request, dossier_id),
        )
    )


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="reception")
def refund(request: HttpRequest, dossier_id: UUID, obligation_id: UUID) -> HttpResponse:
    """Decide to give back some or all of a paid fee."""
    refusal = None
    if request.method == "POST":
        refusal = _tried(lambda: _refund(request, dossier_id, obligation_id))
        if refusal is None:
            notes.success(request, _("Đã ghi quyết định hoàn tiền."))
            return redirect("desk:cash_receipt", dossier_id=dossier_id, obligation_id=obligation_id)
    owed = _owed(request, dossier_id, obligation_id)
    context = {
        "at": "cash",
        "dossier": looking.opened(request, dossier_id),
        "owed": owed,
        "left": owed.amount_vnd - owed.refunded_vnd - owed.going_back_vnd,
        "typed": request.POST,
    }
    return answers.page(request, "cash_refund.html", context, refusal=refusal)


def _refund(request: HttpRequest, dossier_id: UUID, obligation_id: UUID) -> None:
    procedures.refund_fee(
        id=dossier_id,
        obligation_id=obligation_id,
        amount_vnd=_amount(request, "amount"),
        reason=answers.text(request, "reason"),
        actor=identity.actor_of(request),
    )


def _tried(act: Callable[[], object]) -> Refusal | None:
    try:
        act()
    except Refusal as refusal:
        return refusal
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="reception")
def decide(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """Answer a suggested refund."""
    actor = identity.actor_of(request)
    waiting = procedures.refunds_at_desk(actor=actor)
    found = next((one for one in waiting if one.refund.id == refund_id), None)
    if found is None:
        notes.info(request, _("Khoản hoàn này không còn chờ quyết định."))
        return redirect("desk:cash")
    refusal = None
    if request.method == "POST":
        refusal = _tried(lambda: _decide(request, refund_id))
        if refusal is None:
            notes.success(request, _("Đã ghi quyết định về khoản hoàn."))
            return redirect("desk:cash")
    context = {"at": "cash", "found": found, "typed": request.POST}
    return answers.page(request, "cash_decide.html", context, refusal=refusal)


def _decide(request: HttpRequest, refund_id: UUID) -> None:
    answer = answers.text(request, "answer")
    if answer not in ("grant", "decline"):
        say = _("Hãy chọn hoàn hay không hoàn.")
        raise Invalid(
            code="desk.no_answer",
            what=_("Chưa ghi quyết định."),
            mend=say,
            problems=(Problem(field="answer", say=say),),
        )
    procedures.decide_refund(
        refund_id=refund_id,
        granted=answer == "grant",
        reason=answers.text(request, "reason"),
        actor=identity.actor_of(request),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="reception")
def cash_up(request: HttpRequest) -> HttpResponse:
    """Count the drawer and close the day; afterwards nothing of that day changes."""
    actor, day = identity.actor_of(request), _day(request)
    refusal = None
    if request.method == "POST":
        refusal = _tried(lambda: _close(request, day))
        if refusal is None:
            notes.success(request, _("Đã chốt quỹ của ngày."))
            return redirect(f"{request.path}?ngay={day.isoformat()}")
    context = {
        "at": "cash",
        "day": payments.cash_day(actor=actor, day=day),
        "typed": request.POST,
    }
    return answers.page(request, "cash_up.html", context, refusal=refusal)


def _day(request: HttpRequest) -> date:
    told = request.POST.get("day") or request.GET.get("ngay") or ""
    try:
        return date.fromisoformat(str(told))
    except ValueError:
        return clock.today()


def _close(request: HttpRequest, day: date) -> None:
    payments.close_cash_day(
        counted_vnd=_amount(request, "counted"),
        reason=answers.text(request, "reason"),
        actor=identity.actor_of(request),
        day=day,
    )
