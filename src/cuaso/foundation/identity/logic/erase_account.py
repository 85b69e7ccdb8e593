"""Forget a citizen's account by law: content goes, the ledger keeps its commitments."""

from typing import Final
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.identity.contracts import Forgotten
from cuaso.foundation.identity.logic.open_account import close_account
from cuaso.foundation.identity.models import Account, Impersonation, KnownDevice
from cuaso.foundation.identity.provider.models import Consent
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

NOBODY: Final = "Tài khoản đã xóa"


def erase_account(*, actor: Actor, person_id: UUID, reason: str) -> Forgotten:
    """Shut the person's citizen account and take out of it whatever tells whose it was.

    An official's account follows the service relation and is not erased here. Whoever signs in by
    VNeID later begins anew. Raises NotFound without an account.
    """
    with transaction.atomic():
        mine = Account.objects.select_for_update().filter(person_id=person_id)
        row = mine.filter(kind=Account.Kind.CITIZEN).first()
        if row is None:
            raise NotFound(
                code="identity.no_account",
                what="Không có tài khoản công dân nào để xóa.",
                mend="Có thể tài khoản đã được xóa trước đó.",
            )
        sessions = UserSession.objects.filter(user=row).count()
        close_account(actor=actor, account_id=row.id, reason=reason)
        row.refresh_from_db()
        forgotten = Forgotten(
            sessions=sessions,
            devices=KnownDevice.objects.filter(account=row).delete()[0],
            systems=Consent.objects.filter(account=row).delete()[0],
            entries=_erase_entries(row.id, actor=actor, reason=reason),
        )
        SocialAccount.objects.filter(user=row).delete()
        Impersonation.objects.filter(account=row).delete()
        row.display_name, row.email = NOBODY, ""
        row.username, row.person_id = f"da-xoa-{row.id.hex}", new_id()
        row.save(update_fields=["display_name", "email", "username", "person_id"])
        audit.record(
            actor=actor,
            act="identity.account_erased",
            subject=Subject(kind="identity.account", id=row.id),
            content={"devices": forgotten.devices, "entries": forgotten.entries},
            reason=reason,
        )
    return forgotten


def _erase_entries(account_id: UUID, *, actor: Actor, reason: str) -> int:
    """Erase what the ledger's entries on the account tell; their commitments stay provable."""
    entries = audit.history(Subject(kind="identity.account", id=account_id))
    open_ones = [one.id for one in entries if one.erased_at is None]
    for entry_id in open_ones:
        audit.erase_content(actor=actor, entry_id=entry_id, reason=reason)
    return len(open_ones)
