"""One question about many records, prepared once: the twin of `decide`, proven equal by tests."""

from collections.abc import Callable, Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.db.models import Model

from cuaso.foundation.access.contracts import (
    NOW,
    ActorHas,
    AllOf,
    Always,
    AnyOf,
    Circumstance,
    Condition,
    Equals,
    Exists,
    Filled,
    Grant,
    Negate,
    OneOf,
    Policy,
)
from cuaso.foundation.access.logic.conditions import holds
from cuaso.foundation.access.logic.decide import covers
from cuaso.foundation.access.logic.filters import has, values_of
from cuaso.foundation.access.logic.paths import field_at, related_to_many
from cuaso.kernel.actors import Actor

# Rows beside a record, by the name of the relation.
Beside = Mapping[str, Sequence[Any]]
Test = Callable[[Any, Beside], bool]
_NOTHING: Beside = {}
# Above so many values a set is asked faster than each of them.
_FEW = 3


def sieve(*, actor: Actor, act: str, policy: Policy, asked: Circumstance = NOW) -> Test:
    """Return the question whether the actor may do the act, to be asked of many records now.

    A record, and each row beside it, is whatever bears the columns that the policy reads under
    their names (`agency_id`); every relation that it reads must be given beside the record.
    """
    denials = _tests(policy.denials, actor, act, policy.model, asked)
    grants = _tests(policy.grants, actor, act, policy.model, asked)

    granted, denied = _some(grants), _some(denials)

    def allows(record: Any, beside: Beside) -> bool:  # noqa: ANN401 whatever bears the columns
        return granted(record, beside) and not denied(record, beside)

    return allows


def _some(tests: Sequence[Test]) -> Test:
    """Return the question whether one of the tests says yes; lists ask it of each row."""
    if len(tests) == 1:
        return tests[0]

    def some(record: Any, beside: Beside) -> bool:  # noqa: ANN401 see sieve
        for test in tests:  # noqa: SIM110 `any` takes twice as long
            if test(record, beside):
                return True
        return False

    return some


def _every(tests: Sequence[Test]) -> Test:
    """Return the question whether all of the tests say yes."""

    def every(record: Any, beside: Beside) -> bool:  # noqa: ANN401 see sieve
        for test in tests:  # noqa: SIM110 `all` takes twice as long
            if not test(record, beside):
                return False
        return True

    return every


def _tests(
    grants: Sequence[Grant], actor: Actor, act: str, model: type[Model], asked: Circumstance
) -> list[Test]:
    return [
        _test(grant.where, actor, model, asked)
        for grant in grants
        if covers(grant, actor=actor, act=act, asked=asked)
    ]


def _test(condition: Condition, actor: Actor, model: type[Model], asked: Circumstance) -> Test:
    match condition:
        case Always():
            return lambda _record, _beside: True
        case ActorHas():
            answer = has(actor, condition)
            return lambda _record, _beside: answer
        case Equals() | OneOf():
            return _among(condition.path, values_of(condition, actor), model)
        case Filled():
            read = _reader(model, condition.path)
            return lambda record, _beside: read(record) is not None
        case Exists():
            return _exists(condition, actor, model, asked)
    return _combined(condition, actor, model, asked)


def _combined(condition: Any, actor: Actor, model: type[Model], asked: Circumstance) -> Test:  # noqa: ANN401 what _test leaves over
    match condition:
        case Negate():
            inner = _test(condition.part, actor, model, asked)
            return lambda record, beside: not inner(record, beside)
        case AllOf():
            return _every([_test(part, actor, model, asked) for part in condition.parts])
        case AnyOf():
            return _some([_test(part, actor, model, asked) for part in condition.parts])
    # Periods and rows that no relation leads to are rare: asked as `decide` asks.
    return lambda record, _beside: holds(condition, actor=actor, record=record, asked=asked)


def _exists(condition: Exists, actor: Actor, model: type[Model], asked: Circumstance) -> Test:
    relation = condition.relation
    test = _test(condition.where, actor, related_to_many(model, relation), asked)

    def exists(_record: Any, beside: Beside) -> bool:  # noqa: ANN401 see sieve
        for row in beside[relation]:  # noqa: SIM110 `any` takes twice as long
            if test(row, _NOTHING):
                return True
        return False

    return exists


def _among(path: str, values: list[Any], model: type[Model]) -> Test:
    field: Any = field_at(model, path)
    target = field.target_field if field.is_relation else field
    wanted: Collection[Any] = [target.to_python(value) for value in values]
    if not wanted:
        return lambda _record, _beside: False
    if len(wanted) > _FEW:
        wanted = frozenset(wanted)
    read = _reader(model, path)

    def among(record: Any, _beside: Beside) -> bool:  # noqa: ANN401 see sieve
        found = read(record)
        return found is not None and found in wanted

    return among


def _reader(model: type[Model], path: str) -> Callable[[Any], Any]:
    *steps, _last = path.split("__")
    last = attrgetter(field_at(model, path).attname)

    def read(record: Any) -> Any:  # noqa: ANN401 see sieve
        for step in steps:
            record = getattr(record, step)
            if record is None:
                return None
        return last(record)

    return read if steps else last
