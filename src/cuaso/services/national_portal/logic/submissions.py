"""What the portal is asked for beyond an answer: a whole message as it was handed in there."""

from typing import Final

from cuaso.capabilities.exchange.api import peers
from cuaso.services.national_portal.contracts import Sealed
from cuaso.services.national_portal.logic import wire
from cuaso.services.national_portal.logic.surroundings import PEER

# A message of the largest size, packed as base64.
LIMIT_SUBMISSION: Final = 2 * wire.MOST_BYTES
NOT_FOUND: Final = 404


def submission(code: str) -> Sealed | None:
    """Return the message by which a dossier was handed in, None when the portal has it no more."""
    answer = peers.ask(PEER, "GET", wire.submission_path(code), limit_bytes=LIMIT_SUBMISSION)
    return None if answer.status == NOT_FOUND else wire.read_sealed(answer.body)
