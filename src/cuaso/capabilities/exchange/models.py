"""Rows of the exchange."""

from django.db import models

from cuaso.kernel.identifiers import new_id


class Evidence(models.Model):
    """A question to a source: who asked, why, by which consent, and the answer's hash."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    source = models.CharField(max_length=40)
    request_id = models.UUIDField(unique=True)
    asked_at = models.DateTimeField()
    answer_sha256 = models.CharField(max_length=64)
    found = models.BooleanField()
    purpose = models.TextField()
    consent_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=80)
    subject_id = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="exchange_evidence_subject"),
        ]


class Pending(models.Model):
    """A wish for a personal number. `child` is emptied once it is answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.CharField(max_length=200, unique=True)
    subject_kind = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    child = models.JSONField()
    child_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, default="waiting")
    made_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True, default="")
    personal_number = models.CharField(max_length=12, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state="waiting"),
                name="exchange_pending_due",
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="exchange_pending_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="given", personal_number__gt="")
                | models.Q(state__in=["waiting", "refused"], personal_number=""),
                name="exchange_pending_number",
            ),
        ]
