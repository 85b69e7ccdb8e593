"""The only door of the national portal's engine."""

from cuaso.services.national_portal.logic.ask_again import ask_again, ask_missing_due
from cuaso.services.national_portal.logic.receive_dossier import receive_dossier
from cuaso.services.national_portal.logic.receive_fee import receive_fee
from cuaso.services.national_portal.logic.receive_refund import receive_refund
from cuaso.services.national_portal.logic.receive_supplement import receive_supplement
from cuaso.services.national_portal.logic.receive_withdrawal import receive_withdrawal
from cuaso.services.national_portal.logic.reconcile import reconcile, reconcile_due
from cuaso.services.national_portal.logic.resend import resend
from cuaso.services.national_portal.logic.send import send_due
from cuaso.services.national_portal.logic.send_refunds import send_refunds_due
from cuaso.services.national_portal.logic.standing import standing
from cuaso.services.national_portal.logic.surroundings import production_refusals
from cuaso.services.national_portal.logic.wire import MOST_BYTES

__all__ = [
    "MOST_BYTES",
    "ask_again",
    "ask_missing_due",
    "production_refusals",
    "receive_dossier",
    "receive_fee",
    "receive_refund",
    "receive_supplement",
    "receive_withdrawal",
    "reconcile",
    "reconcile_due",
    "resend",
    "send_due",
    "send_refunds_due",
    "standing",
]
