"""Copies of an issued result, made by who keeps the seal of the agency that issued it."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.channels.desk import answers, looking
from cuaso.channels.desk.views import dossier as dossier_pages
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import NotAllowed, Refusal
from cuaso.services.procedures import api as procedures


@require_http_methods(["GET", "HEAD", "POST"])
@official_required(role="clerk")
def copies(request: HttpRequest, dossier_id: UUID) -> HttpResponse:
    """Show the copies of a result; a POST makes one."""
    if request.method != "POST":
        return _page(request, dossier_id, None)
    try:
        procedures.copy_result(
            id=dossier_id,
            form=answers.text(request, "form"),
            pages=answers.text(request, "pages"),
            actor=identity.actor_of(request),
            purpose=looking.purpose_for(request, dossier_id),
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _page(request, dossier_id, refusal)
    notes.success(request, _("Đã lập bản sao, có chữ ký số của cơ quan."))
    return redirect("desk:copies", dossier_id)


def _page(request: HttpRequest, dossier_id: UUID, refusal: Refusal | None) -> HttpResponse:
    try:
        found = looking.opened(request, dossier_id)
    except NotAllowed as missing:
        if looking.wants_purpose(missing):
            return redirect("desk:dossier", dossier_id=dossier_id)
        raise
    made = procedures.copies(id=dossier_id, actor=identity.actor_of(request))
    context = {
        "at": "mine",
        **dossier_pages.about(request, found),
        "copies": made[::-1],
        "forms": [
            ("sao y", _("Sao y: chụp đầy đủ, chính xác cả văn bản")),
            ("sao lục", _("Sao lục: sao từ bản sao y của văn bản")),
            ("trích sao", _("Trích sao: sao một phần nội dung")),
        ],
    }
    return answers.page(request, "copies.html", context, refusal=refusal)


@require_safe
@official_required(role="clerk")
def content(request: HttpRequest, dossier_id: UUID, file_id: UUID) -> HttpResponseBase:
    """Answer one copy."""
    actor = identity.actor_of(request)
    return answers.document(procedures.copy_content(id=dossier_id, file_id=file_id, actor=actor))
