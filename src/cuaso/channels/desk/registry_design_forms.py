"""Beginning a registry from a survey form made elsewhere, and reading what was not taken of it."""

from typing import Any, BinaryIO, Final, cast
from uuid import UUID

from django.contrib import messages as notes
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk import answers
from cuaso.channels.desk.posting import unfit
from cuaso.channels.desk.registry_design import page
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Refusal

_KEPT: Final = "design_untaken"
_MOST_KEPT: Final = 5
_LARGEST: Final = 10 * 1024**2


@require_http_methods(["GET", "HEAD", "POST"])
@official_required
def from_form(request: HttpRequest) -> HttpResponse:
    """Begin a registry from the workbook of a form (XLSForm)."""
    refusal = None
    if request.method == "POST":
        try:
            made, untaken = registries.begin_from_form(
                file=cast("BinaryIO", _upload(request).file),
                legal=answers.text(request, "legal"),
                title=answers.text(request, "title"),
                actor=identity.actor_of(request),
            )
        except Refusal as refused:
            refusal = refused
        else:
            notes.success(request, _("Đã lập bản nháp của sổ mới từ biểu mẫu."))
            told = [[one.sheet, one.row, one.what, one.mend] for one in untaken]
            _keep(request, str(made.card.id), told)
            return redirect("desk:design_from_form_told", version_id=made.card.id)
    context = {"at": "registries", "typed": request.POST}
    return answers.page(request, "registries/design_form.html", context, refusal=refusal)


def _upload(request: HttpRequest) -> "UploadedFile[bytes]":
    upload = request.FILES.get("form")
    if not isinstance(upload, UploadedFile):
        raise unfit("form", _("Hãy chọn một tệp .xlsx."))
    if (upload.size or 0) > _LARGEST:
        raise unfit("form", _("Tệp biểu mẫu lớn quá 10 MB."))
    return upload


def _keep(request: HttpRequest, id: str, told: list[list[Any]]) -> None:
    """Keep what was told of the newest forms as long as the officer stays signed in."""
    kept = {**request.session.get(_KEPT, {}), id: told}
    request.session[_KEPT] = dict(list(kept.items())[-_MOST_KEPT:])


@require_safe
@official_required
def told(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Show what of a form its draft could not take, by sheet and row."""
    found = registries.design(id=version_id, actor=identity.actor_of(request))
    kept = request.session.get(_KEPT, {}).get(str(version_id), [])
    lines = [
        {"sheet": sheet, "row": row, "what": what, "mend": mend} for sheet, row, what, mend in kept
    ]
    return page(request, "form_told", found, {"lines": lines, "fields": found.declared.fields})
