"""What the worker calls in its loop."""

from cuaso.capabilities.payments.logic.retry import retry_due

__all__ = ["retry_due"]
