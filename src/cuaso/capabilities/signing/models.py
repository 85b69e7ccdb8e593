"""Keys, trusted roots, what authorities say of revocation, and papers that must last."""

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


class RevocationAnswer(models.Model):
    """The latest OCSP answer or revocation list of one source, kept until it says it is old."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=4, choices=[("ocsp", "ocsp"), ("crl", "crl")])
    url = models.TextField()
    subject = models.CharField(max_length=64)  # whom it is about; a list: its authority
    issuer_pem = models.TextField()
    content = models.BinaryField()
    this_update_at = models.DateTimeField()
    next_update_at = models.DateTimeField()
    fetched_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)  # an OCSP answer's verdict

    class Meta:
        ordering = ["kind", "url"]
        constraints = [
            models.UniqueConstraint(name="signing_answer_once", fields=["kind", "subject", "url"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.url}"


class LastingPaper(models.Model):
    """A signed file that must be checkable for decades, and its newest form."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file_id = models.UUIDField(unique=True)
    latest_file_id = models.UUIDField()
    level = models.CharField(max_length=5, default="B-T")
    due_at = models.DateTimeField(null=True, db_index=True)  # when it is worked on next
    renew_by_at = models.DateTimeField(null=True)
    algorithms = models.JSONField(default=list)  # of the newest time stamp
    tries = models.PositiveIntegerField(default=0)
    why = models.TextField(blank=True)  # what stood in the way the last time
    asked_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="signing_lasting_level",
                condition=models.Q(level__in=["B-T", "B-LT", "B-LTA"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.level}"


class AlgorithmEnd(models.Model):
    """Until when an algorithm counts as safe, by a text in force: dated data, never code."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=32, unique=True)
    ends_at = models.DateTimeField()
    source = models.TextField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Consent(models.Model):
    """One push to a signer's phone, for one or many documents."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, default="asked")
    content_sha256 = models.CharField(max_length=64)  # of all documents: pushed once at a time
    handle = models.TextField(blank=True)  # the service's name of it
    why = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="signing_consent_once",
                fields=["content_sha256"],
                condition=models.Q(state__in=["asked", "agreed"]),
            ),
            models.CheckConstraint(
                name="signing_consent_state",
                condition=models.Q(
                    state__in=["asked", "agreed", "signed", "refused", "late", "failed"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.state}"


class ConsentItem(models.Model):
    """One document of a consent: the very bytes that its hash was pushed for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    subject = models.TextField()
    reference = models.CharField(max_length=80, blank=True)  # the asker's own name of it
    prepared_file_id = models.UUIDField()
    attributes = models.BinaryField()
    place_start = models.PositiveIntegerField()
    place_end = models.PositiveIntegerField()
    signature = models.BinaryField(null=True)
    signed_file_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["consent", "position"]
        constraints = [
            models.UniqueConstraint(
                name="signing_consent_item_once", fields=["consent", "position"]
            ),
        ]

    def __str__(self) -> str:
        return self.subject
