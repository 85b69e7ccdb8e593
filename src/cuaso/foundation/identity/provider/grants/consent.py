"""What a person lets a system of others see."""

from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.models import Client, Consent
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import now
from cuaso.kernel.subjects import Subject


def has_agreed(*, account: Account, client: Client, scopes: tuple[str, ...]) -> bool:
    """Return whether nothing is left to ask; the province's own systems ask nothing."""
    if client.first_party:
        return True
    given = Consent.objects.filter(account=account, client=client).first()
    return given is not None and set(scopes) <= set(given.scopes)


def agree(*, actor: Actor, account: Account, client: Client, scopes: tuple[str, ...]) -> None:
    """Keep the person's yes, beside what they had agreed to before."""
    with transaction.atomic():
        held = Consent.objects.select_for_update().filter(account=account, client=client).first()
        row = held or Consent(account=account, client=client)
        row.scopes = sorted({*row.scopes, *scopes})
        row.given_at = now()
        row.save()
        _record(actor, account, act="identity.consent_given", client=client, scopes=scopes)


def refuse(*, actor: Actor, account: Account, client: Client, scopes: tuple[str, ...]) -> None:
    with transaction.atomic():
        _record(actor, account, act="identity.consent_refused", client=client, scopes=scopes)


def _record(
    actor: Actor, account: Account, *, act: str, client: Client, scopes: tuple[str, ...]
) -> None:
    audit.record(
        actor=actor,
        act=act,
        subject=Subject(kind="identity.account", id=account.id),
        content={"client": client.client_id, "scopes": list(scopes)},
    )
