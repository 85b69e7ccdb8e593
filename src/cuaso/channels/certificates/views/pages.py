"""The administrator's page of certificates between systems."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.certificates import api as certificates
from cuaso.capabilities.certificates.contracts import ExternalAccountKey, Reason
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound, Refusal

REASONS: dict[Reason, str] = {
    "keyCompromise": "Khóa có thể đã lộ",
    "superseded": "Đã có chứng thư khác thay thế",
    "cessationOfOperation": "Hệ thống đã ngừng hoạt động",
    "affiliationChanged": "Hệ thống chuyển sang cơ quan khác",
    "unspecified": "Lý do khác",
}


@require_http_methods(["GET", "POST"])
@official_required(role="admin")
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Show names and certificates; a POST allows, forbids, issues or revokes."""
    if request.method == "GET":
        return _page(request)
    try:
        if request.POST.get("act") == "external":
            return _page(request, made=_external(request))
        said = _act(request, identity.actor_of(request))
    except Refusal as refusal:
        return _page(request, refusal=refusal, status=refusal.status)
    messages.success(request, said)
    return redirect("certificates:overview")


@require_safe
@official_required(role="admin")
@never_cache
def fetch(request: HttpRequest, serial: str) -> HttpResponse:
    """Hand out one certificate with its chain."""
    try:
        card = certificates.find_card(serial)
    except Refusal as refusal:
        return identity.refusal_page(request, refusal)
    response = HttpResponse(card.chain_pem, content_type="application/x-pem-file")
    response.headers["Content-Disposition"] = f'attachment; filename="{card.serial}.pem"'
    return response


def _act(request: HttpRequest, actor: Actor) -> str:
    """Do what the pressed button says; return what has been done."""
    words = request.POST
    act, _sep, which = words.get("act", "").partition(":")
    if act == "allow":
        name, contact = words.get("name", ""), words.get("contact", "")
        client_id = words.get("client_id", "")
        certificates.allow_name(actor=actor, name=name, client_id=client_id, contact=contact)
        return _("Đã cho phép tên này.")
    if act == "forbid":
        certificates.forbid_name(actor=actor, name_id=_id(which))
        return _("Đã bỏ tên. Chứng thư đã cấp vẫn dùng được tới khi hết hạn hoặc bị thu hồi.")
    if act == "issue":
        made = certificates.issue(actor=actor, request=words.get("request", ""))
        return _("Đã cấp chứng thư số {serial}.").format(serial=made.serial)
    certificates.revoke(actor=actor, serial=which, reason=words.get("reason", ""))
    return _("Đã thu hồi chứng thư. Từ lúc này chứng thư không còn được tin.")


def _external(request: HttpRequest) -> ExternalAccountKey:
    """Make a key that is shown on this page alone."""
    return certificates.make_external_key(
        actor=identity.actor_of(request), client_id=request.POST.get("external", "")
    )


def _id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError as problem:
        raise NotFound(
            code="certificates.no_name",
            what=_("Không có tên này."),
            mend=_("Hãy mở lại danh sách."),
        ) from problem


def _page(
    request: HttpRequest,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
    made: ExternalAccountKey | None = None,
) -> HttpResponse:
    found = certificates.cards()
    context = {
        "certificates": found,
        "ending": [one for one in found if one.state == "ending"],
        "names": certificates.allowed_names(),
        "systems": [one for one in identity.connected_systems() if one.status == "approved"],
        "reasons": [(word, _(say)) for word, say in REASONS.items()],
        "refusal": refusal,
        "made": made,
        "typed": request.POST,
    }
    return render(request, "certificates/overview.html", context, status=status)
