from datetime import date
from typing import Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models

from cuaso.kernel.identifiers import new_id

ModelT = TypeVar("ModelT", bound=models.Model)


class DatedQuerySet(models.QuerySet[ModelT]):
    def valid_on(self, day: date) -> Self:
        started = models.Q(from_date=None) | models.Q(from_date__lte=day)
        return self.filter(started, models.Q(until_date=None) | models.Q(until_date__gt=day))


class FoundQuerySet(DatedQuerySet[ModelT]):
    def found_by(self, words: tuple[str, ...]) -> Self:
        """Keep rows of which some word begins with each of the folded words."""
        query = SearchQuery(
            " & ".join(f"{word}:*" for word in words), search_type="raw", config="simple"
        )
        return self.annotate(_words=_WORDS).filter(_words=query)


_WORDS = SearchVector("folded", config="simple")


def _validity() -> models.Func:
    return models.Func("from_date", "until_date", RangeBoundary(), function="daterange")


class Dated(models.Model):
    """Valid from `from_date` up to, but without, `until_date`."""

    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)

    class Meta:
        abstract = True


class Place(Dated):
    id = models.UUIDField(primary_key=True)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    full_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    level = models.CharField(max_length=10)
    parent_code = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=300, blank=True)
    unverified = models.BooleanField(default=False)
    folded = models.TextField()
    sort_key = models.TextField()

    objects = FoundQuerySet["Place"].as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="directory_place_code_once_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    (_validity(), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            GinIndex(_WORDS, name="directory_place_words"),
            models.Index(fields=["parent_code", "level"], name="directory_place_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.full_name}"


class PlaceSuccession(models.Model):
    old = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="precessions")
    partial = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    unverified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="directory_place_succeeds_once"),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class Agency(Dated):
    id = models.UUIDField(primary_key=True)
    key = models.SlugField(max_length=80, unique=True)
    code = models.CharField(max_length=30, blank=True)
    code_old_style = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    short_name = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=30)
    level = models.CharField(max_length=10)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    place_code = models.CharField(max_length=20, blank=True)
    seal_name = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    unverified = models.BooleanField(default=False)
    folded = models.TextField()
    sort_key = models.TextField()

    objects = FoundQuerySet["Agency"].as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="directory_agency_code_once_a_day",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (_validity(), RangeOperators.OVERLAPS),
                ],
                condition=~models.Q(code=""),
            ),
        ]
        indexes = [models.Index(fields=["place_code", "kind"], name="directory_agency_place")]

    def __str__(self) -> str:
        return self.name


class AgencySuccession(models.Model):
    old = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="successions")
    new = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="precessions")
    source = models.CharField(max_length=300, blank=True)
    unverified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="directory_agency_succeeds_once"),
        ]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class Unit(Dated):
    id = models.UUIDField(primary_key=True)
    key = models.SlugField(max_length=80, unique=True)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    name = models.CharField(max_length=300)
    unverified = models.BooleanField(default=False)

    objects = DatedQuerySet["Unit"].as_manager()

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    personal_number = models.CharField(max_length=12, blank=True)
    tax_code = models.CharField(max_length=14, blank=True)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=6, blank=True)
    place_code = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=200, blank=True)
    invented = models.BooleanField(default=False)
    folded = models.TextField()
    sort_key = models.TextField()

    objects = FoundQuerySet["Person"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["personal_number"],
                condition=~models.Q(personal_number=""),
                name="directory_person_number_once",
            ),
            models.UniqueConstraint(
                fields=["tax_code"],
                condition=~models.Q(tax_code=""),
                name="directory_tax_code_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["person", "business"]), name="directory_person_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(sex__in=["male", "female", ""]), name="directory_person_sex"
            ),
        ]
        indexes = [GinIndex(_WORDS, name="directory_person_words")]

    def __str__(self) -> str:
        return self.name


class Post(Dated):
    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="posts")
    title = models.CharField(max_length=200)
    roles = ArrayField(models.CharField(max_length=20))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="posts")
    sort_key = models.TextField()

    objects = DatedQuerySet["Post"].as_manager()

    class Meta:
        indexes = [GinIndex(fields=["roles"], name="directory_post_roles")]

    def __str__(self) -> str:
        return self.title


class Tie(Dated):
    """`person` is the guardian of `other`, or represents the business `other`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ties")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tied_by")
    basis = models.CharField(max_length=300)

    objects = DatedQuerySet["Tie"].as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="directory_tie_once_a_day",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("other", RangeOperators.EQUAL),
                    (_validity(), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["guardian", "representative"]),
                name="directory_tie_kind",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("other")), name="directory_tie_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.kind} {self.other}"


class CalendarDay(models.Model):
    """One row a day that differs from the statutory calendar: for all, or for one agency."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    worked = models.BooleanField()
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "agency"],
                nulls_distinct=False,
                name="directory_calendar_day_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reason}"


class WorkingHours(Dated):
    """One row an agency's office hours over a period; `days` are weekdays, Monday is 0."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    morning_from = models.TimeField(null=True)
    morning_to = models.TimeField(null=True)
    afternoon_from = models.TimeField(null=True)
    afternoon_to = models.TimeField(null=True)
    days = ArrayField(models.PositiveSmallIntegerField())

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="directory_hours_once_a_day",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    (_validity(), RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.days}"


class Stamp(models.Model):
    """One row: a value that triggers renew with every change of agencies, places and posts."""

    value = models.UUIDField(default=new_id)

    def __str__(self) -> str:
        return str(self.value)
