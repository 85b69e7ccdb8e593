"""Rows of the ledger, the outbox and the access log.

Entry, Node, Head, LedgerKey, Look and LookAtMany refuse UPDATE, DELETE and TRUNCATE by triggers
in the migrations (`logic/guards.py`). Nothing references these tables by foreign key, so each can
become a table partitioned by year of its moment; its unique constraints then take that
moment in as well.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import Q

from cuaso.kernel.identifiers import new_id


class Entry(models.Model):
    """One act. `leaf` = hash of the header, which holds `commitment` to the sealed text."""

    position = models.BigAutoField(primary_key=True)
    entry_id = models.UUIDField(unique=True, default=new_id)
    recorded_at = models.DateTimeField()
    act = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    actor_kind = models.TextField()
    actor_person_id = models.UUIDField(null=True)
    actor_post_id = models.UUIDField(null=True)
    actor_agency_id = models.UUIDField(null=True)
    trace = models.TextField(default="")
    sealed = models.TextField(null=True)  # noqa: DJ001 null is "erased", "" would be a text
    salt = models.BinaryField(null=True)
    commitment = models.BinaryField()
    leaf = models.BinaryField()
    leaf_index = models.BigIntegerField(null=True, unique=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["subject_id", "position"], name="audit_entry_subject"),
            models.Index(
                fields=["position"],
                condition=Q(leaf_index__isnull=True),
                name="audit_entry_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.entry_id}"


class Node(models.Model):
    """The hash of a perfect subtree: leaves [index << level, (index + 1) << level)."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_node"

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Head(models.Model):
    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    signed_at = models.DateTimeField()
    key_id = models.TextField()
    checkpoint = models.TextField()

    class Meta:
        db_table = "audit_head"

    def __str__(self) -> str:
        return str(self.size)


class LedgerKey(models.Model):
    """A public key that has signed heads; its first use is itself an entry."""

    key_id = models.TextField(primary_key=True)
    public_key = models.BinaryField()
    added_at = models.DateTimeField()

    class Meta:
        db_table = "audit_key"

    def __str__(self) -> str:
        return self.key_id


class Event(models.Model):
    """The outbox. `settled_at` is set once every subscriber of the topic has had the event."""

    position = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True, default=new_id)
    topic = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.UUIDField()
    payload = models.JSONField()
    key = models.TextField(null=True, unique=True)  # noqa: DJ001 many events have no key
    trace = models.TextField(default="")
    published_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "audit_event"
        indexes = [
            models.Index(
                fields=["next_try_at", "position"],
                condition=Q(settled_at__isnull=True),
                name="audit_event_due",
            ),
            models.Index(
                fields=["subject_id", "position"],
                condition=Q(settled_at__isnull=True),
                name="audit_event_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.event_id}"


class Delivery(models.Model):
    """What one subscriber has had of one event."""

    event_id = models.UUIDField()
    subscriber = models.TextField()
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "audit_delivery"
        constraints = [
            models.UniqueConstraint(fields=["event_id", "subscriber"], name="audit_delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(delivered_at__isnull=True),
                name="audit_delivery_failing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} {self.event_id}"


class _Looking(models.Model):
    """Who looked at things of one kind, when and what for."""

    look_id = models.UUIDField(primary_key=True, default=new_id)
    looked_at = models.DateTimeField()
    subject_kind = models.TextField()
    actor_kind = models.TextField()
    actor_name = models.TextField()
    actor_person_id = models.UUIDField(null=True)
    actor_post_id = models.UUIDField(null=True)
    actor_agency_id = models.UUIDField(null=True)
    purpose = models.TextField()
    task = models.TextField(default="")
    trace = models.TextField(default="")

    class Meta:
        abstract = True


class Look(_Looking):
    person_id = models.UUIDField()
    subject_id = models.UUIDField()

    class Meta:
        db_table = "audit_look"
        indexes = [models.Index(fields=["person_id", "-looked_at"], name="audit_look_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.looked_at}"


class LookAtMany(_Looking):
    """People seen at a time: `people[n]` is a person seen in the thing `subjects[n]`. `listed`: on
    a page of a list, not in a file that went out.
    """

    people = ArrayField(models.UUIDField())
    subjects = ArrayField(models.UUIDField())
    listed = models.BooleanField()

    class Meta:
        db_table = "audit_look_many"
        indexes = [
            # Whoever fills the list of what waits for the index pays for it: it is kept short.
            GinIndex(fields=["people"], name="audit_look_many_people", gin_pending_list_limit=256),
            # Rows lie in the order of their moments, so that the newest are found by blocks.
            BrinIndex(
                fields=["looked_at"],
                name="audit_look_many_at",
                pages_per_range=32,
                autosummarize=True,
            ),
        ]

    def __str__(self) -> str:
        return f"{len(self.people)} {self.looked_at}"
