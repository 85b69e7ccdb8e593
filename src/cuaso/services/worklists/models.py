"""Rows of the worklists engine."""

from django.db import models

from cuaso.kernel.identifiers import new_id


class SavedView(models.Model):
    """One row a filter of the queue that a post keeps under a title."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post_id = models.UUIDField()
    title = models.CharField(max_length=60)
    view = models.CharField(max_length=20)
    text = models.CharField(max_length=200, blank=True)
    procedure = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post_id", "title"], name="worklists_view_once")
        ]


class Seen(models.Model):
    """One row the version of a dossier that a post saw last."""

    post_id = models.UUIDField()
    dossier_id = models.UUIDField()
    version = models.PositiveIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post_id", "dossier_id"], name="worklists_seen_once")
        ]
