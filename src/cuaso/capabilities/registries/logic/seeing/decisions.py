"""Decide for another system on a record that it names: on what it is, or what it was on a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from cuaso.capabilities.registries.logic.seeing import records, rights
from cuaso.capabilities.registries.logic.storing import sets
from cuaso.capabilities.registries.logic.storing.building import Built, Row
from cuaso.capabilities.registries.models import Version
from cuaso.declarations.registries import Registry
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import NOW, Circumstance, Decision, Explanation
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor
from cuaso.kernel.errors import NotFound
from cuaso.kernel.remembering import once
from cuaso.kernel.subjects import Subject


def decision(
    *,
    registry: str,
    id: str,
    actors: Sequence[Actor],
    act: str,
    asked: Circumstance = NOW,
) -> Decision:
    """Say whether one of the actors may do the act on a record; raise NotFound for no record."""
    built = sets.built(registry)
    row = _row(built, _uuid(id), asked.day)
    best = Decision(allowed=False, sentence="Người này không giữ chức danh nào vào lúc được hỏi.")
    for actor in actors:
        policy = rights.policy(built, actor, past=isinstance(row, built.past))
        found = access.decide(actor=actor, act=act, record=row, policy=policy, asked=asked)
        if found.allowed and not found.needs_purpose:
            return found
        if found.allowed or not best.allowed:
            best = found
    return best


def why_seen(
    *, registry: str, id: UUID, person_id: UUID, actor: Actor, on: date | None = None
) -> Explanation:
    """Say why a person can, or on a past day could, see a record, as `access.explain` does.

    A past day is answered by what the record was and by the rights that the registry declared then.
    """
    built = _as_declared(registry, on)
    row = _row(built, id, on)
    past = isinstance(row, built.past)
    return access.explain(
        person_id=person_id,
        record=row,
        policy_of=lambda reader: rights.policy(built, reader, past=past),
        subject=Subject(kind="registries.record", id=id),
        actor=actor,
        on=on,
    )


def _as_declared(registry: str, on: date | None) -> Built:
    """Return the registry with the rights that it declared on a day: the version then in force."""
    if on is None or on >= clock.today():
        return sets.built(registry)
    moment = datetime.combine(on, time(12), tzinfo=clock.VIETNAM)
    versions = Version.objects.filter(registry__key=registry, published_at__lte=moment)
    then = versions.order_by("-published_at").first()
    if then is None:
        raise _unknown("Vào ngày đó sổ này chưa được ban hành.")
    older = sets.built(registry, version=then.number)
    declared = older.declared.replace(rights=Registry.load(then.declared).rights)
    return replace(older, declared=declared)


def _row(built: Built, id: UUID, on: date | None) -> Row:
    noon = datetime.combine(on, time(12), tzinfo=clock.VIETNAM) if on else None
    past = noon is not None and on is not None and on < clock.today()
    key = ("registries.decided_on", _named(built), id, on)
    row = once(key, lambda: records.find(built, id, as_of=noon if past else None))
    if row is None:
        raise _unknown("Không tìm thấy bản ghi được hỏi.")
    return row


def _named(built: Built) -> tuple[UUID, int]:
    return built.id, built.version


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _unknown("Không tìm thấy bản ghi được hỏi.") from error


def _unknown(what: str) -> NotFound:
    return NotFound(
        code="registries.no_record_to_decide_on",
        what=what,
        mend="Hãy kiểm tra lại tên sổ, mã bản ghi và ngày.",
    )
