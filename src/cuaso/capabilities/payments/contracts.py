"""What crosses the door of payments. Amounts are whole đồng."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from cuaso.kernel.subjects import Subject

Kind = Literal["phí", "lệ phí"]
State = Literal["open", "paid", "partly_refunded", "refunded", "waived", "cancelled"]
# national: paid at the national portal before or after the dossier came here.
Method = Literal["", "gateway", "cash", "national"]
# What became of money that the gateway told of: matched pays an obligation; the others wait for
# an official; returned was given back.
CreditState = Literal["matched", "wrong_amount", "surplus", "unknown", "returned"]
RefundState = Literal["suggested", "asked", "done", "failed", "declined"]

OBLIGED = "payments.obliged"
PAID = "payments.paid"
REFUNDED = "payments.refunded"
WAIVED = "payments.waived"
CANCELLED = "payments.cancelled"
DISCREPANCY = "payments.discrepancy"
REFUND_FAILED = "payments.refund_failed"
REFUND_ASKED = "payments.refund_asked"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing to pay for, with the source of its amount."""

    title: str
    amount_vnd: int
    kind: Kind
    source: str
    unverified: bool = False


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A numbered receipt; `written` is the number as people write it.

    `verify_code` stands in its QR code: with the number it proves the receipt to anybody.
    """

    id: UUID
    written: str
    number: int
    year: int
    agency_id: UUID
    amount_vnd: int
    amount_words: str
    method: Method
    payer_name: str
    title: str
    cashier: str
    issued_at: datetime
    verify_code: str


@dataclass(frozen=True, kw_only=True)
class CheckedReceipt:
    """What anybody may learn of a receipt by its code and number: nothing of who paid."""

    ok: bool
    title: str
    number: str
    agency_name: str
    issued_date: date
    amount_vnd: int
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Obligation:
    """What somebody owes, and how it stands. `reference` is written into a transfer.

    `going_back_vnd` was decided to be given back and is not there yet.
    """

    id: UUID
    key: str
    payer_id: UUID
    payer_name: str
    agency_id: UUID
    subject: Subject
    reference: str
    title: str
    lines: tuple[Line, ...]
    amount_vnd: int
    refunded_vnd: int
    state: State
    state_say: str
    method: Method
    reason: str
    opened_at: datetime
    settled_at: datetime | None
    receipt: Receipt | None
    going_back_vnd: int = 0


@dataclass(frozen=True, kw_only=True)
class PaymentPage:
    """Where at the gateway a person pays."""

    obligation_id: UUID
    session: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Credit:
    """Money that the gateway says it took: `session` is "" for a transfer without our page."""

    transaction: str
    reference: str
    session: str
    amount_vnd: int
    currency: str
    paid_at: datetime


@dataclass(frozen=True, kw_only=True)
class Refund:
    """Money to give back. `surplus` was never counted as paying the obligation.

    It goes back by the `method` by which it came; `transaction` is the number under which the
    national portal took it, "" for money that came otherwise.
    """

    id: UUID
    obligation_id: UUID | None
    subject: Subject | None
    reference: str
    payer_name: str
    amount_vnd: int
    reason: str
    state: RefundState
    state_say: str
    surplus: bool
    asked_at: datetime
    settled_at: datetime | None
    trouble: str
    method: Method = ""
    transaction: str = ""


@dataclass(frozen=True, kw_only=True)
class Taking:
    """Cash that came in (or went out, below zero) at a desk."""

    at: datetime
    amount_vnd: int
    title: str
    payer_name: str
    receipt: str


@dataclass(frozen=True, kw_only=True)
class CashDay:
    """One cashier's day. `difference_vnd` is counted less recorded, None before closing."""

    day: date
    cashier: str
    takings: tuple[Taking, ...]
    recorded_vnd: int
    counted_vnd: int | None
    difference_vnd: int | None
    reason: str
    closed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """What a comparison of one day found; each tuple holds the gateway's transaction numbers.

    mended: paid there, open here, now paid. kept: money there that pays nothing here (wrong
    amount, unknown reference, settled before). differing: other amount or reference than ours.
    missing_there: we know it, the gateway's list does not.
    """

    day: date
    at: datetime
    matching: int
    mended: tuple[str, ...]
    kept: tuple[str, ...]
    differing: tuple[str, ...]
    missing_there: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GatewayStatus:
    """How the gateway stands, without asking it. `unclaimed` is money that pays nothing known."""

    configured: bool
    waiting: int
    say: str
    last: Reconciliation | None = None
    unclaimed: tuple[Refund, ...] = ()


@dataclass(frozen=True)
class CollectionAccountRow:
    """`collection_accounts.csv`: the account into which an agency and those below it collect."""

    agency_key: str
    bank_bin: str
    bank_name: str
    account: str
    holder: str
    from_: date | None
    to: date | None
    source: str
    unverified: bool


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """What a person needs for a bank transfer; `qr` is the text of the VietQR code."""

    bank_name: str
    account: str
    holder: str
    amount_vnd: int
    reference: str
    qr: str
