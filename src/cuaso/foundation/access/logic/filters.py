"""Compile a condition for one actor into SQL: a Q, or True or False where that is all there is."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Model, OuterRef, Q

from cuaso.foundation.access.contracts import (
    NOW,
    ActorHas,
    ActorValue,
    AllOf,
    Always,
    AnyOf,
    Circumstance,
    Condition,
    Equals,
    Exists,
    Filled,
    Linked,
    Negate,
    OneOf,
    Within,
)
from cuaso.foundation.access.logic.paths import field_at, lookup, related_to_many
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

Filter = Q | bool


@models.Field.register_lookup
class EqualsAny(models.Lookup):
    """`field = ANY(array)`: the whole scope is one bound value, however many agencies it has."""

    lookup_name = "equals_any"

    def get_prep_lookup(self) -> list[Any]:
        return [self.lhs.output_field.get_prep_value(value) for value in self.rhs]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:  # noqa: ANN401 Django's
        left, left_params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        array = [field.get_db_prep_value(value, connection, prepared=True) for value in self.rhs]
        return f"{left} = ANY(%s::{field.db_type(connection)}[])", [*left_params, array]


def compile_filter(
    condition: Condition, *, actor: Actor, model: type[Model], asked: Circumstance = NOW
) -> Filter:
    """Return the filter of the rows of `model` for which the condition holds."""
    match condition:
        case Always():
            return True
        case Equals() | OneOf():
            return _among(condition.path, values_of(condition, actor), model)
        case Filled():
            return Q(**{f"{lookup(model, condition.path)}__isnull": False})
        case Exists() | Linked():
            return _related(condition, actor=actor, model=model, asked=asked)
    return _combined(condition, actor=actor, model=model, asked=asked)


def day_of(asked: Circumstance) -> date:
    """Return the day that a question is about."""
    return asked.day or clock.today()


def has(actor: Actor, condition: ActorHas) -> bool:
    """Say whether the actor's set, or single value, holds the constant."""
    held = getattr(actor, condition.name)
    return condition.value in held if isinstance(held, frozenset) else held == condition.value


def _within(condition: Within, day: date, model: type[Model]) -> Q:
    start, end = lookup(model, condition.start), lookup(model, condition.end)
    begun = Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": day})
    return begun & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))


def _combined(
    condition: AllOf | AnyOf | Negate | Within | ActorHas,
    *,
    actor: Actor,
    model: type[Model],
    asked: Circumstance,
) -> Filter:
    if isinstance(condition, Within):
        return _within(condition, day_of(asked), model)
    if isinstance(condition, ActorHas):
        return has(actor, condition)
    inner = (condition.part,) if isinstance(condition, Negate) else condition.parts
    parts = [compile_filter(part, actor=actor, model=model, asked=asked) for part in inner]
    match condition:
        case AllOf():
            return all_filters(parts)
        case AnyOf():
            return any_filter(parts)
    return opposite(parts[0])


def values_of(condition: Equals | OneOf, actor: Actor) -> list[Any]:
    """Return the values that match; an empty value of the actor matches nothing."""
    if isinstance(condition, Equals):
        given = condition.value
        single = getattr(actor, given.name) if isinstance(given, ActorValue) else given
        return [] if single in (None, "") else [single]
    wanted = condition.values
    return sorted(
        getattr(actor, wanted.name) if isinstance(wanted, ActorValue) else wanted, key=str
    )


def _among(path: str, values: list[Any], model: type[Model]) -> Filter:
    if not values:
        return False
    name = lookup(model, path)
    # The second half keeps NULL out of NOT: an empty field is not the value, rather than unknown.
    known = Q(**{f"{name}__isnull": False}) if _may_be_empty(model, path) else Q()
    if len(values) == 1:
        return Q(**{name: values[0]}) & known
    return Q(**{f"{name}__equals_any": values}) & known


def _may_be_empty(model: type[Model], path: str) -> bool:
    return "__" in path or field_at(model, path).null


def _related(
    condition: Exists | Linked, *, actor: Actor, model: type[Model], asked: Circumstance
) -> Filter:
    if isinstance(condition, Linked):
        far, link = condition.model, {condition.theirs: OuterRef(condition.mine)}
    else:
        far = related_to_many(model, condition.relation)
        relation: Any = model._meta.get_field(condition.relation)  # noqa: SLF001 Django's own documented door
        link = {relation.remote_field.name: OuterRef("pk")}
    inner = compile_filter(condition.where, actor=actor, model=far, asked=asked)
    if inner is False:
        return False
    rows = far._base_manager.filter(**link)  # noqa: SLF001 Django's own documented door
    return Q(models.Exists(rows if inner is True else rows.filter(inner)))


def all_filters(parts: list[Filter]) -> Filter:
    if False in parts:
        return False
    result = Q()
    for part in parts:
        if isinstance(part, Q):
            result &= part
    return result if result else True


def any_filter(parts: list[Filter]) -> Filter:
    if True in parts:
        return True
    result = Q()
    for part in parts:
        if isinstance(part, Q):
            result |= part
    return result if result else False


def opposite(part: Filter) -> Filter:
    return ~part if isinstance(part, Q) else not part
