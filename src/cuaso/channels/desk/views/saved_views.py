"""An officer's own filters of the queue: keep one under a name, remove one."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cuaso.channels.desk import answers
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required
from cuaso.kernel.errors import Refusal
from cuaso.services.worklists import api as worklists
from cuaso.services.worklists.contracts import Filter

LONGEST = 200


def address(asked: Filter) -> str:
    """Return the address of the queue under a filter."""
    parts = {"xem": asked.view, "q": asked.text, "tt": asked.procedure}
    return f"{reverse('desk:home')}?{urlencode({k: v for k, v in parts.items() if v})}"


@require_POST
@official_required
def save(request: HttpRequest) -> HttpResponse:
    asked = Filter(
        view=answers.text(request, "xem")[:20] or "mine",
        text=answers.text(request, "q")[:LONGEST],
        procedure=answers.text(request, "tt")[:20],
    )
    try:
        worklists.save_view(
            title=answers.text(request, "title"),
            filter=asked,
            actor=identity.actor_of(request),
        )
    except Refusal as refusal:
        notes.error(request, str(refusal))
    else:
        notes.success(request, _("Đã lưu bộ lọc; nó đứng cạnh các danh sách."))
    return redirect(address(asked))


@require_POST
@official_required
def drop(request: HttpRequest, view_id: UUID) -> HttpResponse:
    worklists.drop_view(id=view_id, actor=identity.actor_of(request))
    notes.success(request, _("Đã bỏ bộ lọc."))
    return redirect("desk:home")
