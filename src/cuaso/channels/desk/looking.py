"""Open a dossier for an officer; who has no task there says why, once for half an hour."""

from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.errors import Refusal
from cuaso.services.procedures import api as procedures
from cuaso.services.procedures.contracts import DossierView

SESSION_KEY = "desk_purposes"
HOLDS = timedelta(minutes=30)
MOST_KEPT = 20


def opened(request: HttpRequest, dossier_id: UUID) -> DossierView:
    """Return the dossier; every look is logged with the purpose given for it."""
    return procedures.dossier(
        id=dossier_id,
        actor=identity.actor_of(request),
        purpose=purpose_for(request, dossier_id),
    )


def wants_purpose(refusal: Refusal) -> bool:
    """Say whether a refusal asks only for the reason of looking."""
    return refusal.code == "procedures.purpose_needed"


def keep_purpose(request: HttpRequest, dossier_id: UUID, purpose: str) -> None:
    """Remember why the officer looks at this dossier."""
    kept = dict(request.session.get(SESSION_KEY, {}))
    kept.pop(str(dossier_id), None)
    kept[str(dossier_id)] = [purpose, clock.now().isoformat()]
    request.session[SESSION_KEY] = dict(list(kept.items())[-MOST_KEPT:])


def purpose_for(request: HttpRequest, dossier_id: UUID) -> str:
    """Return the purpose given for this dossier in the last half hour, else `""`."""
    kept = request.session.get(SESSION_KEY, {}).get(str(dossier_id))
    if not kept:
        return ""
    purpose, given_at = kept
    fresh = clock.now() - datetime.fromisoformat(given_at) < HOLDS
    return str(purpose) if fresh else ""
