"""The only door of payments."""

from cuaso.capabilities.payments.logic.accounts import install_accounts, transfer
from cuaso.capabilities.payments.logic.callback import receive_callback
from cuaso.capabilities.payments.logic.cash import (
    cash_day,
    close_cash_day,
    days_to_close,
    take_cash,
)
from cuaso.capabilities.payments.logic.check_receipt import check_receipt
from cuaso.capabilities.payments.logic.elsewhere import (
    set_national_aside,
    take_national,
)
from cuaso.capabilities.payments.logic.look import (
    obligation,
    obligations_about,
    open_at_desk,
    refund_of,
    refunds_about,
    refunds_to_decide,
    status,
)
from cuaso.capabilities.payments.logic.oblige import cancel, oblige, waive
from cuaso.capabilities.payments.logic.reconcile import reconcile, report
from cuaso.capabilities.payments.logic.refund import (
    approve_refund,
    decline_refund,
    refund,
    settle_national_refund,
)
from cuaso.capabilities.payments.logic.retry import retry_due
from cuaso.capabilities.payments.logic.start_payment import start_payment
from cuaso.capabilities.payments.logic.suggest import suggest_refund
from cuaso.capabilities.payments.logic.vietqr import encode as vietqr

__all__ = [
    "approve_refund",
    "cancel",
    "cash_day",
    "check_receipt",
    "close_cash_day",
    "days_to_close",
    "decline_refund",
    "install_accounts",
    "obligation",
    "obligations_about",
    "oblige",
    "open_at_desk",
    "receive_callback",
    "reconcile",
    "refund",
    "refund_of",
    "refunds_about",
    "refunds_to_decide",
    "report",
    "retry_due",
    "set_national_aside",
    "settle_national_refund",
    "start_payment",
    "status",
    "suggest_refund",
    "take_cash",
    "take_national",
    "transfer",
    "vietqr",
    "waive",
]
