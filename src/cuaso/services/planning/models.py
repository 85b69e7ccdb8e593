"""Rows of the planning engine."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models

from cuaso.kernel.identifiers import new_id

STATES = ("proposed", "approved", "refused", "building", "running", "retired")


def valid_on(day: date) -> models.Q:
    """Return what keeps the rows in force on a day."""
    started = models.Q(from_date=None) | models.Q(from_date__lte=day)
    return started & (models.Q(until_date=None) | models.Q(until_date__gt=day))


def _keys() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=121), default=list)


class Obligation(models.Model):
    """One row a duty: data that a text of law obliges a sector to hold, by the end of a year."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=60, unique=True)
    pack = models.CharField(max_length=60)
    sector = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    elements = _keys()
    steward = models.CharField(max_length=200)
    year = models.PositiveIntegerField()
    year_set = models.BooleanField(default=False)
    source = models.CharField(max_length=300)
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    unverified = models.BooleanField(default=False)


class Holding(models.Model):
    """One row a system that holds elements, as their source or as a copy."""

    id = models.UUIDField(primary_key=True, default=new_id)
    system = models.CharField(max_length=60)
    role = models.CharField(max_length=10)
    pack = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    sector = models.CharField(max_length=60)
    elements = _keys()
    steward = models.CharField(max_length=200)
    shared = models.BooleanField()
    published = models.BooleanField()
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    unverified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "role"], name="planning_holding_once")
        ]


class Application(models.Model):
    """One row an application of an agency, from proposal to retirement."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    agency_id = models.UUIDField()
    approver_id = models.UUIDField()
    state = models.CharField(max_length=10)
    elements = _keys()
    interfaces = ArrayField(models.CharField(max_length=80), default=list)
    level = models.PositiveSmallIntegerField()
    cost_vnd = models.BigIntegerField()
    contract = models.CharField(max_length=200, blank=True)
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    justification = models.TextField(blank=True)
    resembled = models.JSONField(default=list)
    unverified = models.BooleanField(default=False)
    registered_by = models.UUIDField(null=True)
    registrar_name = models.CharField(max_length=200)
    registered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="planning_application_key_once",
                condition=~models.Q(key=""),
            ),
            models.CheckConstraint(
                name="planning_application_state", condition=models.Q(state__in=STATES)
            ),
            models.CheckConstraint(
                name="planning_application_level", condition=models.Q(level__range=(1, 5))
            ),
        ]
        indexes = [models.Index(fields=["state"], name="planning_by_state")]
