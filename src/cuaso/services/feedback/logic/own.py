"""What one person said in all their dossiers: to hand it over, and to forget it."""

from typing import Final

from django.db import transaction

from cuaso.foundation.access import api as access
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject
from cuaso.services.feedback.contracts import OwnFeedback
from cuaso.services.feedback.logic import look, ratings
from cuaso.services.feedback.models import Complaint, Rating
from cuaso.services.feedback.policies import COMPLAINTS, RATINGS

_SAID: Final = frozenset({"feedback.rated", "feedback.rating_changed"})


def own_feedback(*, actor: Actor) -> OwnFeedback:
    """Return every rating and complaint of the actor's own capacity, oldest first."""
    party_id = actor.party_id
    if party_id is None:
        return OwnFeedback(ratings=(), complaints=())
    given = access.visible(
        actor=actor,
        act="view",
        queryset=Rating.objects.filter(party_id=party_id).exclude(rated_at=None),
        policy=RATINGS,
    )
    sent = access.visible(
        actor=actor,
        act="view",
        queryset=Complaint.objects.filter(party_id=party_id),
        policy=COMPLAINTS,
    )
    return OwnFeedback(
        ratings=tuple(map(ratings.view, given.order_by("rated_at", "id"))),
        complaints=tuple(look.view(row, actor=actor) for row in sent.order_by("made_at", "id")),
    )


@transaction.atomic
def forget_remarks(*, actor: Actor, reason: str) -> int:
    """Empty the remarks of the actor's own ratings, in the ledger too; return how many.

    Scores stay: they name nobody and stand in figures that were published. `reason` is the
    article or request under which it is done.
    """
    party_id = actor.party_id
    if party_id is None:
        return 0
    rows = access.visible(
        actor=actor,
        act="rate",
        queryset=Rating.objects.filter(party_id=party_id).exclude(remark=""),
        policy=RATINGS,
    )
    forgotten = list(rows.select_for_update())
    for row in forgotten:
        row.remark = ""
        row.save(update_fields=["remark"])
        for entry in audit.history(Subject(kind="feedback.rating", id=row.id)):
            if entry.act in _SAID and entry.erased_at is None:
                audit.erase_content(actor=actor, entry_id=entry.id, reason=reason)
    return len(forgotten)
