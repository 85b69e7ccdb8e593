"""The access engine's only door: one policy answers "which rows?", "may I?" and "why?"."""

from cuaso.foundation.access.logic.decide import decide, look, require, visible, why
from cuaso.foundation.access.logic.register import BadPolicy, check, policies, register

__all__ = [
    "BadPolicy",
    "check",
    "decide",
    "look",
    "policies",
    "register",
    "require",
    "visible",
    "why",
]
