"""Rules that other systems have told us: their policy, asked like our own."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, get_args

from django.db import transaction
from django.db.models import Q

from cuaso.foundation.access.contracts import (
    Condition,
    Grant,
    Policy,
    Reach,
    Rule,
    all_of,
    always,
    equals,
    of_actor,
    one_of,
    within,
)
from cuaso.foundation.access.models import OutsideThing, SystemRule
from cuaso.foundation.audit import api as audit
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor, Capacity
from cuaso.kernel.errors import Conflict, Invalid, Problem
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.remembering import once
from cuaso.kernel.subjects import Subject

# A kind's column holds no more.
LONGEST_KIND: Final = 80
_OFFICIAL: Final[frozenset[Capacity]] = frozenset({"official"})
_WHOSE: Final[dict[str, Condition]] = {
    "any": always(),
    "own": equals("agency_id", of_actor("agency_id")),
    "below": one_of("agency_id", of_actor("agency_scope")),
    "place": one_of("place_code", of_actor("place_codes")),
    "self": equals("owner_id", of_actor("person_id")),
}


def keep_rules(*, system: str, kind: str, rules: Iterable[Rule], actor: Actor) -> int:
    """Let a system's rules on one kind of its things be these from today on; return how many.

    What was in force until today stays as it was, for questions about past days. Raises Conflict
    when the kind is another system's, Invalid for a rule that says nothing.
    """
    wanted = list(rules)
    _require(kind, wanted)
    today = clock.today()
    with transaction.atomic():
        here = list(SystemRule.objects.select_for_update().filter(kind=kind))
        if any(row.system != system for row in here):
            raise Conflict(
                code="access.kind_of_another",
                what=f"Loại tài nguyên “{kind}” thuộc một hệ thống khác.",
                mend="Hãy đặt tên loại tài nguyên riêng cho hệ thống này.",
            )
        SystemRule.objects.filter(kind=kind, from_date=today).delete()
        SystemRule.objects.filter(Q(until_date=None) | Q(until_date__gt=today), kind=kind).update(
            until_date=today
        )
        SystemRule.objects.bulk_create(
            _row(system, kind, replace(rule, since=max(rule.since or today, today)))
            for rule in wanted
        )
        audit.record(
            actor=actor,
            act="access.rules_kept",
            subject=Subject(kind="access.rules", id=new_id()),
            content={"system": system, "kind": kind, "rules": [rule.name for rule in wanted]},
        )
    return len(wanted)


def outside_policy(kind: str) -> Policy | None:
    """Return the policy of one kind of another system's things, None for an unknown kind."""
    return once(("access.outside", kind), lambda: _policy(kind))


def _policy(kind: str) -> Policy | None:
    rows = list(SystemRule.objects.filter(kind=kind).order_by("name", "from_date"))
    if not rows:
        return None
    return Policy(
        name=kind,
        model=OutsideThing,
        grants=tuple(_grant(row) for row in rows if not row.denies),
        denials=tuple(_grant(row) for row in rows if row.denies),
    )


def _grant(row: SystemRule) -> Grant:
    classes = [one_of("data_class", row.data_classes)] if row.data_classes else []
    return Grant(
        name=row.name,
        acts=frozenset(row.acts),
        capacities=_OFFICIAL,
        roles=frozenset(row.roles),
        where=all_of(_WHOSE[row.reach], *classes, within("from_date", "until_date")),
        say=row.say,
        source=row.source,
        purposes=frozenset(row.purposes),
        since=row.from_date,
        until=row.until_date,
    )


def _row(system: str, kind: str, rule: Rule) -> SystemRule:
    return SystemRule(
        system=system,
        kind=kind,
        name=rule.name,
        denies=rule.denies,
        acts=sorted(rule.acts),
        roles=sorted(rule.roles),
        reach=rule.reach,
        data_classes=sorted(rule.data_classes),
        purposes=sorted(rule.purposes),
        say=rule.say,
        source=rule.source,
        from_date=rule.since,
        until_date=rule.until,
    )


def _require(kind: str, rules: list[Rule]) -> None:
    fit = kind.strip() and len(kind) <= LONGEST_KIND and kind.isprintable()
    say = f"Hãy đặt tên loại tài nguyên, dài nhất {LONGEST_KIND} ký tự in được."
    problems = [] if fit else [Problem(field="kind", say=say)]
    names = [rule.name for rule in rules]
    for number, rule in enumerate(rules):
        if not rule.name or names.count(rule.name) > 1:
            problems.append(Problem(field=f"rules.{number}.name", say="Tên quy tắc phải riêng."))
        if not rule.acts:
            problems.append(Problem(field=f"rules.{number}.acts", say="Hãy nêu ít nhất một việc."))
        if not rule.say.strip().endswith("."):
            problems.append(Problem(field=f"rules.{number}.say", say="Hãy viết thành một câu."))
        if rule.reach not in get_args(Reach):
            problems.append(Problem(field=f"rules.{number}.reach", say="Phạm vi không có."))
    if problems:
        raise Invalid(
            code="access.rules_unfit",
            what="Chưa nhận được các quy tắc.",
            mend="Hãy sửa từng chỗ được nêu.",
            problems=tuple(problems),
        )
