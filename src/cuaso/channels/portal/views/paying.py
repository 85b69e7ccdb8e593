"""Pay a dossier's fee: what for, why, and by which way."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.contracts import Obligation
from cuaso.capabilities.reports import api as reports
from cuaso.channels.portal import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import citizen_required
from cuaso.kernel.errors import Conflict, Refusal
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def pay(request: HttpRequest, tracking: str) -> HttpResponse:
    """Show what is owed and the ways to pay; a POST leads to the gateway.

    A dossier that owes nothing has no such page.
    """
    actor = identity.actor_of(request)
    found = procedures.dossier(id=tracking, actor=actor)
    owed = _open(procedures.fees(id=found.id, actor=actor))
    if owed is None or not any(offer.act == "pay" for offer in found.acts):
        notes.info(request, _("Hồ sơ này không có khoản nào phải nộp."))
        return redirect("portal:dossier", tracking=tracking)
    if request.method != "POST":
        return _page(request, found, owed, None)
    try:
        page = procedures.pay_fee(id=found.id, return_url=_back(tracking), actor=actor)
    except Conflict:
        return redirect("portal:paid", tracking=tracking)
    except Refusal as refusal:
        return _page(request, found, owed, refusal)
    return HttpResponseRedirect(page.url)


def _open(owed: tuple[Obligation, ...]) -> Obligation | None:
    return next((one for one in owed if one.state == "open"), None)


def _back(tracking: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse('portal:paid', args=[tracking])}"


def _page(
    request: HttpRequest, found: DossierView, owed: Obligation, refusal: Refusal | None
) -> HttpResponse:
    transfer = payments.transfer(owed)
    context: dict[str, object] = {
        "at": "mine",
        "dossier": found,
        "owed": owed,
        "transfer": transfer,
        "qr": reports.qr_svg(transfer.qr) if transfer else "",
        "gateway": payments.status().configured,
    }
    return answers.page(request, "pay.html", context, refusal=refusal)


@require_safe
@citizen_required
def paid(request: HttpRequest, tracking: str) -> HttpResponse:
    """Say in plain words how the payment stands after a person came back from the gateway."""
    actor = identity.actor_of(request)
    found = procedures.dossier(id=tracking, actor=actor)
    owed = procedures.fees(id=found.id, actor=actor)
    if not owed:
        return redirect("portal:dossier", tracking=tracking)
    context = {"at": "mine", "dossier": found, "fees": owed, "waiting": _open(owed) is not None}
    return answers.page(request, "pay_state.html", context)


@require_safe
@citizen_required
def receipt(request: HttpRequest, tracking: str, obligation_id: UUID) -> HttpResponseBase:
    """Give the receipt of one paid fee as PDF."""
    actor = identity.actor_of(request)
    found = procedures.dossier(id=tracking, actor=actor)
    content = procedures.fee_receipt_content(
        dossier_id=found.id, obligation_id=obligation_id, actor=actor
    )
    return answers.document(content, inline=True)
