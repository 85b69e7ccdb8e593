"""Decide on a thing that is named and not held: a row of ours, or another system's thing."""

from collections.abc import Iterable
from functools import partial

from django.core.exceptions import ValidationError
from django.db.models import Model

from cuaso.foundation.access.contracts import NOW, Circumstance, Decision, Policy, Stand, Thing
from cuaso.foundation.access.logic.decide import decide
from cuaso.foundation.access.logic.register import policy_named
from cuaso.foundation.access.logic.rules import outside_policy
from cuaso.foundation.access.models import OutsideThing
from cuaso.kernel.errors import NotFound
from cuaso.kernel.remembering import once


def evaluate(
    *, stands: Iterable[Stand], act: str, thing: Thing, asked: Circumstance = NOW
) -> Decision:
    """Say whether somebody may do the act on a thing from one of their stands.

    The first stand that lets in without a purpose decides, else the first that lets in, else the
    last refusal. Raises NotFound for a kind that nobody has declared, or no such row.
    """
    policy, record = named(thing)
    best = Decision(allowed=False, sentence="Người này không giữ chức danh nào vào lúc được hỏi.")
    for stand in stands:
        decision = decide(actor=stand.actor, act=act, record=record, policy=policy, asked=asked)
        if decision.allowed and not decision.needs_purpose:
            return decision
        if decision.allowed or not best.allowed:
            best = decision
    return best


def named(thing: Thing) -> tuple[Policy, Model]:
    """Return the policy of a thing's kind and the record it decides on; raise NotFound."""
    policy = policy_named(thing.kind)
    if policy is not None:
        key = ("access.named", thing.kind, thing.key)
        return policy, once(key, partial(_row, policy, thing))
    policy = outside_policy(thing.kind)
    if policy is None:
        raise _unknown(f"Không có loại tài nguyên “{thing.kind}”.")
    record = OutsideThing(
        id=thing.key,
        agency_id=thing.agency_id,
        owner_id=thing.owner_id,
        place_code=thing.place_code,
        data_class=thing.data_class,
        from_date=thing.since,
        until_date=thing.until,
    )
    return policy, record


def _row(policy: Policy, thing: Thing) -> Model:
    try:
        row = policy.model._base_manager.filter(pk=thing.key).first()  # noqa: SLF001 Django's own documented door
    except (ValueError, ValidationError):
        row = None
    if row is None:
        raise _unknown("Không tìm thấy tài nguyên được hỏi.")
    return row


def _unknown(what: str) -> NotFound:
    return NotFound(
        code="access.no_thing",
        what=what,
        mend="Hãy kiểm tra lại loại và mã của tài nguyên.",
    )
