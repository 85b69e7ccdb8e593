from django.db import models

from cuaso.kernel.identifiers import new_id


class Paper(models.Model):
    """One row a paper kept for its owner. Grain: dossier × kind, those replaced kept beside."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    title = models.TextField()
    file_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    number = models.CharField(max_length=60)
    agency_id = models.UUIDField()
    agency_name = models.TextField()
    dossier_id = models.UUIDField()
    dossier_code = models.CharField(max_length=60)
    issued_date = models.DateField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    legal_value = models.CharField(max_length=20)
    signed_by = models.TextField()
    verify_code = models.CharField(max_length=20, unique=True)
    kept_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.TextField(blank=True)
    replaced_at = models.DateTimeField(null=True)
    replaced_by_number = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier_id", "kind", "owner_id"],
                condition=models.Q(replaced_at=None),
                name="locker_paper_once",
            )
        ]
        indexes = [models.Index(fields=["owner_id", "-kept_at"], name="locker_paper_owner")]


class Share(models.Model):
    """One row a link to a paper. `digest` is the SHA-256 of the link's token."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.TextField()
    until_at = models.DateTimeField()
    made_at = models.DateTimeField()
    opened = models.PositiveIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["paper", "-made_at"], name="locker_share_paper")]


class FailedTry(models.Model):
    """One row a wrong second fact, so that guessing at one link or code stops."""

    target = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["target", "at"], name="locker_failed_try")]
