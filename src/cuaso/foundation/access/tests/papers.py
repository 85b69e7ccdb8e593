"""Tables that exist only here: papers in folders, with notes, and marks linked by a plain id."""

from typing import ClassVar, Self

from django.apps.registry import Apps
from django.db import models

house = Apps(["cuaso.foundation.access.apps.AccessConfig"])


class Row(models.Model):
    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True
        app_label = "access"

    def __str__(self):
        return str(self.pk)


class Folder(Row):
    agency_id = models.UUIDField(null=True)

    class Meta:
        app_label = "access"
        apps = house


class Paper(Row):
    status = models.TextField(null=True)  # noqa: DJ001 the point: NULL must behave
    agency_id = models.UUIDField(null=True)
    owner_id = models.UUIDField()
    folder = models.ForeignKey(Folder, null=True, on_delete=models.CASCADE)
    copies = models.ManyToManyField(Folder, related_name="copied")
    urgent = models.BooleanField(default=False)
    place_code = models.CharField(max_length=10, default="")
    data_class = models.CharField(max_length=20, default="open")
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)

    class Meta:
        app_label = "access"
        apps = house


class Note(Row):
    paper = models.ForeignKey(Paper, related_name="notes", on_delete=models.CASCADE)
    author_id = models.UUIDField(null=True)

    class Meta:
        app_label = "access"
        apps = house


class Mark(Row):
    paper_pk = models.BigIntegerField()
    agency_id = models.UUIDField(null=True)

    class Meta:
        app_label = "access"
        apps = house


TABLES = (Folder, Paper, Note, Mark)
