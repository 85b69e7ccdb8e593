from cuaso.capabilities.payments import models
from cuaso.capabilities.payments.contracts import CheckedReceipt
from cuaso.capabilities.payments.logic import viewing
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.money import format_vnd


def check_receipt(*, code: str, number: str) -> CheckedReceipt | None:
    """Return what a printed receipt proves, None unless its code and its number agree.

    Both are wanted, so that nobody finds receipts by numbers alone. `ok` is False once money was
    given back: the receipt is real and no longer stands for the whole of it.
    """
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    row = models.Receipt.objects.select_related("obligation").filter(verify_code=typed).first()
    if not typed or row is None or not _same(viewing.receipt(row).written, number):
        return None
    owed = row.obligation
    back = owed.refunded_vnd
    told = f"Cơ quan đã thu {format_vnd(row.amount_vnd)}."
    if back:
        told = f"Cơ quan đã thu {format_vnd(row.amount_vnd)}, sau đó đã hoàn {format_vnd(back)}."
    return CheckedReceipt(
        ok=not back,
        title="Biên lai thu phí, lệ phí",
        number=viewing.receipt(row).written,
        agency_name=directory.agency(row.agency_id).name,
        issued_date=clock.legal_date(row.issued_at),
        amount_vnd=row.amount_vnd,
        sentence=told,
    )


def _same(written: str, typed: str) -> bool:
    """Compare numbers as people type them: leading zeros and blanks do not count."""
    return "".join(written.split()).lstrip("0") == "".join(typed.split()).lstrip("0")
