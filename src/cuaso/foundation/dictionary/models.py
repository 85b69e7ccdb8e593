from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models

from cuaso.foundation.dictionary import element_models  # noqa: F401 Django finds tables here
from cuaso.kernel.identifiers import new_id


class CodeQuerySet(models.QuerySet["Code"]):
    def valid_on(self, day: date) -> Self:
        started = models.Q(from_date=None) | models.Q(from_date__lte=day)
        return self.filter(started, models.Q(until_date=None) | models.Q(until_date__gt=day))

    def found_by(self, words: tuple[str, ...]) -> Self:
        """Keep rows of which some word begins with each of the folded words."""
        query = SearchQuery(
            " & ".join(f"{word}:*" for word in words), search_type="raw", config="simple"
        )
        return self.annotate(_words=SearchVector("folded", config="simple")).filter(_words=query)


class CodeList(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id)
    list_id = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.list_id


class Code(models.Model):
    """Valid from `from_date` up to, but without, `until_date`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code_list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=300)
    label_en = models.CharField(max_length=300, blank=True)
    from_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    position = models.PositiveIntegerField()
    attributes = models.JSONField(default=dict)
    source = models.CharField(max_length=300, blank=True)
    unverified = models.BooleanField(default=False)
    folded = models.TextField()
    sort_key = models.TextField()

    objects = CodeQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="dictionary_code_once_a_day",
                expressions=[
                    ("code_list", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (
                        models.Func(
                            "from_date", "until_date", RangeBoundary(), function="daterange"
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [GinIndex(SearchVector("folded", config="simple"), name="dictionary_code_words")]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class Stamp(models.Model):
    """One row: a value that triggers renew with every change of a code list."""

    value = models.UUIDField(default=new_id)

    def __str__(self) -> str:
        return str(self.value)
