"""The decision point: `/access/v1/evaluation(s)`, its rules, and where all of it is described."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from pydantic import BaseModel, ValidationError

from cuaso.channels.rest.authzen import answering
from cuaso.channels.rest.authzen.bodies import Evaluation, Evaluations, Rules
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import Rule
from cuaso.foundation.identity import api as identity
from cuaso.kernel.actors import system
from cuaso.kernel.errors import Invalid, Problem, Refusal

SCOPE: Final = "access"
RULES_SCOPE: Final = "access.rules"
MOST_BYTES: Final = 1_048_576
View = Callable[..., HttpResponse]
Body = TypeVar("Body", bound=BaseModel)


def _for_systems(view: View) -> View:
    """Say refusals in JSON. The house itself gives a request's `X-Request-ID` back (10.1.3)."""

    @wraps(view)
    def guarded(request: HttpRequest, *given: object, **named: object) -> HttpResponse:
        try:
            response = view(request, *given, **named)
        except Refusal as refusal:
            response = _refused(refusal)
        response["Cache-Control"] = "no-store"
        return response

    return csrf_exempt(guarded)


@_for_systems
@require_POST
def evaluation(request: HttpRequest) -> HttpResponse:
    """Answer whether one may do one thing (6)."""
    identity.calling_system(request, scope=SCOPE)
    return _told(answering.answer(_read(request, Evaluation)))


@_for_systems
@require_POST
def evaluations(request: HttpRequest) -> HttpResponse:
    """Answer many questions; what stands above them holds for each that does not say it (7)."""
    identity.calling_system(request, scope=SCOPE)
    asked = _read(request, Evaluations)
    if not asked.evaluations:
        return _told(answering.answer(asked))
    return _told({"evaluations": _answers(asked)})


def _answers(asked: Evaluations) -> list[dict[str, Any]]:
    stop = {"deny_on_first_deny": False, "permit_on_first_permit": True}.get(
        asked.options.evaluations_semantic
    )
    answers = []
    for one in asked.evaluations:
        whole = Evaluation(
            subject=one.subject or asked.subject,
            action=one.action or asked.action,
            resource=one.resource or asked.resource,
            context=one.context or asked.context,
        )
        try:
            answers.append(answering.answer(whole))
        except Refusal as refusal:
            answers.append(answering.failed(refusal))
        if answers[-1]["decision"] is stop:
            break
    return answers


@_for_systems
@require_http_methods(["PUT"])
def rules(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a system's own rules on one kind of its things, in force from today on."""
    caller = identity.calling_system(request, scope=RULES_SCOPE)
    wanted = [
        Rule(
            name=one.name,
            acts=frozenset(one.actions),
            say=one.say,
            source=one.source,
            reach=one.reach,
            roles=frozenset(one.roles),
            data_classes=frozenset(one.data_classes),
            purposes=frozenset(one.purposes),
            denies=one.denies,
            since=one.from_date,
            until=one.until_date,
        )
        for one in _read(request, Rules).rules
    ]
    kept = access.keep_rules(
        system=caller.client_id, kind=kind, rules=wanted, actor=system(caller.client_id)
    )
    return _told({"kind": kind, "rules": kept})


@_for_systems
@require_GET
def configuration(request: HttpRequest) -> HttpResponse:
    """Describe the decision point (9)."""
    here = request.build_absolute_uri("/").rstrip("/")
    return _told(
        {
            "policy_decision_point": here,
            "access_evaluation_endpoint": here + reverse("authzen:evaluation"),
            "access_evaluations_endpoint": here + reverse("authzen:evaluations"),
        }
    )


def _read(request: HttpRequest, kind: type[Body]) -> Body:
    """Read a body; raise Invalid, status 400, for one that is not what is asked for."""
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise _unreadable(Problem(field="", say=f"Thân yêu cầu dài quá {MOST_BYTES} byte."))
    try:
        return kind.model_validate_json(request.body)
    except ValidationError as error:
        raise _unreadable(
            *(
                Problem(field=".".join(str(part) for part in one["loc"]), say=one["msg"])
                for one in error.errors(include_url=False, include_input=False)[:20]
            )
        ) from error


def _unreadable(*problems: Problem) -> Invalid:
    return Invalid(
        code="authzen.unreadable",
        what="Không đọc được câu hỏi.",
        mend="Hãy gửi JSON theo Authorization API 1.0 (AuthZEN).",
        problems=problems,
        status=400,
    )


def _refused(refusal: Refusal) -> HttpResponse:
    said = {
        "error": refusal.code,
        "message": str(refusal),
        "problems": [{"field": one.field, "say": one.say} for one in refusal.problems],
    }
    response = _told(said, status=refusal.status)
    if refusal.status == 401:  # noqa: PLR2004 unauthorised, in words of HTTP
        response["WWW-Authenticate"] = 'Bearer realm="access"'
    return response


def _told(content: dict[str, Any], *, status: int = 200) -> HttpResponse:
    text = json.dumps(content, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/json")
