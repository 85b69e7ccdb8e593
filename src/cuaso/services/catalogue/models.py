from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from cuaso.kernel.identifiers import new_id


class Import(models.Model):
    """One row a file that changed something; a file that changed nothing leaves no row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.TextField()
    sha256 = models.CharField(max_length=64)
    records = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    read_again = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    imported_by = models.TextField()


class PublishedProcedure(models.Model):
    """One row a procedure, as its latest record calls it: what lists and search need."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    title = models.TextField()
    field = models.TextField(blank=True)
    levels = ArrayField(models.CharField(max_length=40), default=list)
    agency_say = models.TextField(blank=True)
    limit_say = models.TextField(blank=True)
    fee_say = models.TextField(blank=True)
    sort_key = models.CharField(max_length=200)
    folded = models.TextField()
    around = models.TextField()
    words = SearchVectorField(null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["words"], name="catalogue_procedure_words"),
            models.Index(fields=["sort_key", "code"], name="catalogue_procedure_sorted"),
        ]


class Stamp(models.Model):
    """One row: a value that triggers renew with every change of published procedures."""

    value = models.UUIDField(default=new_id)

    def __str__(self) -> str:
        return str(self.value)


class PublishedVersion(models.Model):
    """One row a record as one export gave it. Only its reading may be made again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.ForeignKey(PublishedProcedure, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    decision = models.TextField(blank=True)
    address = models.TextField(blank=True)
    # JSON as text: jsonb would forget the order in which columns and papers are read.
    record = models.TextField()
    sha256 = models.CharField(max_length=64)
    content = models.TextField()
    unread = models.TextField()
    unread_count = models.PositiveIntegerField()
    reader = models.PositiveSmallIntegerField()
    source = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "number"], name="catalogue_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["procedure"],
                condition=Q(superseded_at=None),
                name="catalogue_version_one_stands",
            ),
        ]
        indexes = [
            models.Index(
                fields=["procedure"],
                condition=Q(superseded_at=None) & Q(unread_count__gt=0),
                name="catalogue_version_unread",
            )
        ]
