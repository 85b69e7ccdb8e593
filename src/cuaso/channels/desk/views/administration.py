"""The administrator's small page: what failed, whether the ledger is whole, what is unverified."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.signing import api as signing
from cuaso.channels.desk import answers
from cuaso.foundation.audit import api as audit
from cuaso.foundation.audit.contracts import TreeHead, Verification
from cuaso.foundation.files import api as files
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import NotFound, Refusal
from cuaso.oversight.operations import api as operations
from cuaso.services.national_portal import api as national_portal
from cuaso.services.procedures import api as procedures

LONGEST_NUMBER = 18


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="admin")
def overview(request: HttpRequest) -> HttpResponse:
    """Show how the house stands; a POST verifies the ledger or sends again what failed."""
    if request.method != "POST":
        return _page(request)
    act, _sep, which = request.POST.get("act", "").partition(":")
    try:
        if act == "verify":
            return _page(request, verification=audit.verify())
        if act == "retry":
            _retry(request, which)
        if act == "resend":
            _resend(request, which)
        if act == "run-again":
            _run_again(request, which)
        if act == "ask-again":
            _ask_again(request, which)
        if act == "give-back":
            _give_back(request, which)
    except Refusal as refusal:
        return _page(request, refusal=refusal)
    return redirect("desk:admin")


def _retry(request: HttpRequest, told: str) -> None:
    try:
        message_id = UUID(told)
    except ValueError as error:
        raise NotFound(code="desk.no_message", what=_("Không có thông báo này.")) from error
    messages.retry(message_id=message_id, actor=identity.actor_of(request))
    notes.success(request, _("Thông báo sẽ được gửi lại."))


def _give_back(request: HttpRequest, told: str) -> None:
    try:
        refund_id = UUID(told)
    except ValueError as error:
        raise NotFound(code="desk.no_refund", what=_("Không có khoản tiền này.")) from error
    payments.approve_refund(refund_id=refund_id, actor=identity.actor_of(request))
    notes.success(request, _("Cổng thanh toán sẽ trả lại khoản tiền này cho người chuyển."))


def _resend(request: HttpRequest, told: str) -> None:
    try:
        update_id = UUID(told)
    except ValueError as error:
        raise NotFound(code="desk.no_update", what=_("Không có lần đồng bộ này.")) from error
    national_portal.resend(id=update_id, actor=identity.actor_of(request))
    notes.success(request, _("Trạng thái sẽ được gửi lại."))


def _run_again(request: HttpRequest, told: str) -> None:
    if not (told.isascii() and told.isdecimal() and len(told) <= LONGEST_NUMBER):
        raise NotFound(code="desk.no_job", what=_("Không có công việc nền này."))
    operations.run_again(job_id=int(told), actor=identity.actor_of(request))
    notes.success(request, _("Công việc nền sẽ chạy lại ngay."))


def _ask_again(request: HttpRequest, told: str) -> None:
    try:
        missing_id = UUID(told)
    except ValueError as error:
        raise NotFound(code="desk.nothing_missing", what=_("Không có hồ sơ này.")) from error
    national_portal.ask_again(id=missing_id, actor=identity.actor_of(request))
    notes.success(request, _("Hệ thống sẽ hỏi lại Cổng."))


def _page(
    request: HttpRequest,
    *,
    verification: Verification | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    unverified = procedures.unverified()
    context = {
        "at": "admin",
        "checks": sorted(operations.diagnose(with_packs=False), key=_troubles_first),
        "head": _head(),
        "verification": verification,
        "scanner": files.scanner_status(),
        "channels": messages.status(),
        "failed": messages.failed(),
        "deliveries": audit.troubles(),
        "jobs": operations.failed_jobs(),
        "national": national_portal.standing(),
        "payments": payments.status(),
        "keys": signing.provider_status(),
        "unverified": unverified,
        "unverified_count": sum(count for _code, _title, count in unverified),
    }
    return answers.page(request, "administration.html", context, refusal=refusal)


def _troubles_first(check: object) -> int:
    return {"fail": 0, "warn": 1}.get(getattr(check, "state", ""), 2)


def _head() -> TreeHead | None:
    try:
        return audit.tree_head()
    except Refusal:
        return None
