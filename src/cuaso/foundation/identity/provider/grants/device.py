"""A device without a keyboard waits while its person says yes elsewhere (RFC 8628)."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.http import HttpRequest

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.logic.record_account_act import actor_for
from cuaso.foundation.identity.logic.switch_capacity import SESSION_KEY
from cuaso.foundation.identity.models import Account
from cuaso.foundation.identity.provider.errors import ProtocolError, invalid_grant
from cuaso.foundation.identity.provider.grants.alive import is_alive
from cuaso.foundation.identity.provider.grants.end import subject_of
from cuaso.foundation.identity.provider.grants.give import give
from cuaso.foundation.identity.provider.grants.proof import Binding
from cuaso.foundation.identity.provider.hashing import digest, fresh
from cuaso.foundation.identity.provider.models import Client, DeviceRequest, Grant
from cuaso.foundation.identity.provider.sessions.begin import sign_on_of
from cuaso.foundation.identity.provider.sessions.standing import standing_of
from cuaso.foundation.identity.provider.terms import DEVICE_INTERVAL_SECONDS, DEVICE_LIFE
from cuaso.foundation.identity.provider.tokens.make import Issued
from cuaso.kernel.actors import system
from cuaso.kernel.clock import now
from cuaso.kernel.identifiers import unguessable
from cuaso.kernel.subjects import Subject

_HALF: Final = 4


def start_device(
    *, client: Client, scopes: tuple[str, ...], audience: tuple[str, ...]
) -> tuple[str, DeviceRequest]:
    """Return the device's own code and the row with what its person types in."""
    word = fresh()
    row = DeviceRequest.objects.create(
        device_hash=digest(word),
        user_code=f"{unguessable(_HALF)}-{unguessable(_HALF)}",
        client=client,
        scopes=list(scopes),
        audience=list(audience),
        interval_seconds=DEVICE_INTERVAL_SECONDS,
        expires_at=now() + DEVICE_LIFE,
    )
    return word, row


def find_device(user_code: str) -> DeviceRequest | None:
    """Return the request that waits for an answer under the typed code, however it is typed."""
    letters = "".join(letter for letter in user_code.upper() if letter.isalnum())[:20]
    return (
        DeviceRequest.objects.select_related("client")
        .filter(
            user_code=f"{letters[:_HALF]}-{letters[_HALF:]}",
            grant=None,
            refused_at=None,
            expires_at__gt=now(),
            client__status=Client.Status.APPROVED,
        )
        .first()
    )


def answer_device(
    request: HttpRequest, *, account: Account, waiting: DeviceRequest, agreed: bool
) -> None:
    """Keep the person's answer; the device learns of it at its next question."""
    with transaction.atomic():
        row = DeviceRequest.objects.select_for_update().get(id=waiting.id)
        if row.grant_id is not None or row.refused_at is not None:
            return
        if agreed:
            standing = standing_of(request, account=account)
            row.grant = Grant.objects.create(
                client_id=row.client_id,
                account=account,
                sign_on=sign_on_of(request, account=account, standing=standing),
                scopes=row.scopes,
                audience=row.audience,
                capacity_key=request.session.get(SESSION_KEY, ""),
            )
        else:
            row.refused_at = now()
        row.save(update_fields=["grant", "refused_at"])
        audit.record(
            actor=actor_for(account, request=request),
            act="identity.device_allowed" if agreed else "identity.device_refused",
            subject=Subject(kind="identity.account", id=account.id),
            content={"client": waiting.client.client_id, "scopes": row.scopes},
        )


def fetch_device_tokens(*, client: Client, device_code: str, binding: Binding) -> Issued:
    """Return the tokens once the person has agreed; raise what the device must hear until then."""
    with transaction.atomic():
        row = (
            DeviceRequest.objects.select_for_update(of=("self",))
            .select_related("grant__account", "grant__sign_on")
            .filter(device_hash=digest(device_code), client=client)
            .first()
        )
        if row is None or row.spent_at is not None:
            raise invalid_grant("The device code is not known or has been used.")
        trouble = _trouble(row)
        if trouble is None:
            issued = _give(row, client=client, binding=binding)
    if trouble is not None:
        raise ProtocolError(error=trouble)
    return issued


def _trouble(row: DeviceRequest) -> str | None:
    """Return why there are no tokens yet; a device that asks too fast must ask more slowly."""
    if row.expires_at < now():
        return "expired_token"
    if row.refused_at is not None:
        return "access_denied"
    pause = timedelta(seconds=row.interval_seconds)
    hasty = row.asked_at is not None and row.asked_at + pause > now()
    row.asked_at = now()
    if hasty:
        row.interval_seconds += DEVICE_INTERVAL_SECONDS
    row.save(update_fields=["asked_at", "interval_seconds"])
    if hasty:
        return "slow_down"
    return "authorization_pending" if row.grant_id is None else None


def _give(row: DeviceRequest, *, client: Client, binding: Binding) -> Issued:
    grant = row.grant
    if grant is None or grant.ended_at is not None or not is_alive(grant.sign_on_id):
        raise invalid_grant("The session has ended.")
    row.spent_at = now()
    row.save(update_fields=["spent_at"])
    issued = give(
        grant,
        client=client,
        binding=binding,
        scopes=tuple(grant.scopes),
        audience=tuple(grant.audience),
    )
    audit.record(
        actor=system(client.name),
        act="identity.device_tokens_given",
        subject=subject_of(grant),
        content={"client": client.client_id, "grant": grant.id, "sid": grant.sign_on_id},
    )
    return issued
