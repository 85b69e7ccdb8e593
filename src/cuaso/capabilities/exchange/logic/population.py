"""The population port: everything that is asked of the national population database."""

from cuaso.capabilities.exchange.logic.person_facts import person_facts
from cuaso.capabilities.exchange.logic.retry import request_personal_number, retry_due
from cuaso.capabilities.exchange.logic.status import evidence_about, status
from cuaso.capabilities.exchange.logic.want_number import pending_about, want_personal_number

__all__ = [
    "evidence_about",
    "pending_about",
    "person_facts",
    "request_personal_number",
    "retry_due",
    "status",
    "want_personal_number",
]
