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


class Phrase(models.Model):
    """One row a text that a post, or an agency for all its posts, keeps under a name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    post_id = models.UUIDField(null=True)
    agency_id = models.UUIDField(null=True)
    name = models.CharField(max_length=80)
    text = models.CharField(max_length=2000)
    act = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="worklists_phrase_of_one",
                condition=models.Q(post_id=None, agency_id__isnull=False)
                | models.Q(post_id__isnull=False, agency_id=None),
            ),
            models.UniqueConstraint(
                fields=["post_id", "name"], name="worklists_phrase_once_a_post"
            ),
            models.UniqueConstraint(
                fields=["agency_id", "name"], name="worklists_phrase_once_an_agency"
            ),
        ]
