"""Other records that have something in common with one, as PostgreSQL finds them."""

from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.declarations.noticing import Beside
from cuaso.declarations.registries import RECORD

MOST: Final = 50


def registry_of(built: Built, one: Beside) -> Built:
    """Return the registry that is looked at; a short name is one of the same pack."""
    pack = built.key.partition("/")[0]
    return sets.built(one.registry if "/" in one.registry else f"{pack}/{one.registry}")


def number(built: Built, one: Beside, others: Built, wanted: Q) -> Q:
    """Return the condition that as many other records stand beside a record as is asked."""
    found = matching(built, one, others, wanted)
    if not one.fewer and one.least == 1:
        return Q(Exists(found))
    same = found.order_by().annotate(one=Value(1)).values("one")
    count = Subquery(same.annotate(n=Count("row_id")).values("n"), output_field=IntegerField())
    counted = Coalesce(count, Value(0))
    return Q(LessThan(counted, one.fewer) if one.fewer else GreaterThanOrEqual(counted, one.least))


def matching(built: Built, one: Beside, others: Built, wanted: Q) -> QuerySet[Row]:
    """Return the other records beside the record of the outer query."""
    rows = others.live.objects.filter(wanted)
    if others.id == built.id:
        rows = rows.exclude(row_id=OuterRef("row_id"))
    for theirs, ours in one.same.items():
        rows = rows.filter(_common(others, theirs, built, ours))
    if one.days:
        first, last = (built.column(name).name for name in one.days)
        began, ended = (others.column(name).name for name in one.their_days or one.days)
        rows = rows.filter(**{f"{began}__lte": OuterRef(last), f"{ended}__gte": OuterRef(first)})
    return rows


def _common(others: Built, theirs: str, built: Built, ours: str) -> Any:  # noqa: ANN401 a condition
    """Return the condition that a field of theirs and one of ours have a value in common."""
    if not _in_rows(others, theirs) and not _in_rows(built, ours):
        return Q(**{_column(others, theirs): OuterRef(_column(built, ours))})
    mine = _listed(built, ours, outer=True)
    return Func(
        _listed(others, theirs, outer=False),
        mine,
        template="(%(expressions)s)",
        arg_joiner=" && ",
        output_field=BooleanField(),
    )


def _in_rows(built: Built, path: str) -> bool:
    return path.partition(".")[0] in built.declared.groups


def _column(built: Built, path: str) -> str:
    """Return the column that is compared: of a reference the id, which never changes."""
    if path == RECORD:
        return "row_id"
    column = built.column(path)
    return column.beside[0] if column.kind == "reference" else column.name


def _listed(built: Built, path: str, *, outer: bool) -> Expression:
    """Return the values of a field, or of a field in the rows of a group, as an array of text."""
    named = OuterRef if outer else F
    array = ArrayField(TextField())
    if not _in_rows(built, path):
        text = Cast(named(_column(built, path)), TextField())
        return Func(text, template="array[%(expressions)s]", output_field=array)
    group, _, field = path.partition(".")
    one = built.declared.groups[group].fields[field]
    inner = f'$[*]."{field}"' + ('."id"' if one.to else "")
    return Func(
        named(built.column(group).name),
        Value(inner),
        template="array(select jsonb_array_elements_text("
        "jsonb_path_query_array(coalesce(%(expressions)s::jsonpath)))",
        arg_joiner=", '[]'::jsonb), ",
        output_field=array,
    )


def found(built: Built, id: UUID, one: Beside, others: Built, wanted: Q) -> list[UUID]:
    """Return the ids of the other records beside one record."""
    rows = matching(built, one, others, wanted).order_by()
    ours = built.live.objects.filter(row_id=id).annotate(
        other=ArraySubquery(rows.values("row_id")[:MOST])
    )
    return list(ours.values_list("other", flat=True).first() or ())
