"""The audit's only door: ledger, outbox and access log."""

from cuaso.foundation.audit.logic.completing import completed
from cuaso.foundation.audit.logic.deliver import deliver, troubles
from cuaso.foundation.audit.logic.erase import erase_content
from cuaso.foundation.audit.logic.gathering import at_once, gathered, gathers, write
from cuaso.foundation.audit.logic.history import entry, history
from cuaso.foundation.audit.logic.joining import joining
from cuaso.foundation.audit.logic.keys import key_status, production_refusals
from cuaso.foundation.audit.logic.looks import log_look, log_looks
from cuaso.foundation.audit.logic.planned import planned
from cuaso.foundation.audit.logic.prove import (
    check_consistency,
    check_proof,
    heads,
    prove,
    prove_consistency,
    public_keys,
    tree_head,
)
from cuaso.foundation.audit.logic.publish import publish
from cuaso.foundation.audit.logic.record import record
from cuaso.foundation.audit.logic.seen import looks_at, looks_told
from cuaso.foundation.audit.logic.sequence import sequence
from cuaso.foundation.audit.logic.stamps import memory
from cuaso.foundation.audit.logic.verify import verify
from cuaso.foundation.audit.logic.wake import listening, wait_for_events, wake_for

__all__ = [
    "at_once",
    "check_consistency",
    "check_proof",
    "completed",
    "deliver",
    "entry",
    "erase_content",
    "gathered",
    "gathers",
    "heads",
    "history",
    "joining",
    "key_status",
    "listening",
    "log_look",
    "log_looks",
    "looks_at",
    "looks_told",
    "memory",
    "planned",
    "production_refusals",
    "prove",
    "prove_consistency",
    "public_keys",
    "publish",
    "record",
    "sequence",
    "tree_head",
    "troubles",
    "verify",
    "wait_for_events",
    "wake_for",
    "write",
]
