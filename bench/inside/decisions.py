"""Decide again and again as the decision point does, and say the processor time of each."""

import time
from collections.abc import Callable
from typing import Any

from django.db import transaction

from bench.inside import answering
from cuaso.channels.rest.authzen.answering import answer
from cuaso.channels.rest.authzen.bodies import Evaluation
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import Reach, Rule
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import system
from cuaso.kernel.remembering import one_moment

KIND = "phep-do:tai-lieu"
WARD = "21583"
REACHES: tuple[Reach, ...] = ("own", "below", "place", "self")
REQUESTS, QUESTIONS, ALONE = 60, 100, 400


def main() -> None:
    with transaction.atomic():
        asked = _questions()
        answering.ready(lambda: _one_request(asked, 1))
        together = [took for _ in range(REQUESTS) for took in _one_request(asked, QUESTIONS)]
        alone = [took for _ in range(ALONE) for took in _one_request(asked, 1)]
        transaction.set_rollback(True)
    answering.tell({"together": together, "alone": alone})


def _one_request(asked: Callable[[int], dict[str, Any]], count: int) -> list[float]:
    """Answer so many questions as one request; return seconds of processor time of each."""
    times = []
    with one_moment():
        for number in range(count):
            began = time.process_time()
            answer(Evaluation.model_validate(asked(number)))
            times.append(time.process_time() - began)
    return times


def _questions() -> Callable[[int], dict[str, Any]]:
    """Declare rules by role, organisation, place, class and purpose; return who asks what."""
    rules = [
        Rule(
            name=f"phep-do-{reach}",
            acts=frozenset({"view"}),
            say="Quy tắc dùng để đo.",
            source="Phép đo",
            reach=reach,
            roles=frozenset({"handler"}),
            data_classes=frozenset({"open"}),
            purposes=frozenset({"settle"}),
        )
        for reach in REACHES
    ]
    access.keep_rules(system="phep-do", kind=KIND, rules=rules, actor=system("Phép đo"))
    committee = directory.competent_agency(WARD, "commune")
    posts = [
        one.post.id
        for role in ("handler", "leader", "clerk")
        for one in directory.holders_below(committee.id, role)
    ]
    said = {"place_code": WARD, "data_class": "open", "agency_id": str(committee.id)}
    return lambda number: {
        "subject": {"type": "post", "id": str(posts[number % len(posts)])},
        "action": {"name": "view"},
        "resource": {"type": KIND, "id": str(number), "properties": said},
        "context": {"purpose": "settle"},
    }


main()
