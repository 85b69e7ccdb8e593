"""Answer one question: who is asked about, what about, and what the policies say."""

from typing import Any
from uuid import UUID

from cuaso.capabilities.registries import api as registries
from cuaso.channels.rest.authzen.bodies import Context, Evaluation, Resource, Subject
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import Circumstance, Decision, Stand, Thing
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock
from cuaso.kernel.errors import Invalid, Problem, Refusal
from cuaso.kernel.remembering import once

_REGISTRY = "registries."


def answer(asked: Evaluation) -> dict[str, Any]:
    """Return the answer to one question; raise Refusal for one that cannot be understood."""
    subject, action, resource = asked.subject, asked.action, asked.resource
    if subject is None or action is None or resource is None:
        raise _incomplete(asked)
    context = asked.context or Context()
    circumstance = Circumstance(day=context.day, purpose=context.purpose)
    stands = _stands(subject, circumstance)
    try:
        decision = _decide(stands, action.name, resource, circumstance)
    except Refusal as refusal:
        if refusal.status != 404:  # noqa: PLR2004 not found, in words of HTTP
            raise
        decision = Decision(allowed=False, sentence=str(refusal))
    return _said(decision)


def failed(refusal: Refusal) -> dict[str, Any]:
    """Return how a question among many is answered that could not be understood."""
    error = {"status": refusal.status, "message": str(refusal)}
    return {"decision": False, "context": {"error": error}}


def _decide(
    stands: tuple[Stand, ...], act: str, resource: Resource, asked: Circumstance
) -> Decision:
    if resource.type.startswith(_REGISTRY):
        key = resource.type.removeprefix(_REGISTRY)
        actors = [stand.actor for stand in stands]
        return registries.decision(
            registry=key, id=resource.id, actors=actors, act=act, asked=asked
        )
    said = resource.properties
    thing = Thing(
        kind=resource.type,
        key=resource.id,
        agency_id=said.agency_id,
        owner_id=said.owner_id,
        place_code=said.place_code,
        data_class=said.data_class,
        since=said.from_date,
        until=said.until_date,
    )
    return access.evaluate(stands=stands, act=act, thing=thing, asked=asked)


def _said(decision: Decision) -> dict[str, Any]:
    """A grant that is logged lets in only with a purpose: the system must ask for one (7.2)."""
    context: dict[str, Any] = {"reason_user": {"vi": decision.sentence}}
    if decision.grant:
        context["rule"] = decision.grant
    if decision.source:
        context["legal_basis"] = decision.source
    if decision.needs_purpose:
        context["obligations"] = ["record_purpose"]
    return {"decision": decision.allowed, "context": context}


def _stands(subject: Subject, asked: Circumstance) -> tuple[Stand, ...]:
    key = ("authzen.stands", subject.type, subject.id, asked.day)
    return once(key, lambda: _find_stands(subject, asked))


def _find_stands(subject: Subject, asked: Circumstance) -> tuple[Stand, ...]:
    moment = None if asked.day in (None, clock.today()) else access.noon(asked.day)
    id = _uuid(subject.id)
    if subject.type == "post":
        return access.stand_of_post(id, moment)
    if subject.type == "person":
        return access.stands_of(id, moment)
    if subject.type == "user":
        facts = identity.accounts([id]).get(id)
        usable = facts is not None and (facts.active or moment is not None)
        return access.stands_of(facts.person_id, moment) if facts and usable else ()
    raise _unfit("subject.type", "Loại chủ thể là post, person hoặc user.")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise _unfit("subject.id", "Mã của chủ thể phải là một UUID.") from error


def _incomplete(asked: Evaluation) -> Invalid:
    wanted = {"subject": asked.subject, "action": asked.action, "resource": asked.resource}
    missing = tuple(
        Problem(field=name, say="Thiếu mục này.") for name, given in wanted.items() if given is None
    )
    return Invalid(
        code="authzen.incomplete",
        what="Câu hỏi chưa đủ.",
        mend="Hãy nêu subject, action và resource.",
        problems=missing,
        status=400,
    )


def _unfit(field: str, say: str) -> Invalid:
    return Invalid(
        code="authzen.unfit",
        what="Câu hỏi chưa đúng.",
        why=say,
        mend="Hãy sửa chỗ được nêu.",
        problems=(Problem(field=field, say=say),),
        status=400,
    )
