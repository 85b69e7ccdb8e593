"""What works behind a leader's phone, for tests at the doors: the worker's turn, the results."""

from cuaso.capabilities.signing.jobs import collect_consents
from cuaso.services.procedures.models import Result

__all__ = ["Result", "collect_consents"]
