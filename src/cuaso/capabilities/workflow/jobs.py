"""What the worker calls in its loop."""

from cuaso.capabilities.workflow.logic.fire import run_due

__all__ = ["run_due"]
