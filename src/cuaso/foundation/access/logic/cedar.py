"""Say a policy in Cedar's language, and rows and actors as Cedar's entities.

Cedar is the other reader of our policies: it is asked in tests whether it allows the rows that the
filter lists, and whoever knows Cedar can read here who may do what.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from django.db.models import Model

from cuaso.foundation.access.contracts import (
    EVERY_ACT,
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
    Grant,
    Linked,
    Negate,
    OneOf,
    Policy,
    Within,
)
from cuaso.foundation.access.logic.conditions import rows_beside
from cuaso.foundation.access.logic.filters import day_of
from cuaso.foundation.access.logic.paths import field_at, related_to_many, value_at
from cuaso.kernel.actors import Actor

SETS: Final = ("roles", "agency_scope", "place_codes")
SINGLES: Final = ("kind", "person_id", "for_id", "party_id", "post_id", "agency_id")
_PRINCIPAL: Final = "principal"


def cedar_text(policy: Policy, *, width: int) -> str:
    """Return the policy as Cedar's text. Cedar has no "some row of": at most `width` rows of each
    relation are asked one by one, as `cedar_row` numbers them.
    """
    permits = (_rule("permit", grant, policy, width) for grant in policy.grants)
    forbids = (_rule("forbid", grant, policy, width) for grant in policy.denials)
    return "\n".join((*permits, *forbids))


def cedar_actor(actor: Actor) -> dict[str, Any]:
    """Return the actor as an entity `Actor::"it"`; an empty value is no attribute."""
    singles = {name: _value(getattr(actor, name)) for name in SINGLES}
    sets = {name: sorted(str(one) for one in getattr(actor, name)) for name in SETS}
    known = {name: value for name, value in singles.items() if value not in (None, "")}
    return {"uid": {"type": "Actor", "id": "it"}, "attrs": known | sets, "parents": []}


def cedar_row(record: Model, policy: Policy) -> dict[str, Any]:
    """Return a record as an entity `Row::"<pk>"` with what the policy reads of it."""
    wheres = [grant.where for grant in (*policy.grants, *policy.denials)]
    return {
        "uid": {"type": "Row", "id": str(record.pk)},
        "attrs": _attributes(record, wheres),
        "parents": [],
    }


def cedar_context(asked: Circumstance) -> dict[str, Any]:
    """Return the circumstance as a request's context."""
    return {"day": day_of(asked).toordinal(), "purpose": asked.purpose}


def _rule(effect: str, grant: Grant, policy: Policy, width: int) -> str:
    parts = [_acts(grant), f"{_list(grant.capacities)}.contains(principal.kind)"]
    if grant.roles:
        parts.append(f"principal.roles.containsAny({_list(grant.roles)})")
    if grant.purposes:
        parts.append(f"{_list(grant.purposes)}.contains(context.purpose)")
    if grant.since is not None:
        parts.append(f"context.day >= {_literal(grant.since)}")
    if grant.until is not None:
        parts.append(f"context.day < {_literal(grant.until)}")
    parts.append(_expression(grant.where, "resource", policy.model, width))
    wanted = " && ".join(parts)
    return f"@id({_literal(grant.name)})\n{effect} (principal, action, resource) when {{{wanted}}};"


def _acts(grant: Grant) -> str:
    if grant.acts == EVERY_ACT:
        return "true"
    return "(" + " || ".join(f"action == Action::{_literal(a)}" for a in sorted(grant.acts)) + ")"


def _expression(condition: Condition, row: str, model: type[Model], width: int) -> str:
    match condition:
        case AllOf():
            parts = [_expression(part, row, model, width) for part in condition.parts]
            return "(" + " && ".join(("true", *parts)) + ")"
        case AnyOf():
            parts = [_expression(part, row, model, width) for part in condition.parts]
            return "(" + " || ".join(("false", *parts)) + ")"
        case Negate():
            return f"!({_expression(condition.part, row, model, width)})"
        case Exists() | Linked():
            return _some(condition, row, model, width)
    return _leaf(condition, row, model)


