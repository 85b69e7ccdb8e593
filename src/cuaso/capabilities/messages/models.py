"""Rows of the messages engine."""

from django.db import models

from cuaso.kernel.identifiers import new_id


class Template(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=5)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=300, blank=True, default="")
    body = models.TextField()
    names = models.JSONField()
    installed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "language", "channel", "version"], name="messaging_template_once"
            ),
        ]


class Notice(models.Model):
    """One occasion to tell one person; `key` makes it once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    template = models.CharField(max_length=120)
    subject_kind = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="messaging_notice_subject"),
        ]


class Delivery(models.Model):
    """A notice on one channel. `next_try_at` is the end of the lease while it is `sending`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=5)
    language = models.CharField(max_length=2)
    template_version = models.PositiveIntegerField(default=0)
    address = models.CharField(max_length=300, blank=True, default="")
    recipient_name = models.CharField(max_length=200, blank=True, default="")
    headline = models.CharField(max_length=300, blank=True, default="")
    body = models.TextField(blank=True, default="")
    parts = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    # Null, not "": many messages have none yet and the constraint is on those that have.
    provider_id = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="messaging_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="messaging_delivery_due",
            ),
            models.Index(
                fields=["-settled_at"],
                condition=models.Q(state="failed"),
                name="messaging_delivery_failed",
            ),
        ]
