from dataclasses import fields

from django.db.models import DateField, DateTimeField, Model

from cuaso.foundation.access.contracts import (
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
from cuaso.foundation.access.logic.paths import BadPath, field_at, related_to_many
from cuaso.kernel.actors import Actor

_policies: dict[str, Policy] = {}
_SETS = frozenset({"agency_scope", "place_codes", "roles"})
_SINGLES = frozenset({field.name for field in fields(Actor)} | {"party_id"}) - _SETS


class BadPolicy(Exception):
    """A declared policy cannot work; the house must not start with it."""


def register(policy: Policy) -> Policy:
    """Take in the one policy of a model, checked; return it.

    Raises BadPolicy for a second policy of the same name or model, a path that leads nowhere,
    an unknown value of the actor, a grant without a sentence, or one name twice.
    """
    for known in _policies.values():
        if known.name == policy.name or known.model is policy.model:
            raise BadPolicy(
                f"{policy.name}: {known.name} already decides for {known.model.__name__}"
            )
    check(policy)
    _policies[policy.name] = policy
    return policy


def policies() -> tuple[Policy, ...]:
    """Return every registered policy by name."""
    return tuple(_policies[name] for name in sorted(_policies))


def policy_named(name: str) -> Policy | None:
    """Return a registered policy by its name."""
    return _policies.get(name)


def check(policy: Policy) -> None:
    """Raise BadPolicy with the grant's name and what is wrong with it."""
    seen: set[str] = set()
    for grant in (*policy.grants, *policy.denials):
        problem = _problem(grant, policy, seen)
        if problem:
            raise BadPolicy(f"{policy.name}, {grant.name}: {problem}")
        seen.add(grant.name)


def _problem(grant: Grant, policy: Policy, seen: set[str]) -> str:
    if grant.name in seen:
        return "the name is taken"
    if not grant.acts or not grant.capacities:
        return "it names no act or nobody"
    if not grant.say.strip().endswith("."):
        return "say must be a full sentence"
    try:
        _check_condition(grant.where, policy.model)
    except BadPath as error:
        return str(error)
    return ""


def _check_condition(condition: Condition, model: type[Model]) -> None:
    match condition:
        case AllOf() | AnyOf():
            for part in condition.parts:
                _check_condition(part, model)
        case Negate():
            _check_condition(condition.part, model)
        case Exists():
            _check_condition(condition.where, related_to_many(model, condition.relation))
        case Linked():
            field_at(model, condition.mine)
            field_at(condition.model, condition.theirs)
            _check_condition(condition.where, condition.model)
        case _:
            _check_leaf(condition, model)


def _check_leaf(
    condition: Always | Equals | OneOf | Filled | Within | ActorHas, model: type[Model]
) -> None:
    match condition:
        case Equals():
            field_at(model, condition.path)
            _check_value(condition.value, _SINGLES)
        case OneOf():
            field_at(model, condition.path)
            _check_value(condition.values, _SETS)
        case Filled():
            field_at(model, condition.path)
        case Within():
            _check_day(model, condition.start)
            _check_day(model, condition.end)
        case ActorHas():
            _check_value(ActorValue(name=condition.name), _SETS | _SINGLES)


def _check_day(model: type[Model], path: str) -> None:
    field = field_at(model, path)
    if not isinstance(field, DateField) or isinstance(field, DateTimeField):
        raise BadPath(f"{model.__name__}.{path} is not a day")


def _check_value(value: object, known: frozenset[str]) -> None:
    if isinstance(value, ActorValue) and value.name not in known:
        raise BadPath(
            f"an actor's {value.name} does not fit here: one of {', '.join(sorted(known))}"
        )