def _some(condition: Exists | Linked, row: str, model: type[Model], width: int) -> str:
    """Each of the numbered rows beside this one: it is there, and the condition holds for it."""
    far = far_model(condition, model)
    beside = f"{row}[{_literal(_slot(condition))}]"
    each = (
        f"({beside} has {_literal(str(n))}"
        f" && {_expression(condition.where, f'{beside}[{_literal(str(n))}]', far, width)})"
        for n in range(width)
    )
    return "(" + " || ".join(("false", *each)) + ")"


def _leaf(
    condition: Always | Equals | OneOf | Filled | Within | ActorHas, row: str, model: type[Model]
) -> str:
    match condition:
        case Equals():
            return _equals(condition, row, model)
        case OneOf():
            return _one_of(condition, row, model)
        case Filled():
            return _known(row, condition.path)
        case Within():
            return _within(condition, row)
        case ActorHas():
            return _actor_has(condition)
    return "true"


def _within(condition: Within, row: str) -> str:
    start, end = condition.start, condition.end
    begun = f"(!({_known(row, start)}) || {_at(row, start)} <= context.day)"
    return f"({begun} && (!({_known(row, end)}) || context.day < {_at(row, end)}))"


def _actor_has(condition: ActorHas) -> str:
    name, value = condition.name, _literal(str(condition.value))
    if name in SETS:
        return f"principal.{name}.contains({value})"
    return f"({_known(_PRINCIPAL, name)} && {_at(_PRINCIPAL, name)} == {value})"


def _equals(condition: Equals, row: str, model: type[Model]) -> str:
    known = _known(row, condition.path)
    if isinstance(condition.value, ActorValue):
        name = condition.value.name
        same = f"{_at(row, condition.path)} == {_at(_PRINCIPAL, name)}"
        return f"({known} && {_known(_PRINCIPAL, name)} && {same})"
    if condition.value in (None, ""):
        return "false"
    value = _literal(_as_field(condition.value, model, condition.path))
    return f"({known} && {_at(row, condition.path)} == {value})"


def _one_of(condition: OneOf, row: str, model: type[Model]) -> str:
    if isinstance(condition.values, ActorValue):
        held = f"principal.{condition.values.name}"
    elif condition.values:
        held = _list(_as_field(one, model, condition.path) for one in condition.values)
    else:
        return "false"
    return f"({_known(row, condition.path)} && {held}.contains({_at(row, condition.path)}))"


def _as_field(value: object, model: type[Model], path: str) -> object:
    field: Any = field_at(model, path)
    target = field.target_field if field.is_relation else field
    return target.to_python(value)


def _known(entity: str, name: str) -> str:
    return f"{entity} has {_literal(name)}"


def _at(entity: str, name: str) -> str:
    return f"{entity}[{_literal(name)}]"


def _list(values: Iterable[object]) -> str:
    return "[" + ", ".join(sorted(_literal(value) for value in values)) + "]"


def _literal(value: object) -> str:
    said = _value(value)
    return (
        json.dumps(said) if isinstance(said, bool | int) else json.dumps(said, ensure_ascii=False)
    )


def _value(value: object) -> str | int | bool | None:
    """Return what Cedar knows of a value: truth, whole numbers (a day is one) and text."""
    if isinstance(value, date):
        return value.toordinal()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def _attributes(record: Model, conditions: Iterable[Condition]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for condition in conditions:
        for path in _paths(condition):
            value = _value(value_at(record, path))
            found |= {} if value is None else {path: value}
        for related in _relations(condition):
            rows = rows_beside(related, record)
            found[_slot(related)] = {
                str(n): _attributes(row, [related.where]) for n, row in enumerate(rows)
            }
    return found


def _paths(condition: Condition) -> Iterator[str]:
    match condition:
        case Equals() | OneOf() | Filled():
            yield condition.path
        case Within():
            yield from (condition.start, condition.end)
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from _paths(part)
        case Negate():
            yield from _paths(condition.part)


def _relations(condition: Condition) -> Iterator[Exists | Linked]:
    match condition:
        case Exists() | Linked():
            yield condition
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from _relations(part)
        case Negate():
            yield from _relations(condition.part)


def _slot(condition: Exists | Linked) -> str:
    """Return the attribute in which the rows of one relation stand, one for each question."""
    return f"rows of {condition!r}"


def far_model(condition: Exists | Linked, model: type[Model]) -> type[Model]:
    """Return the model at the far end."""
    if isinstance(condition, Linked):
        return condition.model
    return related_to_many(model, condition.relation)
