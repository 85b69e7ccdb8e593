"""Keys that sign for posts and agencies, and roots that a chain may end in."""

from django.db import models

from cuaso.kernel.identifiers import new_id


class SigningKey(models.Model):
    """A certificate and where its private key lies; the private key is never here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    label = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=6, choices=[("person", "person"), ("agency", "agency")])
    owner_id = models.UUIDField(null=True, db_index=True)
    subject_name = models.TextField()
    organisation = models.TextField(blank=True)
    title = models.TextField(blank=True)
    certificate_pem = models.TextField()
    chain_pem = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, unique=True)
    valid_from_at = models.DateTimeField()
    valid_to_at = models.DateTimeField()
    provider = models.CharField(max_length=16)
    handle = models.CharField(max_length=90)  # the key's name inside its provider
    demonstration = models.BooleanField()
    picture = models.BinaryField(null=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["label"]
        constraints = [
            models.CheckConstraint(
                name="signing_key_valid_period",
                condition=models.Q(valid_to_at__gt=models.F("valid_from_at")),
            ),
            models.CheckConstraint(
                name="signing_key_kind", condition=models.Q(kind__in=["person", "agency"])
            ),
        ]

    def __str__(self) -> str:
        return self.label


class TrustedRoot(models.Model):
    """A root that an administrator has let in; withdrawn, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fingerprint = models.CharField(max_length=64)
    name = models.TextField()
    certificate_pem = models.TextField()
    purpose = models.CharField(max_length=9)
    source = models.TextField()
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                name="signing_root_once",
                fields=["fingerprint"],
                condition=models.Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="signing_root_purpose",
                condition=models.Q(purpose__in=["signature", "timestamp", "both"]),
            ),
        ]

    def __str__(self) -> str:
        return self.name
