from uuid import UUID

from django.db.models import F

from cuaso.capabilities.payments import models
from cuaso.kernel import clock
from cuaso.kernel.identifiers import unguessable

VERIFY_LETTERS = 12


def give(
    row: models.Obligation, *, agency_id: UUID, method: str, cashier: str = ""
) -> models.Receipt:
    """Number a receipt for a paid obligation, inside the payment's transaction.

    The series has neither gap nor double: its row is locked until the payment is committed, so
    this is the last that locks.
    """
    at = clock.now()
    year = clock.legal_date(at).year
    book = {"agency_id": agency_id, "year": year}
    models.ReceiptBook.objects.bulk_create([models.ReceiptBook(**book)], ignore_conflicts=True)
    models.ReceiptBook.objects.filter(**book).update(last=F("last") + 1)
    return models.Receipt.objects.create(
        obligation=row,
        agency_id=agency_id,
        year=year,
        number=models.ReceiptBook.objects.get(**book).last,
        amount_vnd=row.amount_vnd,
        method=method,
        cashier=cashier,
        verify_code=unguessable(VERIFY_LETTERS),
        issued_at=at,
    )
