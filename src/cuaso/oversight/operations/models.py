"""What the house knows about its own running."""

from django.db import models


class Heartbeat(models.Model):
    process = models.TextField(primary_key=True)
    beaten_at = models.DateTimeField()

    class Meta:
        db_table = "operations_heartbeat"

    def __str__(self) -> str:
        return self.process


class Stamp(models.Model):
    """What was done to this database, and the content hash with which it was done."""

    name = models.TextField(primary_key=True)
    fingerprint = models.TextField()
    done_at = models.DateTimeField()

    class Meta:
        db_table = "operations_stamp"

    def __str__(self) -> str:
        return self.name
