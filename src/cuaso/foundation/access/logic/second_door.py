"""Compile a policy to PostgreSQL's row-level security, for who reads by SQL and not by us.

What the reader may see stands in a row of `access_door`, which the app writes when it opens a door
(`open_door`). The reader shows the door's secret (`set cuaso.door = '…'`); without one, or with a
wrong, ended or past one, every condition is unknown and no row is seen. Values of the door stand in
`(select …)`, so that they are asked for once a statement and not once a row. Questions about other
tables become functions of the tables' owner that return keys: the reader needs no right on those
tables, and again they are asked once.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import connection, models
from django.db.models import Model
from psycopg import sql

from cuaso.foundation.access.contracts import (
    EVERY_ACT,
    ActorHas,
    ActorValue,
    AllOf,
    Always,
    AnyOf,
    Condition,
    Equals,
    Exists,
    Filled,
    Grant,
    Linked,
    Negate,
    OneOf,
    Policy,
    Within,
)
from cuaso.foundation.access.logic.cedar import SETS, far_model
from cuaso.foundation.access.logic.paths import field_at

READER: Final = "cuaso_reader"
APP: Final = "cuaso_app"
_NAME: Final = 40
_DAY: Final = "(select access_door_day())"


class Guard:
    """The statements that guard one table by one policy, for one act."""

    def __init__(self, policy: Policy, *, act: str = "view", role: str = READER) -> None:
        self._policy, self._act, self._role = policy, act, role
        self._table = table_of(policy.model)
        self._functions: list[str] = []

    def statements(self) -> tuple[str, ...]:
        """Return what the tables' owner runs, in order; again and again with the same end."""
        using = self.expression()
        table, role = _name(self._table), _name(self._role)
        policy, functions = _name(f"{self._table[:_NAME]}_seen"), list(self._functions)
        return (
            f"alter table {table} enable row level security",
            f"drop policy if exists {policy} on {table}",
            *functions,
            f"create policy {policy} on {table} for select to {role} using ({using})",
        )

    def expression(self) -> str:
        """Return the condition on a row, in SQL; the functions that it calls are kept beside."""
        self._functions.clear()
        granted = self._any(self._policy.grants)
        denied = self._any(self._policy.denials)
        return f"({granted}) and not coalesce(({denied}), false)"

    def _any(self, grants: Sequence[Grant]) -> str:
        speaking = [one for one in grants if one.acts == EVERY_ACT or self._act in one.acts]
        return " or ".join(["false", *(self._grant(one) for one in speaking)])

    def _grant(self, grant: Grant) -> str:
        asked = (_texts(grant.capacities), _texts(grant.roles), _texts(grant.purposes))
        term = (_day(grant.since), _day(grant.until))
        fits = f"(select access_door_fits({', '.join((*asked, *term))}))"
        return f"({fits} and {self._said(grant.where, self._policy.model, self._table)})"

    def _said(self, condition: Condition, model: type[Model], row: str) -> str:
        match condition:
            case AllOf():
                parts = [self._said(part, model, row) for part in condition.parts]
                return "(" + " and ".join(["true", *parts]) + ")"
            case AnyOf():
                parts = [self._said(part, model, row) for part in condition.parts]
                return "(" + " or ".join(["false", *parts]) + ")"
            case Negate():
                return f"(not coalesce({self._said(condition.part, model, row)}, false))"
            case Exists() | Linked():
                return self._some(condition, model, row)
        return self._leaf(condition, model, row)

    def _leaf(
        self,
        condition: Always | Equals | OneOf | Filled | Within | ActorHas,
        model: type[Model],
        row: str,
    ) -> str:
        match condition:
            case Always():
                return "true"
            case ActorHas():
                return _actor_has(condition)
            case Within():
                begun = self._bound(condition.start, "<=", model, row)
                return f"({begun} and {self._bound(condition.end, '>', model, row)})"
        step, _, rest = condition.path.partition("__")
        if rest:
            return self._beyond(step, _moved(condition, rest), model, row)
        return _here(condition, model, row)

    def _bound(self, path: str, operator: str, model: type[Model], row: str) -> str:
        """One end of a period: empty, or on the right side of the door's day."""
        step, _, rest = path.partition("__")
        column = _column(model, step, row)
        if not rest:
            return f"({column} is null or {column} {operator} {_DAY})"
        far: Any = field_at(model, step)
        inner = self._bound(rest, operator, far.related_model, table_of(far.related_model))
        keys = self._keys(far.related_model, far.target_field.column, inner)
        return f"({column} is null or {column} in (select {keys}))"

    def _beyond(self, step: str, condition: Condition, model: type[Model], row: str) -> str:
        """A question about a row one step away: is its key among those for which it holds?"""
        far: Any = field_at(model, step)
        inner = self._said(condition, far.related_model, table_of(far.related_model))
        keys = self._keys(far.related_model, far.target_field.column, inner)
        return f"({_column(model, step, row)} in (select {keys}))"

    def _some(self, condition: Exists | Linked, model: type[Model], row: str) -> str:
        far = far_model(condition, model)
        inner = self._said(condition.where, far, table_of(far))
        if isinstance(condition, Linked):
            theirs, mine = str(field_at(far, condition.theirs).column), condition.mine
            return f"({_column(model, mine, row)} in (select {self._keys(far, theirs, inner)}))"
        relation: Any = model._meta.get_field(condition.relation)  # noqa: SLF001 Django's own documented door
        keys = (
            self._keys_of_many(relation, model, far, inner)
            if relation.many_to_many
            else self._keys(far, str(relation.remote_field.column), inner)
        )
        return f"({_column(model, 'pk', row)} in (select {keys}))"

    def _keys(self, far: type[Model], column: str, inner: str) -> str:
        table = _name(table_of(far))
        type_of = _type(next(one for one in far._meta.fields if one.column == column))  # noqa: SLF001 Django's own documented door
        body = f"select {table}.{_name(column)} from {table} where {inner}"  # noqa: S608 quoted names
        return self._function(type_of, f"{body} and {table}.{_name(column)} is not null")

    def _keys_of_many(
        self,
        relation: Any,  # noqa: ANN401 either side of a many-to-many
        model: type[Model],
        far: type[Model],
        inner: str,
    ) -> str:
        field = relation if hasattr(relation, "m2m_column_name") else relation.remote_field
        own = field is relation
        mine = field.m2m_column_name() if own else field.m2m_reverse_name()
        theirs = field.m2m_reverse_name() if own else field.m2m_column_name()
        between, table = _name(field.m2m_db_table()), _name(table_of(far))
        target = _column(far, "pk", table_of(far))
        join = f"{table} on {target} = {between}.{_name(theirs)}"
        body = f"select {between}.{_name(mine)} from {between} join {join} where {inner}"  # noqa: S608 quoted names
        return self._function(_type(model._meta.pk), body)  # noqa: SLF001 Django's own documented door

    def _function(self, type_of: str, body: str) -> str:
        name = f"{self._table[:_NAME]}_keys_{len(self._functions) // 2}"
        called = f"{_name(name)}()"
        self._functions.append(f"drop function if exists {called}")
        self._functions.append(
            f"create function {called} returns setof {type_of} language sql stable"
            f" security definer set search_path = public, pg_temp as {_text(body)}"
        )
        return called


