"""What the worker calls in its loops."""

from cuaso.capabilities.signing.logic.lasting.answers import refresh_revocations
from cuaso.capabilities.signing.logic.lasting.keep import archive_due
from cuaso.capabilities.signing.logic.remote.collect import collect_consents

__all__ = ["archive_due", "collect_consents", "refresh_revocations"]
