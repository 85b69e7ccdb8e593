"""Remove a phrase."""

from uuid import UUID

from django.db import transaction

from cuaso.kernel.actors import Actor
from cuaso.services.worklists import models
from cuaso.services.worklists.logic.phrase_rights import leaders_only, note, sees, unknown
from cuaso.services.worklists.logic.phrases import view


def drop_phrase(*, id: UUID, actor: Actor) -> None:
    """Remove a phrase of the actor's own, or by a leader of their agency's.

    Raises NotFound for what the actor cannot see, NotAllowed for the agency's by who does not
    lead it.
    """
    with transaction.atomic():
        row = models.Phrase.objects.select_for_update().filter(id=id).first()
        if row is None or not sees(actor, row):
            raise unknown()
        if not view(row, actor).may_change:
            raise leaders_only()
        if row.agency_id is not None:
            note(row, "dropped", actor)
        row.delete()
