"""What feedback does when something happened elsewhere."""

from cuaso.foundation.audit.contracts import Event
from cuaso.services.feedback.logic.ask_rating import ask_rating


def on_delivered(event: Event) -> None:
    """A result reached its applicant: ask how they were served."""
    if event.subject.kind == "procedures.dossier":
        ask_rating(dossier_id=event.subject.id)
