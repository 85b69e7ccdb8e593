"""Drafts of birth registrations that lack nothing but their paper, for some citizens."""

import sys
from uuid import UUID

from bench.inside import answering
from cuaso.foundation.directory import api as directory
from cuaso.kernel.actors import Actor
from cuaso.services.procedures import api as procedures
from tests.support.answers import BIRTH

PROCEDURE = "1.001193"


def main() -> None:
    count, numbers = int(sys.argv[1]), sys.argv[2:]
    actors = {number: _citizen(number) for number in numbers}
    answering.ready()
    answering.tell(
        {number: [str(_draft(actor)) for _ in range(count)] for number, actor in actors.items()}
    )


def _citizen(number: str) -> Actor:
    person = directory.find_person(number)
    if person is None:
        raise LookupError(number)
    return Actor(kind="citizen", name=person.name, person_id=person.id)


def _draft(actor: Actor) -> UUID:
    id = procedures.start_draft(code=PROCEDURE, actor=actor).id
    own = {
        "requester.full_name": actor.name,
        "requester.relationship": "relative",
    }
    procedures.save_draft(id=id, values={**BIRTH, **own}, actor=actor)
    return id


main()
