"""What the worker calls in its loops."""

from cuaso.capabilities.certificates.logic.warn import warn_due

__all__ = ["warn_due"]
