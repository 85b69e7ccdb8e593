"""Rows of joiners, movers and leavers, and of what the national database is told."""

from django.db import models
from django.db.models import Q

from cuaso.kernel.identifiers import new_id


class Official(models.Model):
    """One row a file of the registry: the person, account and post that follow it.

    States: waiting (not begun), working, gone. `agency_id` is where the person works or worked,
    `keeper_id` the agency that keeps the file.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    registry = models.CharField(max_length=100)
    record_id = models.UUIDField(unique=True)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=300, blank=True, default="")
    keeper_id = models.UUIDField()
    agency_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    account_id = models.UUIDField(null=True)
    post_id = models.UUIDField(null=True)
    state = models.CharField(max_length=8, default="waiting")
    code_given_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account_id"], name="personnel_official_account")]


class Movement(models.Model):
    """One row an official's joining, moving, leaving or coming back, done or stuck.

    An official has one stuck row at most; it becomes the done one. `trouble` is "" when done.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default="done")
    title = models.CharField(max_length=200, blank=True, default="")
    organisation = models.CharField(max_length=300, blank=True, default="")
    basis = models.TextField()
    effective_date = models.DateField()
    late_days = models.PositiveIntegerField(default=0)
    username = models.CharField(max_length=150, blank=True, default="")
    made_at = models.DateTimeField()
    trouble_code = models.CharField(max_length=60, blank=True, default="")
    trouble = models.TextField(blank=True, default="")
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["official"], condition=Q(state="stuck"), name="personnel_stuck_once"
            )
        ]
        indexes = [
            models.Index(fields=["-made_at"], name="personnel_movement_made"),
            models.Index(
                fields=["next_try_at"], condition=Q(state="stuck"), name="personnel_movement_due"
            ),
        ]


class Decision(models.Model):
    """One row a decision that was issued: it acts on `effective_date`.

    States: waiting, stuck (its day has come, `trouble` says why it did not act), done, void (it was
    taken back before).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    registry = models.CharField(max_length=100)
    record_id = models.UUIDField(unique=True)
    keeper_id = models.UUIDField()
    number = models.CharField(max_length=60)
    act = models.CharField(max_length=200)
    official_name = models.CharField(max_length=300)
    effective_date = models.DateField()
    move = models.CharField(max_length=60)
    state = models.CharField(max_length=8, default="waiting")
    trouble = models.TextField(blank=True, default="")
    next_try_at = models.DateTimeField(null=True)
    late_days = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    acted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["effective_date"],
                condition=Q(state__in=["waiting", "stuck"]),
                name="personnel_decision_due",
            )
        ]


class Message(models.Model):
    """One row what the national database is to be told of a record, as it was at `version`.

    What a person `decided` may be written over what has the hash `based_on` ("": nothing); else it
    is what was acknowledged last. States: waiting, sending, sent, failed (refused, a person must
    look), passed (a later one says more, or the other side changed first). Once acknowledged what
    was said goes; its hash and the `receipt` stay. `next_try_at` ends the lease while `sending`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    registry = models.CharField(max_length=100, blank=True, default="")
    record_id = models.UUIDField(null=True)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    said = models.JSONField(default=dict)
    withdrawn = models.BooleanField(default=False)
    decided = models.BooleanField(default=False)
    based_on = models.CharField(max_length=64, blank=True, default="")
    said_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, default="waiting")
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=100, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="personnel_message_once")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(state__in=["waiting", "sending"]),
                name="personnel_message_due",
            ),
            models.Index(
                fields=["-made_at"], condition=Q(state="failed"), name="personnel_message_failed"
            ),
        ]


class Comparison(models.Model):
    """One row a try to compare with the national database; `trouble` is "" when it was done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    at = models.DateTimeField()
    same = models.PositiveIntegerField(default=0)
    on_their_way = models.PositiveIntegerField(default=0)
    only_here = models.PositiveIntegerField(default=0)
    only_there = models.PositiveIntegerField(default=0)
    other_values = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["-at"], name="personnel_comparison_at")]


class Difference(models.Model):
    """One row something on which the two sides differ: `path` is "" for a whole record.

    Kinds: only_here, only_there, other_value. States: open, settled (a person decided, `decision`
    says how), agreed (the sides agree again by themselves).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    registry = models.CharField(max_length=100, blank=True, default="")
    record_id = models.UUIDField(null=True)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=300, blank=True, default="")
    kind = models.CharField(max_length=12)
    path = models.CharField(max_length=130, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    here = models.TextField(blank=True, default="")
    here_text = models.TextField(blank=True, default="")
    there = models.TextField(blank=True, default="")
    there_version = models.PositiveIntegerField(default=0)
    there_sha256 = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=8, default="open")
    decision = models.CharField(max_length=12, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    decided_by = models.CharField(max_length=200, blank=True, default="")
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "path"], condition=Q(state="open"), name="personnel_difference_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["-found_at"],
                condition=Q(state="open"),
                name="personnel_difference_open",
            )
        ]
