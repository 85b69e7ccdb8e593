"""Rows of payments."""

from django.db import models
from django.db.models import F, Q

from cuaso.kernel.identifiers import new_id


class Obligation(models.Model):
    """One row what somebody owes. `desk_agency_id` is the desk that may take it in cash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    payer_id = models.UUIDField()
    payer_name = models.TextField()
    agency_id = models.UUIDField()
    desk_agency_id = models.UUIDField()
    subject_kind = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    reference = models.CharField(max_length=25, unique=True)
    title = models.TextField()
    lines = models.JSONField()
    amount_vnd = models.BigIntegerField()
    refunded_vnd = models.BigIntegerField(default=0)
    state = models.CharField(max_length=16, default="open")
    method = models.CharField(max_length=8, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_vnd__gt=0)
                & Q(refunded_vnd__gte=0)
                & Q(refunded_vnd__lte=F("amount_vnd")),
                name="payments_obligation_amounts",
            )
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="payments_obligation_subject"),
            models.Index(
                fields=["desk_agency_id", "-opened_at"],
                condition=Q(state="open"),
                name="payments_obligation_open",
            ),
        ]


class Attempt(models.Model):
    """One row a page of the gateway that was opened for an obligation.

    States: starting → started → paid, or expired.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=120, blank=True, default="")
    url = models.TextField(blank=True, default="")
    state = models.CharField(max_length=8, default="starting")
    started_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["obligation", "-started_at"], name="payments_attempt_of"),
            models.Index(
                fields=["next_try_at"], condition=Q(state="started"), name="payments_attempt_due"
            ),
        ]


class Credit(models.Model):
    """One row money that the gateway told of, known by the gateway's own number."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    transaction = models.CharField(max_length=120, unique=True)
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reference = models.CharField(max_length=120, blank=True)
    session = models.CharField(max_length=120, blank=True)
    amount_vnd = models.BigIntegerField()
    currency = models.CharField(max_length=8)
    state = models.CharField(max_length=12)
    told_by = models.CharField(max_length=10)
    paid_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["paid_at"], name="payments_credit_paid"),
            models.Index(fields=["obligation"], name="payments_credit_obligation"),
        ]


class Refund(models.Model):
    """One row money to give back. `credit` names the money of the gateway that goes back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, null=True, related_name="+"
    )
    credit = models.ForeignKey(Credit, on_delete=models.PROTECT, null=True, related_name="+")
    desk_agency_id = models.UUIDField(null=True)
    surplus = models.BooleanField(default=False)
    amount_vnd = models.BigIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True, default="")
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="payments_refund_amount")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="asked"), name="payments_refund_due"
            ),
            models.Index(
                fields=["desk_agency_id", "-asked_at"],
                condition=Q(state__in=["suggested", "failed"]),
                name="payments_refund_open",
            ),
            models.Index(fields=["obligation"], name="payments_refund_obligation"),
        ]


class ReceiptBook(models.Model):
    """One row a series of receipts: agency × year; `last` was given last, without a gap."""

    agency_id = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "year"], name="payments_book_once")
        ]


class Receipt(models.Model):
    """One row a receipt that was given."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    obligation = models.OneToOneField(Obligation, on_delete=models.PROTECT, related_name="+")
    agency_id = models.UUIDField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    amount_vnd = models.BigIntegerField()
    method = models.CharField(max_length=8)
    cashier = models.TextField(blank=True)
    verify_code = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "year", "number"], name="payments_receipt_once"
            )
        ]


class CashDay(models.Model):
    """One row a cashier's day; closed when `closed_at` is set."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    agency_id = models.UUIDField()
    cashier = models.TextField()
    day = models.DateField()
    recorded_vnd = models.BigIntegerField(default=0)
    counted_vnd = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "agency_id", "day"], name="payments_day_once"
            )
        ]


class Taking(models.Model):
    """One row cash in (above zero) or cash back out (below zero)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.ForeignKey(CashDay, on_delete=models.PROTECT, related_name="+")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="+")
    amount_vnd = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["day", "at"], name="payments_taking_day")]


class Reconciliation(models.Model):
    """One row a day to compare with the gateway. `report` is empty while it waits."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField(unique=True)
    state = models.CharField(max_length=8, default="waiting")
    report = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="waiting"), name="payments_reconcile_due"
            )
        ]


class CollectionAccount(models.Model):
    """One row the account into which an agency and those below it collect, from a day on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency_id = models.UUIDField()
    bank_bin = models.CharField(max_length=6)
    bank_name = models.TextField()
    account = models.CharField(max_length=19)
    holder = models.TextField()
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    source = models.TextField()
    unverified = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "from_date"], name="payments_account_once")
        ]


class KeyedAct(models.Model):
    """One row an act that came with a key of its sender: the same key again gets `result_id`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField()
    key = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    result_id = models.UUIDField(null=True)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "key"], name="payments_keyed_act_once")
        ]
