"""The records of all registries that wait for the officer."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cuaso.capabilities.registries import api as registries
from cuaso.channels.desk import answers
from cuaso.channels.desk.registries.opening import language_of
from cuaso.foundation.identity import api as identity
from cuaso.foundation.identity.api import official_required


@require_safe
@official_required
def waiting(request: HttpRequest) -> HttpResponse:
    """Show them, what is due first before the rest."""
    found = registries.waiting_for(actor=identity.actor_of(request), language=language_of())
    trail = [(_("Sổ, cơ sở dữ liệu"), reverse("desk:registries"))]
    context = {"at": "registries", "found": found, "trail": trail}
    return answers.page(request, "registries/waiting.html", context)
