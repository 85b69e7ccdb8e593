"""The only door of the messages engine."""

from cuaso.capabilities.messages.logic.deliver import deliver_due
from cuaso.capabilities.messages.logic.install import install
from cuaso.capabilities.messages.logic.look import failed, messages_about, retry, status
from cuaso.capabilities.messages.logic.own import forget_messages, messages_to
from cuaso.capabilities.messages.logic.receipt import receive_receipt
from cuaso.capabilities.messages.logic.send import send

__all__ = [
    "deliver_due",
    "failed",
    "forget_messages",
    "install",
    "messages_about",
    "messages_to",
    "receive_receipt",
    "retry",
    "send",
    "status",
]
