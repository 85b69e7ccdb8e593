from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from cuaso.foundation.access.contracts import (
    EVERY_ACT,
    NOW,
    Circumstance,
    Decision,
    Grant,
    Policy,
)
from cuaso.foundation.access.logic.conditions import Read, holds
from cuaso.foundation.access.logic.filters import Filter, any_filter, compile_filter, day_of
from cuaso.foundation.audit import api as audit
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.subjects import Subject

Row = TypeVar("Row", bound=Model)
_CAPACITIES = {
    "citizen": "công dân",
    "business": "doanh nghiệp, tổ chức",
    "guardian": "người giám hộ",
    "official": "cán bộ, công chức",
    "system": "hệ thống",
    "anonymous": "khách chưa đăng nhập",
}


def visible(
    *,
    actor: Actor,
    act: str,
    queryset: QuerySet[Row],
    policy: Policy,
    asked: Circumstance = NOW,
) -> QuerySet[Row]:
    """Return the rows on which the actor may do the act, and no other; no row twice."""
    if not issubclass(queryset.model, policy.model):
        message = f"{policy.name} does not decide for {queryset.model.__name__}"
        raise TypeError(message)
    granted = _any(policy.grants, actor=actor, act=act, policy=policy, asked=asked)
    denied = _any(policy.denials, actor=actor, act=act, policy=policy, asked=asked)
    if granted is False or denied is True:
        return queryset.none()
    rows = queryset if granted is True else queryset.filter(granted)
    return rows if denied is False else rows.exclude(denied)


def _any(
    grants: Sequence[Grant], *, actor: Actor, act: str, policy: Policy, asked: Circumstance
) -> Filter:
    return any_filter(
        [
            compile_filter(grant.where, actor=actor, model=policy.model, asked=asked)
            for grant in grants
            if covers(grant, actor=actor, act=act, asked=asked)
        ]
    )


def covers(grant: Grant, *, actor: Actor, act: str, asked: Circumstance = NOW) -> bool:
    """Say whether the grant speaks of this act by this kind of actor, whatever the record."""
    return _covers_act(grant, act) and not _unfit(grant, actor, asked)


def _covers_act(grant: Grant, act: str) -> bool:
    return grant.acts == EVERY_ACT or act in grant.acts


def _unfit(grant: Grant, actor: Actor, asked: Circumstance) -> str:
    if actor.kind not in grant.capacities:
        return f"đang dùng tư cách {_CAPACITIES[actor.kind]}"
    if grant.roles and not grant.roles & actor.roles:
        return "vị trí công tác hiện tại không có vai trò này"
    if grant.purposes and asked.purpose not in grant.purposes:
        return "mục đích đã nêu không thuộc các mục đích được phép"
    return _out_of_force(grant, asked)


def _out_of_force(grant: Grant, asked: Circumstance) -> str:
    if grant.since is not None and day_of(asked) < grant.since:
        return f"quy định này có hiệu lực từ ngày {grant.since:%d/%m/%Y}"
    if grant.until is not None and day_of(asked) >= grant.until:
        return f"quy định này hết hiệu lực từ ngày {grant.until:%d/%m/%Y}"
    return ""


def decide(
    *,
    actor: Actor,
    act: str,
    record: Model,
    policy: Policy,
    beside: Mapping[str, Sequence[Model]] | None = None,
    asked: Circumstance = NOW,
) -> Decision:
    """Say whether the actor may do the act on this record, and by which grant or denial.

    `needs_purpose` is True when only grants that are logged let the actor in: then go by `look`.
    beside: every row of some relations of the record, by name, where the caller has read them.
    """
    read: Read = {(name, id(record)): list(rows) for name, rows in (beside or {}).items()}
    ask = partial(_fitting, actor=actor, act=act, record=record, read=read, asked=asked)
    for denial in ask(policy.denials):
        return Decision(allowed=False, sentence=denial.say, grant=denial.name, source=denial.source)
    best = _best(ask(policy.grants))
    if best is None:
        say = "Không có quy định nào cho phép làm việc này với tư cách và vị trí hiện tại."
        return Decision(allowed=False, sentence=say)
    return Decision(
        allowed=True,
        sentence=best.say,
        grant=best.name,
        source=best.source,
        needs_purpose=best.logged,
    )


