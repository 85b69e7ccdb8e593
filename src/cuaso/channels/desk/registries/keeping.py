"""Lists that officers keep under a name."""

from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk import answers
from cuaso.channels.desk.registries import asking
from cuaso.channels.desk.registries.opening import opened
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Refusal


@require_POST
@official_required
def save(request: HttpRequest, pack: str, name: str) -> HttpResponse:
    """Keep the posted list under a name; only what a list's address may say is kept."""
    here = opened(request, pack, name)
    base = here.at("registry")
    query = asking.sent_back(answers.text(request, "query"), page=False)
    try:
        registries.save_view(
            registry=here.key,
            title=answers.text(request, "title"),
            query=query,
            shared=answers.text(request, "shared") == "true",
            actor=here.actor,
        )
    except Refusal as refusal:
        notes.error(request, str(refusal))
    else:
        notes.success(request, _("Đã lưu bộ lọc; nó đứng cạnh các danh sách."))
    return redirect(f"{base}?{query}")


@require_POST
@official_required
def drop(request: HttpRequest, pack: str, name: str, view_id: UUID) -> HttpResponse:
    here = opened(request, pack, name)
    registries.drop_view(registry=here.key, id=view_id, actor=here.actor)
    notes.success(request, _("Đã bỏ bộ lọc."))
    return redirect(here.at("registry"))
