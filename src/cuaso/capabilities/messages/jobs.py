"""What the worker calls in its loop."""

from cuaso.capabilities.messages.logic.deliver import deliver_due

__all__ = ["deliver_due"]
