"""Rows of the feedback engine."""

from django.db import models
from django.db.models import Q

from cuaso.kernel.identifiers import new_id


class Rating(models.Model):
    """One row a delivered dossier: that its applicant was asked, and what they said.

    `score`, `attitude`, `time` and `guidance` run from 1 to 5; `score` is NULL until it is rated.
    `late` is how the dossier stood when its result was delivered.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier_id = models.UUIDField(unique=True)
    agency_id = models.UUIDField()
    procedure_code = models.CharField(max_length=20)
    party_id = models.UUIDField()
    late = models.BooleanField()
    asked_at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(null=True)
    attitude = models.PositiveSmallIntegerField(null=True)
    time = models.PositiveSmallIntegerField(null=True)
    guidance = models.PositiveSmallIntegerField(null=True)
    remark = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=1, score__lte=5),
                name="feedback_rating_one_to_five",
            )
        ]
        indexes = [models.Index(fields=["agency_id", "asked_at"], name="feedback_rating_agency")]


class Complaint(models.Model):
    """One row what an applicant complains of, or suggests, about a dossier.

    `agency_id` settles the dossier, `answering_agency_id` answers. `act_entry_id` is the act of
    the ledger that is meant, NULL for the whole dossier.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    text = models.TextField()
    act_entry_id = models.UUIDField(null=True)
    act_say = models.TextField(blank=True)
    party_id = models.UUIDField()
    person_id = models.UUIDField()
    author_name = models.TextField()
    agency_id = models.UUIDField()
    answering_agency_id = models.UUIDField()
    procedure_code = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_steps = models.JSONField(default=list)
    due_source = models.TextField(blank=True)
    due_unverified = models.BooleanField(default=False)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier_id"],
                condition=Q(answered_at=None),
                name="feedback_complaint_one_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["answering_agency_id", "due_at", "id"],
                condition=Q(answered_at=None),
                name="feedback_complaint_open",
            ),
            models.Index(fields=["dossier_id", "made_at"], name="feedback_complaint_dossier"),
        ]


class ConcernedOfficial(models.Model):
    """One row an officer whose act a complaint is about; they do not answer it."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="concerned")
    person_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "person_id"], name="feedback_concerned_once"
            )
        ]
