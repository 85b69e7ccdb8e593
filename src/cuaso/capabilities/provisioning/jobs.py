"""What the worker calls in its loops."""

from cuaso.capabilities.provisioning.logic.follow import tell_followers
from cuaso.capabilities.provisioning.logic.revise import revise

__all__ = ["revise", "tell_followers"]
