"""Write a change of money into the ledger and the outbox, in the change's own transaction."""

from collections.abc import Mapping

from cuaso.capabilities.payments import models
from cuaso.capabilities.payments.logic import viewing
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.money import format_vnd


def tell(
    row: models.Obligation,
    *,
    topic: str,
    actor: Actor,
    content: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Record an act about an obligation and publish it under the same name."""
    about = viewing.subject(row)
    facts: dict[str, object] = {
        "obligation": row.id,
        "key": row.key,
        "amount_vnd": row.amount_vnd,
        "amount_say": format_vnd(row.amount_vnd),
        "state": row.state,
        "method": row.method,
    }
    facts |= content or {}
    audit.record(actor=actor, act=topic, subject=about, content=facts, reason=reason)
    audit.publish(topic=topic, subject=about, payload={**facts, "reason": reason})
