"""The accounts into which agencies collect, and the VietQR code for a transfer to one."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from cuaso.capabilities.payments import contracts, models
from cuaso.capabilities.payments.contracts import CollectionAccountRow, Transfer
from cuaso.capabilities.payments.logic import vietqr
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.subjects import Subject

BEGINNING = date(2000, 1, 1)


def install_accounts(rows: Iterable[CollectionAccountRow], *, actor: Actor) -> int:
    """Add collection accounts; what stands unchanged is left alone. Return how many are new."""
    return sum(_install(row, actor=actor) for row in rows)


def _install(row: CollectionAccountRow, *, actor: Actor) -> int:
    # Refuse in the installation what no bank would read on the day of payment.
    vietqr.encode(bank_bin=row.bank_bin, account=row.account, amount_vnd=1, purpose="PHI")
    agency = directory.agency_by_key(row.agency_key)
    values = {
        "bank_bin": row.bank_bin,
        "bank_name": row.bank_name,
        "account": row.account,
        "holder": row.holder,
        "until_date": row.to + timedelta(days=1) if row.to else None,
        "source": row.source,
        "unverified": row.unverified,
    }
    with transaction.atomic():
        own = models.CollectionAccount.objects.select_for_update().filter(
            agency_id=agency.id, from_date=row.from_ or BEGINNING
        )
        kept = own.first()
        if kept is not None and all(getattr(kept, name) == one for name, one in values.items()):
            return 0
        if kept is None:
            kept = models.CollectionAccount(agency_id=agency.id, from_date=row.from_ or BEGINNING)
        for name, one in values.items():
            setattr(kept, name, one)
        kept.save()
        audit.record(
            actor=actor,
            act="payments.account_installed",
            subject=Subject(kind="payments.account", id=kept.id),
            content={"agency": row.agency_key, "bin": row.bank_bin, "account": row.account},
        )
    return 1


def transfer(owed: contracts.Obligation) -> Transfer | None:
    """Return how to pay by bank transfer, None where no account is known on this day.

    The account is the agency's own, else that of the nearest agency above it.
    """
    found = _account(owed.agency_id, on=clock.today())
    if found is None or owed.state != "open":
        return None
    return Transfer(
        bank_name=found.bank_name,
        account=found.account,
        holder=found.holder,
        amount_vnd=owed.amount_vnd,
        reference=owed.reference,
        qr=vietqr.encode(
            bank_bin=found.bank_bin,
            account=found.account,
            amount_vnd=owed.amount_vnd,
            purpose=owed.reference,
        ),
    )


def _account(agency_id: UUID, *, on: date) -> models.CollectionAccount | None:
    above: UUID | None = agency_id
    while above is not None:
        rows = models.CollectionAccount.objects.filter(
            Q(until_date=None) | Q(until_date__gt=on), agency_id=above, from_date__lte=on
        )
        found = rows.order_by("-from_date").first()
        if found is not None:
            return found
        above = directory.agency(above).parent_id
    return None
