"""Pages of partners: an official describes a system, an administrator decides; our metadata."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cuaso.foundation.identity.gates import official_required
from cuaso.foundation.identity.logic.admit_system import ROLE
from cuaso.foundation.identity.logic.certificate_ends import soon
from cuaso.foundation.identity.logic.resolve_actor import actor_of
from cuaso.foundation.identity.pages import refusal_page
from cuaso.foundation.identity.saml.addresses import entity_id
from cuaso.foundation.identity.saml.metadata import metadata as described
from cuaso.foundation.identity.saml.partners import decide
from cuaso.foundation.identity.saml.partners.register import apply_partner
from cuaso.foundation.identity.saml.terms import ATTRIBUTES
from cuaso.kernel.errors import Refusal

_HOUR: Final = 3600
_FIRST: Final = ("name", "preferred_username")


@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    del request
    response = HttpResponse(described(), content_type="application/samlmetadata+xml")
    response.headers["Cache-Control"] = f"public, max-age={_HOUR}"
    return response


@require_http_methods(["GET", "POST"])
@official_required
@never_cache
def apply(request: HttpRequest) -> HttpResponse:
    """An official enters a system of their agency; it waits for the administrator."""
    if request.method == "GET":
        return _form(request, {"chosen": _FIRST})
    words = request.POST
    chosen = tuple(words.getlist("attributes"))
    try:
        apply_partner(
            actor=actor_of(request),
            name=words.get("name", ""),
            metadata=words.get("metadata", ""),
            attributes=chosen,
            contact=words.get("contact", ""),
        )
    except Refusal as refusal:
        context = {"refusal": refusal, "typed": words, "chosen": chosen}
        return _form(request, context, status=refusal.status)
    messages.success(request, "Đã gửi. Hệ thống chờ quản trị viên của tỉnh duyệt.")
    return HttpResponseRedirect(reverse("saml-partners"))


@require_safe
@official_required(role=ROLE)
@never_cache
def partners(request: HttpRequest) -> HttpResponse:
    context = {
        "partners": decide.connected_partners(),
        "entity_id": entity_id(),
        "soon": soon(),
    }
    return render(request, "identity/saml_partners.html", context)


@require_POST
@official_required(role=ROLE)
def decided(request: HttpRequest, partner_id: UUID) -> HttpResponse:
    """Approve, refuse or close the partner, as the pressed button says."""
    actor, words = actor_of(request), request.POST
    try:
        if words.get("answer") == "approve":
            decide.approve_partner(actor=actor, partner_id=partner_id)
        elif words.get("answer") == "refuse":
            decide.refuse_partner(actor=actor, partner_id=partner_id)
        elif words.get("answer") == "close":
            reason = words.get("reason", "")
            decide.close_partner(actor=actor, partner_id=partner_id, reason=reason)
    except Refusal as refusal:
        return refusal_page(request, refusal)
    messages.success(request, "Đã ghi quyết định về hệ thống.")
    return HttpResponseRedirect(reverse("saml-partners"))


def _form(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    offered = [(name, words[2]) for name, words in ATTRIBUTES.items()]
    whole = {"offered": offered, "entity_id": entity_id(), **context}
    return render(request, "identity/saml_apply.html", whole, status=status)
