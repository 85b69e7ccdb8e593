"""The access engine's only door: one policy answers "which rows?", "may I?" and "why?"."""

from cuaso.foundation.access.logic.authority import authority, require_authority
from cuaso.foundation.access.logic.cedar import cedar_text
from cuaso.foundation.access.logic.decide import decide, look, require, visible, why
from cuaso.foundation.access.logic.evaluate import evaluate, named
from cuaso.foundation.access.logic.explain import explain, explain_thing, require_asker
from cuaso.foundation.access.logic.guard import guard_all, guard_statements, has_reader
from cuaso.foundation.access.logic.leases import (
    actor_of_lease,
    ask_lease,
    break_glass,
    check_lease,
    decide_lease,
    end_due,
    end_lease,
    held_lease,
    leases_at,
    leases_over,
    leases_to_decide,
    my_leases,
    take_up,
)
from cuaso.foundation.access.logic.mandates import end_mandate, give_mandate, mandates
from cuaso.foundation.access.logic.open_door import close_door, open_door
from cuaso.foundation.access.logic.pairs import declare_pair, pairs
from cuaso.foundation.access.logic.register import BadPolicy, check, policies, register
from cuaso.foundation.access.logic.rules import keep_rules
from cuaso.foundation.access.logic.standing import noon, stand_of_post, stands_of
from cuaso.foundation.access.logic.words import IN_EMERGENCY, ROLES

__all__ = [
    "IN_EMERGENCY",
    "ROLES",
    "BadPolicy",
    "actor_of_lease",
    "ask_lease",
    "authority",
    "break_glass",
    "cedar_text",
    "check",
    "check_lease",
    "close_door",
    "decide",
    "decide_lease",
    "declare_pair",
    "end_due",
    "end_lease",
    "end_mandate",
    "evaluate",
    "explain",
    "explain_thing",
    "give_mandate",
    "guard_all",
    "guard_statements",
    "has_reader",
    "held_lease",
    "keep_rules",
    "leases_at",
    "leases_over",
    "leases_to_decide",
    "look",
    "mandates",
    "my_leases",
    "named",
    "noon",
    "open_door",
    "pairs",
    "policies",
    "register",
    "require",
    "require_asker",
    "require_authority",
    "stand_of_post",
    "stands_of",
    "take_up",
    "visible",
    "why",
]
