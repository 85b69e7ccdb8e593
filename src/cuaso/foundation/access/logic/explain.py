"""Why somebody can, or on a past day could, do something with a record: in sentences."""

from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from cuaso.foundation.access.contracts import (
    Circumstance,
    Decision,
    Explanation,
    Policy,
    Stand,
    Thing,
)
from cuaso.foundation.access.logic.decide import cite, decide, why
from cuaso.foundation.access.logic.evaluate import named
from cuaso.foundation.access.logic.standing import noon, stands_of
from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.subjects import Subject

ASKERS = frozenset({"auditor", "admin"})
ACTS = {"view": "xem", "work": "xử lý", "change": "sửa", "approve": "phê duyệt"}


def explain_thing(
    *, person_id: UUID, thing: Thing, actor: Actor, act: str = "view", on: date | None = None
) -> Explanation:
    """Explain for a row of a declared policy, as `explain` does; raise NotFound for none."""
    require_asker(actor)
    policy, record = named(thing)
    return explain(
        person_id=person_id,
        record=record,
        policy_of=lambda _: policy,
        subject=Subject(kind=f"access.{thing.kind}"[:60], id=_id(record)),
        actor=actor,
        act=act,
        on=on,
    )


def explain(
    *,
    person_id: UUID,
    record: Model,
    policy_of: Callable[[Actor], Policy],
    subject: Subject,
    actor: Actor,
    act: str = "view",
    on: date | None = None,
    purpose: str = "",
) -> Explanation:
    """Say whether a person may, or on a past day could, do the act on a record, and why.

    Asked of the posts that the person held and the rules in force at that day's noon (now, for
    today). Only auditors and administrators ask; that they asked is written down.
    """
    require_asker(actor)
    moment = clock.now() if on in (None, clock.today()) else noon(on)
    asked = Circumstance(day=clock.legal_date(moment), purpose=purpose)
    person = directory.person(person_id)
    found = [
        (stand, _decided(stand, act, record, policy_of(stand.actor), asked))
        for stand in stands_of(person_id, moment)
    ]
    allowed = any(decision.allowed for _, decision in found)
    with transaction.atomic():
        audit.record(
            actor=actor,
            act="access.why_asked",
            subject=subject,
            content={
                "person": str(person_id),
                "act": act,
                "day": str(asked.day),
                "allowed": allowed,
            },
        )
    told = _Telling(person.name, act, asked)
    return Explanation(
        allowed=allowed,
        sentences=tuple(told.sentences(found)),
        details=tuple(
            line
            for stand, _ in found
            for line in why(
                actor=stand.actor,
                act=act,
                record=record,
                policy=policy_of(stand.actor),
                asked=asked,
            )[1:]
        ),
    )


def require_asker(actor: Actor) -> None:
    """Raise NotAllowed unless the actor audits or administers."""
    if actor.kind != "official" or not actor.roles & ASKERS:
        raise NotAllowed(
            code="access.why_for_auditors",
            what="Chưa có quyền tra cứu quyền của người khác.",
            why="Chỉ người kiểm tra, thanh tra hoặc quản trị viên được tra cứu.",
            mend="Hãy đề nghị quản trị viên của cơ quan tra cứu.",
        )


class _Telling:
    """The sentences about one person on one day."""

    def __init__(self, name: str, act: str, asked: Circumstance) -> None:
        today = asked.day == clock.today()
        self._when = f"{'Hôm nay' if today else 'Ngày'} {asked.day:%d/%m/%Y}"
        self._name, self._act = name, ACTS.get(act, act)

    def sentences(self, found: list[tuple[Stand, Decision]]) -> Iterator[str]:
        """Yield why, for each stand that let in; else why not, for each that did not."""
        letting = [one for one in found if one[1].allowed]
        if not found:
            yield (
                f"{self._when}, {self._name} không {self._act} được: người này không giữ chức danh "
                "nào và không có quyền có thời hạn nào."
            )
        for stand, decision in letting or found:
            can = "được" if decision.allowed else "không được"
            rule = f"theo quy định “{decision.grant}”: " if decision.grant else ""
            yield (
                f"{self._when}, {self._name} {can} {self._act} với chức danh {stand.title}, "
                f"{stand.agency} ({stand.term}), {rule}{cite(decision.sentence, decision.source)}"
                f"{self._aside(stand, decision)}"
            )

    def _aside(self, stand: Stand, decision: Decision) -> str:
        purpose = " Mỗi lượt xem phải nêu mục đích." if decision.needs_purpose else ""
        if stand.lease is None:
            return purpose
        by = "tự lấy trong trường hợp khẩn cấp" if stand.lease.emergency else ""
        given = by or f"do {stand.lease.decided_by} cấp"
        return f" Quyền này {given}, lý do: {stand.lease.reason}.{purpose}"


def _decided(
    stand: Stand, act: str, record: Model, policy: Policy, asked: Circumstance
) -> Decision:
    return decide(actor=stand.actor, act=act, record=record, policy=policy, asked=asked)


def _id(record: Model) -> UUID:
    return record.pk if isinstance(record.pk, UUID) else UUID(int=0)
