"""Columns of the rarer acts: apologies, pauses, stops, transfers, deputies, corrections.

`models.py` imports this file, so that Django knows the tables.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cuaso.kernel.identifiers import new_id

DOSSIER = "procedures.Dossier"


class Apology(models.Model):
    """One row an apology to the applicant. With `due_at` it extends the time limit; without, it
    was said by the house because the dossier is late, which it does once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(DOSSIER, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    sentence = models.TextField()
    was_due_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    said_by = models.TextField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(due_at=None), name="procedures_apology_once"
            )
        ]
        indexes = [models.Index(fields=["dossier", "said_at"], name="procedures_apology_dossier")]


class Pause(models.Model):
    """One row a stretch in which the clock stood on a legal ground, shown by a document."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(DOSSIER, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=60)
    ground_say = models.TextField()
    source = models.TextField()
    document = models.TextField()
    paused_by = models.TextField()
    paused_at = models.DateTimeField()
    resumed_by = models.TextField(blank=True)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(resumed_at=None), name="procedures_pause_open_once"
            )
        ]
        indexes = [models.Index(fields=["dossier", "paused_at"], name="procedures_pause_dossier")]


class CaseChange(models.Model):
    """One row a due moment that was reckoned anew by another declared case of the time limit.

    `was_case` and `to_case` are its sentences, "" for the usual case; both moments are kept.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(DOSSIER, on_delete=models.PROTECT, related_name="+")
    was_case = models.TextField(blank=True)
    to_case = models.TextField(blank=True)
    limit_say = models.TextField()
    reason = models.TextField()
    source = models.TextField()
    was_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["dossier", "changed_at"], name="procedures_case_dossier")]


class Stop(models.Model):
    """One row a dossier that the agency stopped, with the ground and the reason."""

    dossier = models.OneToOneField(
        DOSSIER, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    ground = models.CharField(max_length=60)
    ground_say = models.TextField()
    source = models.TextField()
    reason = models.TextField()
    stopped_by = models.TextField()
    stopped_at = models.DateTimeField()


class Transfer(models.Model):
    """One row a dossier that went to another agency; `handed_back_at` when that one returned it.

    `inherited`: the former agency ended and the latter took it over.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(DOSSIER, on_delete=models.PROTECT, related_name="+")
    from_agency_id = models.UUIDField()
    to_agency_id = models.UUIDField()
    reason = models.TextField()
    moved_by = models.TextField()
    moved_at = models.DateTimeField()
    handed_back_by = models.TextField(blank=True)
    handed_back_at = models.DateTimeField(null=True)
    hand_back_reason = models.TextField(blank=True)
    inherited = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["dossier", "moved_at"], name="procedures_transfer_order")]


class Deputy(models.Model):
    """One row a stretch of days, the last one included, in which one post stands for another.

    `roles`: those of the absent post that the deputy takes over; others wait, or have a deputy of
    their own.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post_id = models.UUIDField()
    deputy_post_id = models.UUIDField()
    roles = ArrayField(models.CharField(max_length=20), default=list)
    from_date = models.DateField()
    until_date = models.DateField()
    reason = models.TextField(blank=True)
    set_by = models.TextField()
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["deputy_post_id", "until_date"],
                condition=Q(ended_at=None),
                name="procedures_deputy_stands",
            ),
            models.Index(fields=["post_id", "until_date"], name="procedures_deputy_absent"),
        ]


class ReplacedResult(models.Model):
    """One row an issued result that is being, or was, corrected by a later one.

    It stays in force until `replaced_at`; `by_number` is the number of what replaced it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(DOSSIER, on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    number = models.CharField(max_length=60)
    number_date = models.DateField(null=True)
    signer = models.TextField()
    signed_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    final_file_id = models.UUIDField()
    verify_code = models.CharField(max_length=20)
    locker_paper_id = models.UUIDField(null=True)
    values = models.JSONField()
    reason = models.TextField()
    opened_by = models.TextField()
    opened_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    by_number = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["dossier", "opened_at"], name="procedures_replaced_dossier")
        ]


class CoApplicant(models.Model):
    """One row a person who applies together with the one who submitted, as the form names them.

    `person_id` is whom the directory knows by the number; NULL until it does. `name_agrees`: the
    name beside the number is theirs, so that a slip in a number opens nothing to a stranger.
    `until_at`: a correction of the form took them out.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    dossier = models.ForeignKey(DOSSIER, on_delete=models.PROTECT, related_name="co_applicants")
    personal_number = models.CharField(max_length=12)
    name = models.TextField()
    person_id = models.UUIDField(null=True)
    name_agrees = models.BooleanField(default=False)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "personal_number"],
                condition=Q(until_at=None),
                name="procedures_co_applicant_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["person_id"],
                condition=Q(until_at=None),
                name="procedures_co_applicant_person",
            ),
            models.Index(
                fields=["personal_number"],
                condition=Q(person_id=None, until_at=None),
                name="procedures_co_applicant_number",
            ),
        ]
