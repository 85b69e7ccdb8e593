"""What the engine keeps of the work on a record: its papers, and its way through a drawing.

`models.py` imports this file, so that Django knows the tables.
"""

from typing import Final

from django.db import models
from django.db.models import Q

from cuaso.kernel.identifiers import new_id

_REGISTRY: Final = "registries.Registry"


class Paper(models.Model):
    """A paper drawn of one record. `data` is what its template was given, so that it is printed
    again the same whatever changed since; `code` stands under its QR.
    """

    class State(models.TextChoices):
        DRAWN = "drawn"
        SIGNING = "signing"
        SIGNED = "signed"
        SEALING = "sealing"
        FILED = "filed"
        REPLACED = "replaced"
        REVOKED = "revoked"

    id = models.UUIDField(primary_key=True, default=new_id)
    registry = models.ForeignKey(_REGISTRY, on_delete=models.PROTECT, related_name="papers")
    record_id = models.UUIDField()
    revision = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    number = models.CharField(max_length=200)
    code = models.CharField(max_length=20, unique=True)
    data = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAWN)
    attempt = models.UUIDField(null=True)
    attempt_at = models.DateTimeField(null=True)
    agency_id = models.UUIDField()
    owner_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    signer = models.CharField(max_length=200, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_file_id = models.UUIDField(null=True)
    issued_date = models.DateField(null=True)
    filed_at = models.DateTimeField(null=True)
    file_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["registry", "record_id", "made_at"], name="registries_paper_of"),
            models.Index(
                fields=["registry", "number"],
                condition=Q(filed_at__isnull=False),
                name="registries_paper_number",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "record_id", "name"],
                condition=Q(state="filed"),
                name="registries_paper_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Course(models.Model):
    """A record on its way through the drawing of the version under which it began."""

    id = models.UUIDField(primary_key=True, default=new_id)
    registry = models.ForeignKey(_REGISTRY, on_delete=models.PROTECT, related_name="courses")
    record_id = models.UUIDField(unique=True)
    instance_id = models.UUIDField(unique=True)
    version = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.record_id)


class Turn(models.Model):
    """A step of a drawing at which a record waits now; `id` is the step's in the workflow engine.
    The row goes when the step is done or taken back.
    """

    id = models.UUIDField(primary_key=True)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="turns")
    registry = models.ForeignKey(_REGISTRY, on_delete=models.PROTECT, related_name="turns")
    record_id = models.UUIDField()
    element = models.CharField(max_length=120)
    lane = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    since_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["registry", "lane", "since_at"], name="registries_turn_of_lane"),
            models.Index(fields=["record_id"], name="registries_turn_of_record"),
        ]

    def __str__(self) -> str:
        return self.title


class StepTaken(models.Model):
    """Which step of status a change was; `lane` is what the drawing calls who took it."""

    change = models.OneToOneField(
        "registries.Change", on_delete=models.PROTECT, primary_key=True, related_name="step"
    )
    move = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    lane = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.title


class Recomputation(models.Model):
    """How far the records of a registry have come since a version computes something otherwise.

    `paths` are the fields (`section.field`) of which the version makes something else than those
    whose records have been looked through before, `ever` those of which any earlier one did. All
    records up to `last` have been `seen`; of those `changed` got a new value, and in `failed` a
    formula gives none: they keep what they had, the first of them are `failing` (id, why). From
    transaction `mark` on it is followed what others still write by earlier versions.
    """

    registry = models.OneToOneField(
        _REGISTRY, on_delete=models.PROTECT, primary_key=True, related_name="recomputation"
    )
    version = models.PositiveIntegerField()
    paths = models.JSONField(default=list)
    ever = models.JSONField(default=list)
    mark = models.BigIntegerField()
    last = models.UUIDField(null=True)
    records = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    failing = models.JSONField(default=list)
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.registry_id} {self.version}"
