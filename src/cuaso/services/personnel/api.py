"""The only door of personnel."""

from cuaso.services.personnel.logic.act_on_decisions import act_due
from cuaso.services.personnel.logic.attend import give_code, retry_decision, retry_due, try_again
from cuaso.services.personnel.logic.comings import comings
from cuaso.services.personnel.logic.compare import reconcile, reconcile_due
from cuaso.services.personnel.logic.decide import decide, send_refused_again
from cuaso.services.personnel.logic.house import production_refusals
from cuaso.services.personnel.logic.send import send_due
from cuaso.services.personnel.logic.synchronisation import synchronisation

__all__ = [
    "act_due",
    "comings",
    "decide",
    "give_code",
    "production_refusals",
    "reconcile",
    "reconcile_due",
    "retry_decision",
    "retry_due",
    "send_due",
    "send_refused_again",
    "synchronisation",
    "try_again",
]
