"""Rows of data elements, their versions, mappings between code lists, and uses."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models

from cuaso.kernel.identifiers import new_id


def _days() -> models.Func:
    return models.Func("from_date", "until_date", RangeBoundary(), function="daterange")


class ElementQuerySet(models.QuerySet["Element"]):
    def found_by(self, words: tuple[str, ...]) -> Self:
        """Keep elements of which some word begins with each of the folded words."""
        raw = " & ".join(f"{word}:*" for word in words)
        query = SearchQuery(raw, search_type="raw", config="simple")
        return self.annotate(_words=SearchVector("folded", config="simple")).filter(_words=query)


class Element(models.Model):
    """One row a data element: what it means. What it may hold stands in its versions."""

    id = models.UUIDField(primary_key=True, default=new_id)
    key = models.CharField(max_length=121, unique=True)
    pack = models.CharField(max_length=60)
    object_class = models.CharField(max_length=200)
    object_class_en = models.CharField(max_length=200, blank=True)
    property_name = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    definition = models.TextField()
    aliases = models.JSONField(default=list)
    status = models.CharField(max_length=20)
    steward = models.CharField(max_length=200)
    replaced_by = models.CharField(max_length=121, blank=True)
    personal = models.BooleanField(default=False)
    folded = models.TextField()
    sort_key = models.TextField()

    objects = ElementQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(SearchVector("folded", config="simple"), name="dictionary_element_words")
        ]


class ElementVersion(models.Model):
    """One row a value domain from `from_date` up to, but without, `until_date`.

    A published row keeps its domain and its first day for ever: a trigger holds it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    published = models.BooleanField(default=False)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    domain = models.JSONField()
    source = models.CharField(max_length=300)
    unverified = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    drafted_by = models.UUIDField(null=True)
    drafter_name = models.CharField(max_length=200, blank=True)
    drafted_at = models.DateTimeField()
    publisher_name = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["element", "number"], name="dictionary_version_number_once"
            ),
            ExclusionConstraint(
                name="dictionary_version_once_a_day",
                expressions=[
                    ("element", RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(published=True),
            ),
        ]


class MappingQuerySet(models.QuerySet["Mapping"]):
    def valid_on(self, day: date) -> Self:
        started = models.Q(from_date=None) | models.Q(from_date__lte=day)
        return self.filter(started, models.Q(until_date=None) | models.Q(until_date__gt=day))


class Mapping(models.Model):
    """One row what a code of one list is in another, from and until a day."""

    id = models.UUIDField(primary_key=True, default=new_id)
    from_list = models.ForeignKey(
        "dictionary.CodeList", on_delete=models.PROTECT, related_name="mappings_out"
    )
    to_list = models.ForeignKey(
        "dictionary.CodeList", on_delete=models.PROTECT, related_name="mappings_in"
    )
    code = models.CharField(max_length=60)
    target = models.CharField(max_length=60, blank=True)
    relation = models.CharField(max_length=10)
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)
    unverified = models.BooleanField(default=False)

    objects = MappingQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="dictionary_mapping_once_a_day",
                expressions=[
                    ("from_list", RangeOperators.EQUAL),
                    ("to_list", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("target", RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [
            models.Index(fields=["to_list", "target"], name="dictionary_mapping_backward"),
        ]


class Use(models.Model):
    """One row a place that holds an element: a field of a registry, a question of a form.

    `element_key` is "" while nobody has said which element it is.
    """

    source = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    system = models.CharField(max_length=120)
    system_title = models.CharField(max_length=300)
    path = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    element_key = models.CharField(max_length=121, blank=True)
    version = models.PositiveIntegerField(null=True)
    codes = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "system", "path"], name="dictionary_use_once")
        ]
        indexes = [
            models.Index(fields=["element_key"], name="dictionary_use_element"),
            models.Index(fields=["codes"], name="dictionary_use_codes"),
        ]
