"""What leaves a registry: values that a new type cannot hold, fields and registries in the bin."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk import answers
from cuaso.channels.desk.registry_design import impact_page
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Refusal

_MOST = 200


@require_POST
@official_required
def replace_values(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Write what stands in the place of values that a new type cannot hold."""
    given = {
        old: answers.text(request, f"new.{number}")
        for number in range(_MOST)
        if (old := request.POST.get(f"old.{number}", ""))
    }
    path, actor = answers.text(request, "path"), identity.actor_of(request)
    try:
        registries.replace_values(
            id=version_id,
            path=path,
            values=given,
            seen=answers.text(request, "seen"),
            actor=actor,
        )
    except Refusal as refused:
        return impact_page(request, version_id, refusal=refused, replacing={path: given})
    notes.success(request, _("Đã ghi giá trị thay thế vào bản nháp."))
    return redirect("desk:design_impact", version_id=version_id)


@require_safe
@official_required
def bin_(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    """Show what of a registry rests in the bin and on which day it goes."""
    return _bin(request, f"{pack}/{name}")


@require_POST
@official_required
def withdraw(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    """Take a whole registry out of use, saying why."""
    key = f"{pack}/{name}"
    try:
        registries.withdraw(
            registry=key,
            reason=answers.text(request, "reason"),
            actor=identity.actor_of(request),
        )
    except Refusal as refused:
        return _bin(request, key, refusal=refused)
    notes.success(request, _("Đã bỏ sổ. Sổ nằm trong thùng rác đến hết thời hạn."))
    return redirect("desk:designs")


@require_POST
@official_required
def bring_back(request: HttpRequest) -> HttpResponse:
    """Put a withdrawn registry in force again."""
    key = answers.text(request, "registry")
    registries.bring_registry_back(registry=key, actor=identity.actor_of(request))
    notes.success(request, _("Đã lấy lại sổ, mọi bản ghi như trước."))
    return redirect("desk:designs")


def _bin(request: HttpRequest, key: str, *, refusal: Refusal | None = None) -> HttpResponse:
    actor = identity.actor_of(request)
    pack, _slash, name = key.partition("/")
    context = {
        "at": "registries",
        "bin": registries.bin_of(registry=key, actor=actor),
        "title": registries.registry(key=key, actor=actor).title,
        "pack": pack,
        "name": name,
        "typed": request.POST,
    }
    return answers.page(request, "registries/design_bin.html", context, refusal=refusal)
