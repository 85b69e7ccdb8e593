"""Identity's only door: who acts, in which capacity, and who may enter."""

from cuaso.foundation.identity.gates import citizen_required, official_required
from cuaso.foundation.identity.logic.install_demonstration import (
    demonstration_accounts,
    install_demonstration,
)
from cuaso.foundation.identity.logic.keep_sessions import forget_ended
from cuaso.foundation.identity.logic.list_capacities import capacities
from cuaso.foundation.identity.logic.open_account import close_account, open_official_account
from cuaso.foundation.identity.logic.refuse_production import production_refusals
from cuaso.foundation.identity.logic.resolve_actor import actor_of, assurance_of
from cuaso.foundation.identity.logic.switch_capacity import switch
from cuaso.foundation.identity.pages import refusal_page, too_many

require_citizen = citizen_required
require_official = official_required

__all__ = [
    "actor_of",
    "assurance_of",
    "capacities",
    "citizen_required",
    "close_account",
    "demonstration_accounts",
    "forget_ended",
    "install_demonstration",
    "official_required",
    "open_official_account",
    "production_refusals",
    "refusal_page",
    "require_citizen",
    "require_official",
    "switch",
    "too_many",
]
