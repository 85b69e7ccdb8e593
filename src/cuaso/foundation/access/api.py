"""The access engine's only door: one policy answers "which rows?", "may I?" and "why?"."""

from cuaso.foundation.access.check_contracts import AuthorityProof, RoleConflict
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
from cuaso.foundation.access.logic.pairs import declare_pair, pairs, require_roles_apart
from cuaso.foundation.access.logic.prove_authority import as_content, authority_proofs
from cuaso.foundation.access.logic.register import BadPolicy, check, policies, register
from cuaso.foundation.access.logic.role_conflicts import keep_conflict, role_conflicts
from cuaso.foundation.access.logic.rules import keep_rules
from cuaso.foundation.access.logic.sieve import sieve
from cuaso.foundation.access.logic.standing import noon, stand_of_post, stands_of
from cuaso.foundation.access.logic.words import IN_EMERGENCY, ROLES

__all__ = [
    "IN_EMERGENCY",
    "ROLES",
    "AuthorityProof",
    "BadPolicy",
    "RoleConflict",
    "actor_of_lease",
    "as_content",
    "ask_lease",
    "authority",
    "authority_proofs",
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
    "keep_conflict",
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
    "require_roles_apart",
    "role_conflicts",
    "sieve",
    "stand_of_post",
    "stands_of",
    "take_up",
    "visible",
    "why",
]
