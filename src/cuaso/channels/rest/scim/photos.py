"""Photographs that a User's `photos` point to, for the token that was shown the User."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from scim2_models import SCIMException

from cuaso.capabilities.provisioning import api as provisioning
from cuaso.channels.rest.scim.views import answer_refusal, system_of
from cuaso.kernel.errors import Refusal


@require_safe
def photo(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer a person's photograph as a JPEG to a system that may see the person."""
    try:
        shown = provisioning.photo_shown(system=system_of(request), id=id)
    except (Refusal, SCIMException) as error:
        return answer_refusal(error)
    answer = HttpResponse(shown, content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    return answer
