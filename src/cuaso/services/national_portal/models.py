"""Rows of the national portal's engine."""

from django.db import models
from django.db.models import Q

from cuaso.kernel.identifiers import new_id


class Link(models.Model):
    """One row a dossier that the national portal knows, under its `code` there.

    `origin` is where it was submitted: national or here. `person_id` is who submitted it there,
    in which `capacity` (citizen, business or guardian) and for whom (`party_id`, None for oneself).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier_id = models.UUIDField(unique=True)
    code = models.CharField(max_length=60, unique=True)
    origin = models.CharField(max_length=10)
    person_id = models.UUIDField(null=True)
    capacity = models.CharField(max_length=10, default="citizen")
    party_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()


class Arrival(models.Model):
    """One row a message that was taken in: the same `kind` and `key` again gets `answer`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=130)
    sha256 = models.CharField(max_length=64)
    key_id = models.CharField(max_length=40)
    arrived_at = models.DateTimeField()
    answer = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="national_portal_arrival_once")
        ]


class Update(models.Model):
    """One row something that the portal must know of a dossier, as it was at that moment.

    `version` orders the updates of a dossier. `said_sha256` is of what is said apart from version
    and moment. `next_try_at` is the end of the lease while it is `sending`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField()
    said = models.JSONField()
    said_sha256 = models.CharField(max_length=64)
    file_id = models.UUIDField(null=True)
    state = models.CharField(max_length=8, default="waiting")
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "version"], name="national_portal_update_once")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="national_portal_update_due",
            ),
            models.Index(
                fields=["-made_at"],
                condition=Q(state="failed"),
                name="national_portal_update_failed",
            ),
            models.Index(fields=["made_at"], name="national_portal_update_made"),
        ]


class Reconciliation(models.Model):
    """One row a try to compare a day; `trouble` is "" when it was done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    at = models.DateTimeField()
    same = models.PositiveIntegerField(default=0)
    behind_there = models.PositiveIntegerField(default=0)
    unknown_there = models.PositiveIntegerField(default=0)
    unknown_here = models.PositiveIntegerField(default=0)
    different = models.PositiveIntegerField(default=0)
    queued_again = models.PositiveIntegerField(default=0)
    fees_same = models.PositiveIntegerField(default=0)
    fees_differing = models.PositiveIntegerField(default=0)
    differences = models.JSONField(default=list)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["-at"], name="national_portal_recon_at")]


class Missing(models.Model):
    """One row a dossier that the portal's list has and the province has not.

    States: waiting (to be asked for), taken (it is here now), refused (a person must look).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=8, default="waiting")
    found_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state="waiting"),
                name="national_portal_missing_due",
            ),
            models.Index(
                fields=["-found_at"],
                condition=Q(state__in=["waiting", "refused"]),
                name="national_portal_missing_open",
            ),
        ]


class FeeRefund(models.Model):
    """One row money that the portal is asked to give back; `id` is its number on the wire.

    `refund_id` is the official's decision. States: waiting, sending (`next_try_at` ends the
    lease), taken (the portal will settle it), done, refused (`trouble` says why).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    refund_id = models.UUIDField()
    code = models.CharField(max_length=60)
    transaction = models.CharField(max_length=60)
    amount_vnd = models.BigIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=8, default="waiting")
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_vnd__gt=0), name="national_portal_refund_amount"
            ),
            models.UniqueConstraint(
                fields=["refund_id"],
                condition=Q(state__in=["waiting", "sending", "taken"]),
                name="national_portal_refund_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="national_portal_refund_due",
            ),
            models.Index(fields=["sent_at"], name="national_portal_refund_sent"),
        ]


class FeeNotice(models.Model):
    """One row money that the portal took for the dossier under `code` there.

    States: waiting (the dossier is not here, or owes nothing yet), settled, kept (it is here and
    owes another amount or nothing: a person decides on its return, `trouble` says why), returned.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=60)
    transaction = models.CharField(max_length=60, unique=True)
    amount_vnd = models.BigIntegerField()
    paid_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting")
    trouble = models.TextField(blank=True, default="")
    told_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="national_portal_fee_amount")
        ]
        indexes = [
            models.Index(fields=["paid_at"], name="national_portal_fee_paid"),
            models.Index(
                fields=["code"],
                condition=Q(state__in=["waiting", "kept"]),
                name="national_portal_fee_open",
            ),
        ]
