"""Put what happens to an account into the ledger."""

from collections.abc import Mapping

from django.http import HttpRequest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.list_capacities import find
from cuaso.foundation.identity.logic.switch_capacity import SESSION_KEY
from cuaso.foundation.identity.models import Account
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject


def actor_for(account: Account, *, request: HttpRequest) -> Actor:
    """Return the account's actor, or one with the person alone when no capacity is left."""
    capacity = find(account, key=request.session.get(SESSION_KEY, ""))
    if capacity is not None:
        return capacity.actor
    return Actor(
        kind="official" if account.kind == Account.Kind.OFFICIAL else "citizen",
        name=account.display_name,
        person_id=account.person_id,
    )


def record_account_act(
    account: Account, *, act: str, request: HttpRequest, content: Mapping[str, object] | None = None
) -> None:
    """Append to the ledger; inside the caller's transaction."""
    audit.record(
        actor=actor_for(account, request=request),
        act=act,
        subject=Subject(kind="identity.account", id=account.id),
        content=content or {},
    )