def table_of(model: type[Model]) -> str:
    """Return the name of a model's table."""
    return str(model._meta.db_table)  # noqa: SLF001 Django's own documented door


def _moved(condition: Equals | OneOf | Filled, path: str) -> Condition:
    match condition:
        case Equals():
            return Equals(path=path, value=condition.value)
        case OneOf():
            return OneOf(path=path, values=condition.values)
    return Filled(path=path)


def _here(condition: Equals | OneOf | Filled, model: type[Model], row: str) -> str:
    column = _column(model, condition.path, row)
    if isinstance(condition, Filled):
        return f"({column} is not null)"
    field = _target(model, condition.path)
    if isinstance(condition, Equals):
        return _equals(condition, column, field)
    if isinstance(condition.values, ActorValue):
        return f"({column} = any ({_set(condition.values.name, field)}))"
    values = [_constant(one, field) for one in sorted(condition.values, key=str)]
    return f"({column} in ({', '.join(values)}))" if values else "false"


def _equals(condition: Equals, column: str, field: Any) -> str:  # noqa: ANN401 any kind of field
    if isinstance(condition.value, ActorValue):
        one = f"(select access_door_one({_text(condition.value.name)})::{_type(field)})"
        return f"({column} = {one})"
    if condition.value in (None, ""):
        return "false"
    return f"({column} = {_constant(condition.value, field)})"


def _set(name: str, field: Any) -> str:  # noqa: ANN401 any kind of field
    """The inner cast is made once; the outer says to the parser that this is an array."""
    return f"(select access_door_set({_text(name)})::{_type(field)}[])::{_type(field)}[]"


def _actor_has(condition: ActorHas) -> str:
    name, value = _text(condition.name), _text(str(condition.value))
    if condition.name in SETS:
        return f"(select {value} = any (access_door_set({name})))"
    return f"(select access_door_one({name}) = {value})"


def _target(model: type[Model], path: str) -> Any:  # noqa: ANN401 any kind of field
    field: Any = field_at(model, path)
    return field.target_field if field.is_relation else field


def _column(model: type[Model], path: str, row: str) -> str:
    return f"{_name(row)}.{_name(str(field_at(model, path).column))}"


def _type(field: Any) -> str:  # noqa: ANN401 any kind of field
    """Text has no length here: a value that is too long is another value, not a shorter one."""
    if isinstance(field, models.CharField | models.TextField):
        return "text"
    target = field.target_field if field.is_relation else field
    return str(target.rel_db_type(connection))


def _constant(value: object, field: Any) -> str:  # noqa: ANN401 any kind of field
    return f"{_text(str(field.to_python(value)))}::{_type(field)}"


def _texts(values: frozenset[Any]) -> str:
    inner = ", ".join(_text(str(value)) for value in sorted(values))
    return f"array[{inner}]::text[]"


def _day(day: date | None) -> str:
    return "null" if day is None else f"{_text(day.isoformat())}::date"


def _name(name: str) -> str:
    return sql.Identifier(name).as_string(None)


def _text(value: str) -> str:
    return sql.Literal(value).as_string(None)