def _best(grants: Iterator[Grant]) -> Grant | None:
    """Return the first grant that logs nothing, else the first; none after it is asked about."""
    first = None
    for grant in grants:
        if not grant.logged:
            return grant
        first = first or grant
    return first


def _fitting(
    grants: Sequence[Grant],
    *,
    actor: Actor,
    act: str,
    record: Model,
    read: Read,
    asked: Circumstance,
) -> Iterator[Grant]:
    for grant in grants:
        if covers(grant, actor=actor, act=act, asked=asked) and holds(
            grant.where, actor=actor, record=record, read=read, asked=asked
        ):
            yield grant


def require(*, actor: Actor, act: str, record: Model, policy: Policy) -> Decision:
    """Return the decision if it is yes; raise NotAllowed with its sentence if it is no."""
    decision = decide(actor=actor, act=act, record=record, policy=policy)
    if decision.allowed:
        return decision
    raise NotAllowed(
        code="access.denied",
        what="Chưa có quyền làm việc này.",
        why=decision.sentence,
        mend="Nếu cho rằng có nhầm lẫn, hãy liên hệ cơ quan đang giải quyết hoặc quản trị viên.",
        data={"act": act, "policy": policy.name, "grant": decision.grant},
    )


def look(
    *,
    actor: Actor,
    record: Model,
    subject: Subject,
    person_id: UUID,
    purpose: str,
    policy: Policy,
    act: str = "view",
    task: str = "",
) -> Decision:
    """Let the actor look at a person's record and write the look down for that person.

    Raises NotAllowed, or Invalid when the purpose is blank; then nothing is written.
    """
    decision = require(actor=actor, act=act, record=record, policy=policy)
    audit.log_look(actor=actor, person_id=person_id, subject=subject, purpose=purpose, task=task)
    return decision


def why(
    *, actor: Actor, act: str, record: Model, policy: Policy, asked: Circumstance = NOW
) -> tuple[str, ...]:
    """Explain the decision: the decision first, then each denial and grant on this act."""
    decision = decide(actor=actor, act=act, record=record, policy=policy, asked=asked)
    first = "Được phép: " if decision.allowed else "Không được phép: "
    told = [(denial, _DENIAL) for denial in policy.denials]
    told += [(grant, _GRANT) for grant in policy.grants]
    return (
        first + cite(decision.sentence, decision.source),
        *(
            _explain(grant, actor=actor, record=record, words=words, asked=asked)
            for grant, words in told
            if _covers_act(grant, act)
        ),
    )


_GRANT = ("Cho phép theo", "Không áp dụng quyền")
_DENIAL = ("Bị cấm theo", "Không vướng điều cấm")


def _explain(
    grant: Grant,
    *,
    actor: Actor,
    record: Model,
    words: tuple[str, str],
    asked: Circumstance,
) -> str:
    name, rule = f"“{grant.name}”", cite(grant.say, grant.source)
    if unfit := _unfit(grant, actor, asked):
        return f"{words[1]} {name}: {unfit}. ({rule})"
    if not holds(grant.where, actor=actor, record=record, asked=asked):
        return f"{words[1]} {name}: bản ghi này không thuộc trường hợp đó. ({rule})"
    logged = " Mỗi lượt xem được ghi lại kèm mục đích." if grant.logged else ""
    return f"{words[0]} {name}: {rule}{logged}"


def cite(say: str, source: str) -> str:
    """Return a rule's sentence with its article of law."""
    return f"{say} Căn cứ: {source}." if source else say
