from django.db import models

from cuaso.kernel.identifiers import new_id


class StoredFile(models.Model):
    """A name and an owner for content; several rows may share the content of one hash."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    media_type = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.TextField()
    say = models.TextField(default="")
    owner_id = models.UUIDField(null=True)
    made_by_house = models.BooleanField(default=False)
    stored_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "files_file"
        indexes = [
            models.Index(fields=["sha256"], name="files_file_content"),
            models.Index(
                fields=["stored_at"],
                condition=models.Q(state__in=["pending", "unscanned"]),
                name="files_file_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["pending", "clean", "infected", "unscannable", "unscanned"]
                ),
                name="files_file_state",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """A resumable upload. `received` counts the bytes that are safely on disk."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    declared_type = models.TextField()
    allowed = models.JSONField()
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    person_id = models.UUIDField(null=True)
    owner_id = models.UUIDField(null=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    file_id = models.UUIDField(null=True)

    class Meta:
        db_table = "files_upload"
        indexes = [
            models.Index(fields=["expires_at"], name="files_upload_expiry"),
            models.Index(fields=["person_id", "expires_at"], name="files_upload_person"),
        ]

    def __str__(self) -> str:
        return self.name
