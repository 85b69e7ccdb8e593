"""What is kept on a person's accounts, for that person."""

from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import OwnAccount
from cuaso.foundation.identity.logic.name_device import name_device
from cuaso.foundation.identity.logic.own_certificates import certificates_of
from cuaso.foundation.identity.models import Account, KnownDevice
from cuaso.foundation.identity.provider.sessions.overview import agreements
from cuaso.kernel.subjects import Subject


def own_accounts(person_id: UUID) -> tuple[OwnAccount, ...]:
    """Return the accounts of a person with everything that hangs on them; no secret is in it."""
    rows = Account.objects.filter(person_id=person_id).order_by("created_at")
    return tuple(_own(row) for row in rows)


def addresses_of(account_id: UUID) -> tuple[UUID, str] | None:
    """Return whose the account is and its own e-mail address, None for no such account."""
    row = Account.objects.filter(pk=account_id).first()
    return (row.person_id, row.email) if row else None


def _own(row: Account) -> OwnAccount:
    sessions = UserSession.objects.filter(user=row).order_by("created_at")
    devices = KnownDevice.objects.filter(account=row).order_by("first_at")
    return OwnAccount(
        id=row.id,
        kind=row.kind,
        username=row.username,
        name=row.display_name,
        email=row.email,
        active=row.is_active,
        created_at=row.created_at,
        vneid=SocialAccount.objects.filter(user=row).exists(),
        sessions=tuple((name_device(one.user_agent), one.ip, one.created_at) for one in sessions),
        devices=tuple((one.name, one.first_at, one.seen_at) for one in devices),
        systems=tuple((one.name, one.given_at) for one in agreements(row)),
        certificates=tuple((one.subject, one.added_at) for one in certificates_of(row)),
        acts=tuple(
            (one.at, one.act, one.actor_name)
            for one in audit.history(Subject(kind="identity.account", id=row.id))
        ),
    )
